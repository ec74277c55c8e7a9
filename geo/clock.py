"""The clock of cases: when a case that starts now is due, and how that was counted. Moments are aware; lengths are minutes.

Working time is counted in the city's wall time, on working days, at working hours; urgent limits run round the clock.
A limit that is used up exactly at the end of an interval is due there, not when the next begins.

A pause: keep `remaining(paused, due, …)` and at the end of it ask `due_from(resumed, those minutes, …)`; of a case that is
late they are negative, and it comes back as late as it was.
An extension is `due(the due so far, limit, …)`. Whole columns are counted by `geo.worktime`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from geo.calendars import Calendar, Kind, Span
from geo.limits import Limit

MINUTE = timedelta(minutes=1)
ROUND_THE_CLOCK = "round_the_clock"
INSTANT = timedelta.resolution
"""What ends at 24:00 belongs to the day that ends, not to the one that begins: its day is that of an instant before."""


@dataclass(frozen=True)
class Step:
    """What one day, or a run of days of one kind that are skipped, adds to the count."""

    day: date
    last_day: date
    kind: str
    """One of `geo.calendars.Kind`, or `round_the_clock`."""
    name: str | None = None
    """Of the holiday that a day belongs to or makes up for."""
    name_en: str | None = None
    begin: datetime | None = None
    """When counting begins; null where nothing is counted. Breaks between `begin` and `end` are not counted."""
    end: datetime | None = None
    minutes: float = 0.0

    def plain(self) -> dict[str, Any]:
        """The step as plain values for JSON."""
        return {
            "day": self.day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "kind": str(self.kind),
            "name": self.name,
            "name_en": self.name_en,
            "from": self.begin and self.begin.isoformat(),
            "to": self.end and self.end.isoformat(),
            "minutes": _whole(self.minutes),
        }


@dataclass(frozen=True)
class Due:
    """When something is due, in the city's time, and how it was counted.

    `provisional`: it depends on a day of a year whose calendar is not loaded, and may change when that is.
    """

    due: datetime
    provisional: bool
    steps: tuple[Step, ...]

    def plain(self) -> dict[str, Any]:
        """The answer as plain values for JSON."""
        return {
            "due": self.due.isoformat(),
            "provisional": self.provisional,
            "steps": [step.plain() for step in self.steps],
        }


def due(start: datetime, limit: Limit, calendar: Calendar) -> Due:
    """When a case that starts at `start` is due. Raises: BadTime when `start` is not aware or beyond all proportion."""
    minutes = limit.minutes(calendar.hours)
    return due_from(start, minutes, calendar, is_round_the_clock=limit.is_round_the_clock)


def due_stages(start: datetime, stages: Sequence[Limit], calendar: Calendar) -> list[Due]:
    """When each stage is due, all counted from `start`; the last is when the whole case is."""
    return [due(start, stage, calendar) for stage in stages]


def due_from(at: datetime, minutes: float, calendar: Calendar, *, is_round_the_clock: bool = False) -> Due:
    """When `minutes` of working time, or of all time, have passed since `at`; `at` itself when none are left.

    Negative minutes lead back to when that time before `at` began, without steps.
    """
    wall, left = calendar.wall(at), timedelta(minutes=minutes)
    if is_round_the_clock:
        return _straight_on(at, left, calendar)
    if left <= timedelta():
        return _back(wall, -left, calendar)
    steps = tuple(_counted(wall, left, calendar))
    ends = steps[-1].end
    assert ends is not None  # the last step is the one that used up what was left
    return Due(ends, _depends_on_unknown(wall, ends, calendar), tuple(_joined(steps)))


def worked(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Working minutes from `start` to `end`; negative when `end` comes first."""
    if end < start:
        return -worked(end, start, calendar)
    begin, stop = calendar.wall(start), calendar.wall(end)
    days = (begin.date() + timedelta(days=n) for n in range((stop.date() - begin.date()).days + 1))
    spans = (span for day in days if calendar.is_working(day) for span in calendar.hours_after(day, begin))
    return sum((max(min(to, stop) - since, timedelta()) for since, to in spans), timedelta()) / MINUTE


