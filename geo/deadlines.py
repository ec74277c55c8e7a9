"""When what is dispatched at one moment is due: each distinct limit is counted once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from geo.calendars import Calendar
from geo.clock import due_stages
from geo.errors import BadTime
from geo.limits import parse_stages


class Deadline(NamedTuple):
    """When, and whether it rests on a year whose calendar is not loaded."""

    due_at: datetime
    is_provisional: bool


@dataclass(frozen=True)
class Deadlines:
    """What is due when, of all that starts at `start`."""

    start: datetime
    calendar: Calendar
    _known: dict[str | None, Deadline | None] = field(default_factory=dict, compare=False)

    def of(self, limit: str | None) -> Deadline | None:
        """The end of the last stage of a limit; null where there is no limit, or one that nobody can read."""
        if limit not in self._known:
            self._known[limit] = self._count(limit)
        return self._known[limit]

    def clock(self, limit: str | None) -> dict[str, Any] | None:
        """The same as an explanation tells it, with the digest of the calendar by which it was counted."""
        found = self.of(limit)
        if found is None:
            return None
        told = {"due_at": found.due_at.isoformat(), "is_provisional": found.is_provisional}
        return told | {"calendar": self.calendar.digest}

    def _count(self, limit: str | None) -> Deadline | None:
        try:
            return _last(self.start, limit, self.calendar) if limit else None
        except BadTime:
            return None


def _last(start: datetime, limit: str, calendar: Calendar) -> Deadline:
    last = due_stages(start, parse_stages(limit), calendar)[-1]
    return Deadline(last.due, last.provisional)
