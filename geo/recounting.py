"""The clock of a case counted again from its events, when a calendar has been loaded since. Moments are aware, lengths minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from geo import clock
from geo.calendars import Calendar
from geo.clock import Due
from geo.lifecycle import Event
from geo.limits import Limit, parse, parse_stages

SAME = timedelta(seconds=1)
"""Moments that differ by less are the same: the moment at which a clock started is not the event's to the microsecond."""


@dataclass(frozen=True)
class Clock:
    """When a case is due; or, while it is suspended, how many minutes are left; neither when no clock runs."""

    due_at: datetime | None = None
    remaining_minutes: float | None = None
    is_provisional: bool = False
    asked: str | None = None
    """The extension that was asked for last."""


Told = Mapping[str, Any]


def recount(events: Iterable[Told], time_limit: str, calendar: Calendar) -> Clock:
    """The clock of a case with this limit. In: `event`, `at`, `detail` of its events in order. Raises: BadTime."""
    whole, counted = parse_stages(time_limit)[-1], Clock()
    for event in events:
        if event["event"] in STEPS:
            counted = STEPS[event["event"]](counted, event, whole, calendar)
    return counted


def _start(before: Clock, event: Told, whole: Limit, calendar: Calendar) -> Clock:
    """The first who gets the case starts the clock; it runs on for all others."""
    is_going = before.due_at is not None or before.remaining_minutes is not None
    return before if is_going else _due(before, clock.due(event["at"], whole, calendar))


def _end(before: Clock, event: Told, whole: Limit, calendar: Calendar) -> Clock:
    return Clock()


def _suspend(before: Clock, event: Told, whole: Limit, calendar: Calendar) -> Clock:
    if before.due_at is None:
        return before
    left = clock.remaining(event["at"], before.due_at, calendar, is_round_the_clock=whole.is_round_the_clock)
    return replace(before, due_at=None, remaining_minutes=left)


def _resume(before: Clock, event: Told, whole: Limit, calendar: Calendar) -> Clock:
    left = before.remaining_minutes
    if left is None:
        return before
    return _due(before, clock.due_from(event["at"], left, calendar, is_round_the_clock=whole.is_round_the_clock))


def _ask(before: Clock, event: Told, whole: Limit, calendar: Calendar) -> Clock:
    return replace(before, asked=event["detail"]["limit"])


def _extend(before: Clock, event: Told, whole: Limit, calendar: Calendar) -> Clock:
    granted = (event["detail"] or {}).get("limit") or before.asked
    return _due(before, clock.due(before.due_at, parse(granted), calendar)) if granted and before.due_at else before


STEPS: dict[str, Callable[[Clock, Told, Limit, Calendar], Clock]] = {
    Event.DISPATCH: _start,
    Event.ASSIGN: _start,
    Event.REOPEN: _end,
    Event.RECLASSIFY: _end,
    Event.SUSPEND: _suspend,
    Event.RESUME: _resume,
    Event.ASK_EXTENSION: _ask,
    Event.EXTEND: _extend,
}
"""What an event does to the clock; others leave it alone."""


def _due(before: Clock, found: Due) -> Clock:
    return Clock(found.due, None, before.is_provisional or found.provisional)


def change(case: Mapping[str, Any], counted: Clock) -> dict[str, Any] | None:
    """What is to be written of a case, as `data.sweeps.recount` takes it; null when it is as it was.

    In: `id`, `seq`, `due_at`, `remaining_minutes`. A case whose clock can't be found in its events is left alone.
    """
    is_running = counted.due_at is not None and case["due_at"] is not None
    is_stopped = counted.remaining_minutes is not None and case["remaining_minutes"] is not None
    if not is_running and not is_stopped:
        return None
    is_moved = is_running and abs(counted.due_at - case["due_at"]) >= SAME  # type: ignore[operator]
    due = counted.due_at if is_moved else case["due_at"]
    if counted.is_provisional and not is_moved:
        return None
    told = {"from": _text(case["due_at"]), "to": _text(due)}
    return {
        "id": case["id"],
        "seq": case["seq"],
        "due_at": _text(due),
        "remaining_minutes": counted.remaining_minutes,
        "is_provisional": counted.is_provisional,
        "is_moved": is_moved,
        "detail": {"because": "calendar_loaded", "due_at": told, "is_provisional": counted.is_provisional},
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
