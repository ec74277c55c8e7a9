"""What happens to a case whose time runs out or that nobody wants, as a table. Moments are aware; hours are working hours.

A limit is watched by thresholds: of all cases with one limit, those are late that were due before `late_before`, and those are
reminded of that are due before `remind_before`. So a look at a million cases is a few looks into an index.

Going up does not restart the clock: what is late stays late, whoever gets it. The desk above has a time of its own, the
*hold*; it is reminded before that ends, and then the case goes up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from geo.calendars import Calendar
from geo.clock import due_from
from geo.errors import BadTime
from geo.lifecycle import AT_WORK, Event, State
from geo.limits import Limit, parse_stages
from geo.routing import DUTY_DESK

LEVELS = ("cell", "community", "street", "district")
TOP = LEVELS[-1]


class Sign(StrEnum):
    """What the sweeper sees; the `because` of the events that it writes."""

    NEARLY_DUE = "nearly_due"
    """Little of its limit, or of the present stage, is left."""
    STAGE_OVER = "stage_over"
    """A stage of its limit went by, and not the last."""
    OVERDUE = "overdue"
    OVERDUE_AT_WORK = "overdue_at_work"
    """It was late while it was being checked, and is back at work."""
    NEARLY_RAISED = "nearly_raised"
    """It is late and soon goes up again."""
    STILL_OVERDUE = "still_overdue"
    """The desk that it went up to has had it for its hold."""
    RETURNED = "returned"
    """Sent back too often since it last went up."""
    REFUSED_BY_ALL = "refused_by_all"
    """Nobody was left to be asked, so that it fell to a desk above its level."""


STEPS: dict[Sign, tuple[Event, ...]] = {
    Sign.NEARLY_DUE: (Event.REMIND,),
    Sign.STAGE_OVER: (Event.OVERDUE,),
    Sign.OVERDUE: (Event.OVERDUE, Event.ESCALATE),
    Sign.OVERDUE_AT_WORK: (Event.ESCALATE,),
    Sign.NEARLY_RAISED: (Event.REMIND,),
    Sign.STILL_OVERDUE: (Event.ESCALATE,),
    Sign.RETURNED: (Event.ESCALATE,),
    Sign.REFUSED_BY_ALL: (Event.ESCALATE,),
}
"""What is written when. A case that is not being worked on (done, being checked) is put on record and stays where it is."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The parameters in force."""

    reminder_share: float
    """Of a limit, of a stage or of a hold: what is left of it when a reminder is sent."""
    hold_hours: float
    """Working hours that a late case stays at a level before it goes up again."""
    returns: int
    """How many returns send a case up."""


class Watch(NamedTuple):
    """One limit and stage: cases due before these moments are to be reminded of, or late."""

    time_limit: str
    stages_late: int
    remind_before: datetime
    late_before: datetime
    stage: str
    """The limit of this stage, as text."""
    is_last: bool

    @property
    def record(self) -> dict[str, Any]:
        """What an event says of the stage; nothing where the limit has only one."""
        is_only = self.is_last and not self.stages_late
        return {} if is_only else {"stage": self.stages_late + 1, "limit": self.stage, "is_last": self.is_last}


def watch(time_limit: str, stages_late: int, now: datetime, calendar: Calendar, share: float) -> Watch:
    """The thresholds at `now` for cases with this limit of which so many stages have gone by.

    A limit that can't be read is not reminded of. Pauses and extensions move all stages that are still to come, because each is
    counted back from the end of the whole.
    """
    try:
        stages = parse_stages(time_limit)
    except BadTime:
        return Watch(time_limit, stages_late, now, now, time_limit, is_last=True)
    at = min(stages_late, len(stages) - 1)
    left, length = _minutes(stages, at, calendar)
    late, remind = (_ahead(now, minutes, stages[-1], calendar) for minutes in (left, left + share * length))
    return Watch(time_limit, stages_late, remind, late, str(stages[at]), at == len(stages) - 1)


def _minutes(stages: tuple[Limit, ...], at: int, calendar: Calendar) -> tuple[float, float]:
    """Of the stage with index `at`: how long after its end the whole limit ends, and how long it is itself."""
    ends = [_length(stage, stages[-1], calendar) for stage in stages]
    return ends[-1] - ends[at], ends[at] - (ends[at - 1] if at else 0)


def _length(stage: Limit, whole: Limit, calendar: Calendar) -> float:
    """Minutes of `stage` on the clock of `whole`: a day round the clock among working days stands for one of them."""
    minutes = stage.minutes(calendar.hours)
    if stage.is_round_the_clock == whole.is_round_the_clock:
        return minutes
    worked, whole_day = calendar.hours.minutes, 24 * 60
    return minutes * (worked / whole_day if stage.is_round_the_clock else whole_day / worked)


def _ahead(now: datetime, minutes: float, limit: Limit, calendar: Calendar) -> datetime:
    return due_from(now, minutes, calendar, is_round_the_clock=limit.is_round_the_clock).due if minutes else now


def held_before(now: datetime, numbers: Numbers, calendar: Calendar) -> tuple[datetime, datetime]:
    """A late case that went up before the first moment goes up again, one before the second is reminded of."""
    minutes = numbers.hold_hours * 60
    shares = (1.0, 1.0 - numbers.reminder_share)
    up, remind = (due_from(now, -minutes * share, calendar).due for share in shares)
    return up, remind


