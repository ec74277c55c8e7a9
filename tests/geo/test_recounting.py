"""A clock counted from events is the one that was counted as they happened, whatever is loaded later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendars import Calendar, Day
from geo.clock import due, due_from, remaining
from geo.limits import Limit
from geo.recounting import Clock, change, recount
from tests.geo.calendars import CITY, HOURS, at, calendars, limits, starts

NOTHING = Calendar(HOURS, CITY)
NEW_YEAR = Calendar(HOURS, CITY, {at("2026-01-01T00:00").date(): Day(False, "元旦", "New Year")})


def event(name: str, moment: datetime, **detail: Any) -> dict[str, Any]:
    return {"event": name, "at": moment, "detail": detail or None}


@given(starts, st.tuples(limits, limits), st.integers(1, 2000), st.integers(1, 5000), calendars())
def test_pauses_and_extensions_are_counted_as_when_they_happened(
    start: datetime, granted: tuple[Limit, Limit], held: int, paused: int, calendar: Calendar
) -> None:
    limit, more = granted
    stopped = start + timedelta(minutes=held)
    resumed = stopped + timedelta(minutes=paused)
    whole = {"is_round_the_clock": limit.is_round_the_clock}
    left = remaining(stopped, due(start, limit, calendar).due, calendar, **whole)
    again = due_from(resumed, left, calendar, **whole)
    extended = due(again.due, more, calendar)
    events = [
        event("dispatch", start),
        event("suspend", stopped),
        event("resume", resumed),
        event("ask_extension", resumed, limit=str(more)),
        event("extend", resumed),
    ]
    assert recount(events[:2], str(limit), calendar).remaining_minutes == left
    assert recount(events[:3], str(limit), calendar).due_at == again.due
    assert recount(events, str(limit), calendar).due_at == extended.due


def test_the_first_dispatch_starts_the_clock_and_a_reopening_starts_it_anew() -> None:
    first, second, third = at("2026-03-02T09:00"), at("2026-03-03T09:00"), at("2026-03-04T09:00")
    events = [event("dispatch", first), event("dispatch", second)]
    assert recount(events, "4wh", NOTHING).due_at == at("2026-03-02T14:00")
    reopened = [*events, event("reopen", second), event("dispatch", third)]
    assert recount(reopened, "4wh", NOTHING).due_at == at("2026-03-04T14:00")
    staged = recount(reopened, "4wh/2wd", NOTHING)
    assert staged == Clock(at("2026-03-05T18:00"), None, is_provisional=True)


@pytest.mark.parametrize(("calendar", "moved"), [(NOTHING, None), (NEW_YEAR, "2026-01-02T11:00:00+08:00")])
def test_a_case_changes_when_its_year_is_loaded(calendar: Calendar, moved: str | None) -> None:
    """Counted on 31 December over New Year's Day, which nobody knew to be a holiday."""
    events = [event("dispatch", at("2025-12-31T17:00"))]
    loaded = Calendar(HOURS, CITY, dict(calendar.days) | {at("2025-10-01T00:00").date(): Day(False)})
    case = {"id": 1, "seq": 3, "due_at": at("2026-01-01T11:00"), "remaining_minutes": None}
    changed = change(case, recount(events, "3wh", loaded))
    assert (changed and changed["due_at"]) == moved
    assert changed is None or not changed["is_provisional"]


def test_a_clock_that_events_do_not_show_is_left_alone() -> None:
    case = {"id": 1, "seq": 3, "due_at": at("2026-01-01T11:00"), "remaining_minutes": None}
    assert change(case, recount([], "3wh", NEW_YEAR)) is None
