"""Calendars: which days are worked, and at what hours. Wall time of the city; hours are minutes after midnight.

A year is loaded when the calendar has rows of it. In a year that is not, Monday to Friday are taken for working days until
somebody knows better.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

from geo.errors import BadTime

INTERVAL = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
ALLOWED = "write intervals in the order of the day that do not overlap, such as 09:00-12:00,13:00-18:00"
MIDNIGHT = 24 * 60
YEARS = range(1900, 2300)
"""Where moments make sense: far enough from the ends of what a date can hold for every limit to be counted."""
Span = tuple[datetime, datetime]
"""From and to, both in wall time."""


@dataclass(frozen=True)
class Hours:
    """The hours that are worked on a working day: intervals from–to, rising, in minutes after midnight."""

    intervals: tuple[tuple[int, int], ...]

    @property
    def minutes(self) -> int:
        """Of one full working day."""
        return sum(end - begin for begin, end in self.intervals)

    def __str__(self) -> str:
        return ",".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in self.intervals)


class Kind(StrEnum):
    """What a day is. `assumed_…`: its year is not loaded."""

    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    ASSUMED_WORKING_DAY = "assumed_working_day"
    ASSUMED_WEEKEND = "assumed_weekend"


@dataclass(frozen=True)
class Day:
    """What is laid down for one day: a holiday, or a weekend day that is worked to make up for one."""

    is_working: bool
    name: str | None = None
    name_en: str | None = None


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working hours, the days laid down otherwise than Monday to Friday, and the city's time zone."""

    hours: Hours
    zone: ZoneInfo
    days: Mapping[date, Day] = field(default_factory=dict)

    @cached_property
    def loaded_years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.days)

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that change when any due time may: with a day, the hours or the zone; not with a name."""
        rows = [f"{day} {laid_down.is_working}" for day, laid_down in sorted(self.days.items())]
        return sha256("\n".join([str(self.hours), str(self.zone), *rows]).encode()).hexdigest()[:16]

    def is_loaded(self, day: date) -> bool:
        return day.year in self.loaded_years

    def is_working(self, day: date) -> bool:
        laid_down = self.days.get(day)
        return laid_down.is_working if laid_down else not _is_weekend(day)

    def kind(self, day: date) -> Kind:
        if not self.is_loaded(day):
            return Kind.ASSUMED_WEEKEND if _is_weekend(day) else Kind.ASSUMED_WORKING_DAY
        if self.is_working(day):
            return Kind.MAKE_UP_DAY if _is_weekend(day) else Kind.WORKING_DAY
        return Kind.HOLIDAY if day in self.days else Kind.WEEKEND

    def hours_after(self, day: date, wall: datetime) -> list[Span]:
        """What would be left of the working hours of `day` after `wall`, were it a working day."""
        midnight = datetime.combine(day, time())
        spans = ((midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in self.hours.intervals)
        return [(max(begin, wall), end) for begin, end in spans if end > wall]

    def hours_before(self, day: date, wall: datetime) -> list[Span]:
        """What would have gone by of the working hours of `day` before `wall`, were it a working day."""
        midnight = datetime.combine(day, time())
        return [(begin, min(end, wall)) for begin, end in self.hours_after(day, midnight) if begin < wall]

    def wall(self, moment: datetime) -> datetime:
        """What the clocks of the city show at an aware `moment`. Raises: BadTime when it is not, or out of all proportion."""
        if moment.tzinfo is None:
            raise BadTime(f"{moment} names no time zone; write it with one, such as {moment.isoformat()}+08:00")
        if moment.year not in YEARS:
            raise BadTime(f"the year {moment.year} is not from {YEARS[0]} to {YEARS[-1]}")
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def moment(self, wall: datetime) -> datetime:
        """When the clocks of the city show `wall`; when they do so twice, the first time."""
        return wall.replace(tzinfo=self.zone)


def parse_hours(text: str) -> Hours:
    """Working hours such as `09:00-12:00,13:00-18:00`. Raises: BadTime saying what is allowed."""
    found = [INTERVAL.fullmatch(part.strip()) for part in text.split(",")]
    intervals = tuple(_interval(*map(int, match.groups())) for match in found if match)
    marks = [mark for interval in intervals for mark in interval]
    if None in found or not all(a < b for a, b in intervals) or not all(a <= b for a, b in pairwise(marks)):
        raise BadTime(f"{text!r} are no working hours: {ALLOWED}", hours=text)
    if marks[-1] > MIDNIGHT:
        raise BadTime(f"{text!r} go beyond midnight, 24:00: {ALLOWED}", hours=text)
    return Hours(intervals)


def _interval(*marks: int) -> tuple[int, int]:
    begin_hour, begin_minute, end_hour, end_minute = marks
    return begin_hour * 60 + begin_minute, end_hour * 60 + end_minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5