class Ascent(NamedTuple):
    """Where a case goes up to."""

    level: str
    desk: str


def read(case: Mapping[str, Any], numbers: Numbers) -> Sign | None:
    """The sign that a late or returned case shows.

    In: `level`, `state`, `desk_level` (null unless a desk holds it), `is_refused`, `returns_since` (since it last went up),
    `is_late`, `is_first` (it has not gone up since it is late), `is_held` (at its level for the hold), `is_nearly_held`.
    """
    if case["is_refused"] and case["state"] == State.DISPATCHED and _rank(case["desk_level"]) > _rank(case["level"]):
        return Sign.REFUSED_BY_ALL
    if case["returns_since"] >= numbers.returns:
        return Sign.RETURNED
    if not case["is_late"]:
        return None
    if case["is_first"]:
        return Sign.OVERDUE_AT_WORK
    return Sign.STILL_OVERDUE if case["is_held"] else Sign.NEARLY_RAISED if case["is_nearly_held"] else None


def ascend(case: Mapping[str, Any], sign: Sign) -> Ascent | None:
    """To which desk a case with this sign goes up: that of the next level above case and holder which has one; null: it stays.

    In: as `read`, and `desk_code`, `community`, `street`, `district` (codes, null where unknown).
    """
    if Event.ESCALATE not in STEPS[sign] or case["state"] not in AT_WORK or case["level"] == TOP:
        return None
    held_at = _rank(case["desk_level"])
    if sign == Sign.REFUSED_BY_ALL:
        return Ascent(LEVELS[held_at], case["desk_code"])
    rank = max(held_at, _rank(case["level"]))
    found = (Ascent(level, case[level]) for level in LEVELS[rank + 1 :] if case[level])
    return next(found, Ascent(TOP, DUTY_DESK))


def _rank(level: str | None) -> int:
    """Nothing: a cell's; the duty desk, of level city, stands where a district's does."""
    return 0 if level is None else LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1


def write(case: Mapping[str, Any], sign: Sign, ascent: Ascent | None, more: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be written of a case, as `data.sweeps.apply` takes it.

    `more` belongs to the record of the sign (the stage) and, as `path`, to that of going up to the top.
    """
    events = [_detail(case, event, sign, ascent, more) for event in STEPS[sign] if ascent or event != Event.ESCALATE]
    up = ascent._asdict() if ascent else {"level": None, "desk": None}
    return {
        "id": case["id"],
        "seq": case["seq"],
        "sign": sign,
        "level": up["level"],
        "desk_code": up["desk"],
        "events": events,
    }


def _detail(
    case: Mapping[str, Any], event: Event, sign: Sign, ascent: Ascent | None, more: Mapping[str, Any]
) -> dict[str, Any]:
    if event != Event.ESCALATE or ascent is None:
        due = case["due_at"] and case["due_at"].isoformat()
        stage = {name: value for name, value in more.items() if name != "path"}
        return {"event": event, "detail": {"because": sign, "due_at": due} | stage}
    because = Sign.OVERDUE if sign == Sign.OVERDUE_AT_WORK else sign
    levels = {"from_level": case["level"], "to_level": ascent.level, "because": because}
    return {"event": event, "detail": levels | ({"path": more["path"]} if "path" in more else {})}


def path(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who had a case, at which level and for how many minutes, from its events in order.

    In: `event`, `held_by`, `held_minutes`, `at`, `detail`. Out: `level`, `holder`, `minutes`, `until` (ISO); one entry for as
    long as neither holder nor level changed.
    """
    entries: list[dict[str, Any]] = []
    level = LEVELS[0]
    for event in events:
        before, after = _levels(event, level)
        if event["held_by"]:
            _add(entries, before, event)
        level = after
    return entries


def _levels(event: Mapping[str, Any], level: str) -> tuple[str, str]:
    """At which level a case was before an event and is after it. By hand it goes up with `level` as `from` and `to`."""
    if event["event"] != Event.ESCALATE:
        return level, level
    detail = event["detail"] or {}
    by_hand = detail.get("level", {})
    before = detail.get("from_level") or by_hand.get("from") or level
    return before, detail.get("to_level") or by_hand.get("to") or before


def leaving(case: Mapping[str, Any]) -> dict[str, Any]:
    """The event that takes a case from who has it now, for `path`. In: `holder`, `held_minutes`, `now`."""
    held = {"held_by": case["holder"], "held_minutes": case["held_minutes"], "at": case["now"]}
    return held | {"event": Event.ESCALATE, "detail": {"from_level": case["level"]}}


def _add(entries: list[dict[str, Any]], level: str, event: Mapping[str, Any]) -> None:
    minutes, until = event["held_minutes"] or 0.0, event["at"].isoformat()
    if entries and (entries[-1]["level"], entries[-1]["holder"]) == (level, event["held_by"]):
        entries[-1] |= {"minutes": round(entries[-1]["minutes"] + minutes, 2), "until": until}
        return
    entries.append({"level": level, "holder": event["held_by"], "minutes": round(minutes, 2), "until": until})
