"""Stretches of days that scores are given for: day, week (from Monday), month, quarter, year. Days of the city, ends excluded."""

from __future__ import annotations

from datetime import date, timedelta

from geo.calendars import YEARS
from geo.errors import BadInput, OutsideRange

MONTHS = {"month": 1, "quarter": 3, "year": 12}
PERIODS = ("day", "week", *MONTHS)
CUSTOM = "custom"


def around(period: str, day: date) -> tuple[date, date]:
    """The day, week, month, quarter or year that `day` lies in: its first day, and the first that no longer belongs to it."""
    if day.year not in YEARS:
        raise OutsideRange(f"{day} is not from {YEARS[0]} to {YEARS[-1]}", day=day.isoformat())
    if period == "day":
        return day, day + timedelta(days=1)
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if period not in MONTHS:
        raise BadInput(f"period {period!r} is none of {', '.join(PERIODS)}", period=period)
    first = date(day.year, (day.month - 1) // MONTHS[period] * MONTHS[period] + 1, 1)
    ahead = first.month - 1 + MONTHS[period]
    return first, date(first.year + ahead // 12, ahead % 12 + 1, 1)


def chosen(period: str, first: date | None, last: date | None, *, yesterday: date) -> tuple[date, date]:
    """The period that somebody asks for; `last` belongs to it. Without days: the one that yesterday lies in.

    Raises: BadInput when `custom` lacks a day, when days do not rise, or when `last` is given with another period.
    """
    if period != CUSTOM:
        if last is not None:
            raise BadInput(f"a last day goes with period {CUSTOM} only", period=period)
        return around(period, first or yesterday)
    if first is None or last is None:
        raise BadInput(f"period {CUSTOM} needs a first and a last day", period=period)
    if last < first:
        raise BadInput(f"the last day {last} lies before the first, {first}", first=str(first), last=str(last))
    return around("day", first)[0], around("day", last)[1]