def remaining(at: datetime, due: datetime, calendar: Calendar, *, is_round_the_clock: bool = False) -> float:
    """Minutes that are left at `at` until `due`, of working time or of all time; negative when it has passed."""
    return (due - at) / MINUTE if is_round_the_clock else worked(at, due, calendar)


def _straight_on(at: datetime, left: timedelta, calendar: Calendar) -> Due:
    """Counted in UTC, so that a change to summer time makes no hour longer."""
    begin = at.astimezone(calendar.zone)
    end = (at.astimezone(UTC) + left).astimezone(calendar.zone)
    whole = Step(begin.date(), end.date(), ROUND_THE_CLOCK, begin=begin, end=end, minutes=left / MINUTE)
    return Due(end, provisional=False, steps=(whole,) if left > timedelta() else ())


def _back(wall: datetime, ago: timedelta, calendar: Calendar) -> Due:
    """The first moment from which so much working time went by until `wall`: the end of an interval, not the next begin."""
    begins = _counted_back(wall, ago, calendar) if ago else wall
    is_looked_at = bool(calendar.hours_before(wall.date(), wall))
    last = wall.date() - timedelta(days=not is_looked_at)
    is_provisional = bool(ago) and _is_any_unknown((begins - INSTANT).date(), last, calendar)
    return Due(calendar.moment(begins), is_provisional, steps=())


def _counted_back(wall: datetime, ago: timedelta, calendar: Calendar) -> datetime:
    day = wall.date()
    while True:
        for begin, end in reversed(calendar.hours_before(day, wall) if calendar.is_working(day) else []):
            if ago < end - begin:
                return end - ago
            ago -= end - begin
        day -= timedelta(days=1)


def _counted(wall: datetime, left: timedelta, calendar: Calendar) -> Iterator[Step]:
    """One step per day from `wall` on, until nothing is left."""
    day = wall.date()
    while left > timedelta():
        spans = calendar.hours_after(day, wall) if calendar.is_working(day) else []
        used = list(_used(spans, left))
        left -= _length(used)
        yield _step(day, used, calendar)
        day += timedelta(days=1)


def _used(spans: list[Span], left: timedelta) -> Iterator[Span]:
    """The part of `spans`, in their order, that `left` reaches over."""
    for begin, end in spans:
        if left <= timedelta():
            return
        until = min(end, begin + left)
        yield begin, until
        left -= until - begin


def _step(day: date, used: list[Span], calendar: Calendar) -> Step:
    kind, laid_down = calendar.kind(day), calendar.days.get(day)
    named = laid_down if kind in (Kind.HOLIDAY, Kind.MAKE_UP_DAY) else None
    step = Step(day, day, kind, named.name, named.name_en) if named else Step(day, day, kind)
    if not used:
        return step
    begin, end = calendar.moment(used[0][0]), calendar.moment(used[-1][1])
    return replace(step, begin=begin, end=end, minutes=_length(used) / MINUTE)


def _length(spans: list[Span]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def _joined(steps: tuple[Step, ...]) -> Iterator[Step]:
    """`steps`, of which days in a row that are skipped for the same reason make one."""
    for _, run in groupby(steps, key=lambda step: (step.kind, step.name, step.begin)):
        first, *more = run
        yield replace(first, last_day=more[-1].last_day) if more else first


def _depends_on_unknown(wall: datetime, end: datetime, calendar: Calendar) -> bool:
    """Whether a day that was looked at lies in a year that is not loaded; a first day that is over was not looked at."""
    is_over = not calendar.hours_after(wall.date(), wall)
    first = wall.date() + timedelta(days=is_over)
    return _is_any_unknown(first, (end - INSTANT).date(), calendar)


def _is_any_unknown(first: date, last: date, calendar: Calendar) -> bool:
    return any(year not in calendar.loaded_years for year in range(first.year, last.year + 1))


def _whole(minutes: float) -> float:
    """Whole minutes as such; of others two decimals are enough to read."""
    return int(minutes) if minutes == int(minutes) else round(minutes, 2)
