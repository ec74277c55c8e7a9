"""Who is told of what, and when. Tables and arithmetic; moments are aware, lengths are in the names."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from geo.lifecycle import Event


class Part(StrEnum):
    """What somebody has to do with an event. Who caused it himself is not told of it."""

    NEW_HOLDER = "new_holder"
    HOLDER = "holder"
    FORMER_HOLDER = "former_holder"
    LEAD = "lead"
    """Who received the case first and stays answerable."""
    HANDLER = "handler"
    """Who did the work."""
    DESK = "desk"
    """The desk of the community, of the street where no community is known."""
    ASKED = "asked"
    """Who was asked for help or called to the spot, or did not come."""


TOLD: dict[Event, tuple[Part, ...]] = {
    Event.DISPATCH: (Part.NEW_HOLDER,),
    Event.ASSIGN: (Part.NEW_HOLDER, Part.FORMER_HOLDER),
    Event.HAND_OVER: (Part.NEW_HOLDER, Part.FORMER_HOLDER),
    Event.RETURN: (Part.DESK, Part.LEAD),
    Event.RECLASSIFY: (Part.FORMER_HOLDER,),
    Event.ESCALATE: (Part.NEW_HOLDER, Part.FORMER_HOLDER, Part.LEAD),
    Event.REMIND: (Part.HOLDER, Part.LEAD),
    Event.OVERDUE: (Part.HOLDER, Part.LEAD, Part.DESK),
    Event.FINISH: (Part.NEW_HOLDER, Part.LEAD),
    Event.CHECK: (Part.NEW_HOLDER,),
    Event.REJECT: (Part.NEW_HOLDER, Part.LEAD),
    Event.VERIFY: (Part.HANDLER, Part.LEAD),
    Event.SUSPEND: (Part.HOLDER, Part.LEAD),
    Event.RESUME: (Part.HOLDER, Part.LEAD),
    Event.CLOSE: (Part.FORMER_HOLDER, Part.HANDLER, Part.LEAD),
    Event.REOPEN: (Part.HANDLER, Part.LEAD, Part.DESK),
    Event.RATE: (Part.HANDLER, Part.LEAD),
    Event.ASK_EXTENSION: (Part.DESK,),
    Event.EXTEND: (Part.HOLDER,),
    Event.REFUSE_EXTENSION: (Part.HOLDER,),
    Event.ASK_HELP: (Part.ASKED,),
    Event.HELP: (Part.HOLDER, Part.LEAD),
    Event.WHISTLE: (Part.ASKED, Part.HOLDER, Part.LEAD),
    Event.MISS_CALL: (Part.ASKED, Part.DESK, Part.LEAD),
    Event.LINK: (Part.HOLDER,),
    Event.RECKON: (Part.HOLDER,),
}


class Habits(NamedTuple):
    """When somebody wants to be told. Quiet hours are wall time of the city and may go over midnight."""

    digest_minutes: int = 0
    quiet_from: time | None = None
    quiet_to: time | None = None


def send_at(now: datetime, oldest: datetime, habits: Habits, zone: ZoneInfo) -> datetime:
    """When what has been waiting since `oldest` may be sent: `now`, or later for a digest or quiet hours."""
    earliest = max(now, oldest + timedelta(minutes=habits.digest_minutes))
    return _after_quiet(earliest.astimezone(zone), habits)


def _after_quiet(wall: datetime, habits: Habits) -> datetime:
    begin, end = habits.quiet_from, habits.quiet_to
    if begin is None or end is None or begin == end:
        return wall
    at = wall.time()
    is_quiet = begin <= at < end if begin < end else at >= begin or at < end
    if not is_quiet:
        return wall
    return datetime.combine(wall.date() + timedelta(days=at >= end), end, tzinfo=wall.tzinfo)


class Pace(NamedTuple):
    """How a message that could not be sent is tried again: each pause is twice the one before it, but for some chance."""

    first_s: float = 10.0
    longest_s: float = 3600.0
    attempts: int = 12
    """After so many it has failed for good: some five hours."""
    lease_s: float = 120.0
    """A message that has been on its way for so long is lost with its sender, and sent again."""

    def pause_s(self, attempts: int, chance: float) -> float:
        """Before the next try, after so many; `chance` from 0 to 1 keeps many from coming back at once."""
        doubled = self.first_s * 2.0 ** min(attempts - 1, 30)
        return float(min(self.longest_s, doubled) * (0.75 + chance / 2))
