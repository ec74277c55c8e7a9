"""What moves change of a case's clock: it stops while the case is suspended and can be extended. Minutes as `geo.clock` counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geo import clock
from geo.calendars import Calendar
from geo.cases import Case, Wish, refuse
from geo.errors import Conflict
from geo.lifecycle import Event
from geo.limits import parse, parse_stages

Values = Mapping[str, Any]


def _suspend(case: Case, wish: Wish, calendar: Calendar) -> Values:
    stopped = {"due_at": None, "asked_limit": None, "reminded_at": None}
    if case.due_at is None:
        return stopped
    left = clock.remaining(case.now, case.due_at, calendar, is_round_the_clock=_is_round_the_clock(case))
    return stopped | {"remaining_minutes": left}


def _resume(case: Case, wish: Wish, calendar: Calendar) -> Values:
    """What was late comes back as late, and its breach is not put on record again."""
    if case.remaining_minutes is None:
        return {}
    whole = _is_round_the_clock(case)
    due = clock.due_from(case.now, case.remaining_minutes, calendar, is_round_the_clock=whole)
    resumed = {"due_at": due.due, "is_provisional": due.provisional, "remaining_minutes": None}
    return resumed | ({"overdue_at": case.now} if case.overdue_at and due.due <= case.now else {})


def _extend(case: Case, wish: Wish, calendar: Calendar) -> Values:
    """By what is granted, else by what was asked for, from the end of the clock so far."""
    granted = wish.limit or case.asked_limit
    if granted is None:
        raise refuse("limit", None, "nobody asked for more time, so say how much")
    if case.due_at is None:
        raise Conflict(f"no clock runs for case {case.id}", id=case.id)
    due = clock.due(case.due_at, parse(granted), calendar)
    extended = {"due_at": due.due, "is_provisional": case.is_provisional or due.provisional, "asked_limit": None}
    return extended | {"reminded_at": None, "escalated_at": None}


def _is_round_the_clock(case: Case) -> bool:
    """Whether its limit, of stages the last, runs by night and on holidays."""
    return case.time_limit is not None and parse_stages(case.time_limit)[-1].is_round_the_clock


CLOCK_EFFECTS: dict[Event, Callable[[Case, Wish, Calendar], Values]] = {
    Event.SUSPEND: _suspend,
    Event.RESUME: _resume,
    Event.EXTEND: _extend,
}
