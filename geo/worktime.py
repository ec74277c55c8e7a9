"""Working time of whole columns, a million rows at a time: the same answers as `geo.clock`. Lengths are minutes.

Moments are aware (pandas), or datetime64 in UTC; each is found among the working intervals of all days by bisection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.calendars import Calendar
from geo.errors import BadTime
from geo.limits import Limit

Walls = npt.NDArray[np.datetime64]
Counts = npt.NDArray[np.int64]
MICROSECONDS = 60_000_000
"""In a minute. Whole microseconds inside, so that sums are exact."""
DAY = np.timedelta64(1, "D")
INSTANT = np.timedelta64(1, "us")
"""What ends at 24:00 belongs to the day that ends: its day is that of an instant before."""
FIRST, LAST = pd.Timestamp("1900-01-01", tz="UTC"), pd.Timestamp("2300-01-01", tz="UTC")


def worked_minutes(starts: Any, ends: Any, calendar: Calendar) -> npt.NDArray[np.float64]:
    """Working minutes from each of `starts` to its end; negative when the end comes first, NaN where one is missing."""
    begin, stop = _walls(starts, calendar), _walls(ends, calendar)
    is_known = ~(np.isnat(begin) | np.isnat(stop))
    found = np.full(len(begin), np.nan)
    if is_known.any():
        begin, stop = begin[is_known], stop[is_known]
        worked = _Intervals.between(min(begin.min(), stop.min()), max(begin.max(), stop.max()), calendar)
        found[is_known] = (worked.until(stop) - worked.until(begin)) / MICROSECONDS
    return found


def due_many(starts: Any, limit: Limit | npt.ArrayLike, calendar: Calendar) -> pd.DataFrame:
    """When each of `starts` is due; `limit` is one for all, or the working minutes that each has left (as `geo.clock.due_from`).

    Returns, with the index of `starts` if it has one: `due` (city time; missing where the start is) and `is_provisional`.
    """
    index = starts.index if isinstance(starts, pd.Series) else None
    if isinstance(limit, Limit) and limit.is_round_the_clock:
        moments = _moments(starts) + pd.Timedelta(minutes=limit.minutes(calendar.hours))
        return pd.DataFrame({"due": moments.tz_convert(calendar.zone), "is_provisional": False}, index=index)
    minutes = limit.minutes(calendar.hours) if isinstance(limit, Limit) else limit
    begin = _walls(starts, calendar)
    lengths = np.broadcast_to(np.asarray(minutes, dtype=float), begin.shape)
    due, is_provisional = _due(begin, np.rint(lengths * MICROSECONDS), calendar)
    return pd.DataFrame({"due": _in_the_city(due, calendar), "is_provisional": is_provisional}, index=index)


@dataclass(frozen=True, eq=False)
class _Intervals:
    """All working intervals of a run of days, rising, and the working time before each."""

    begin: Walls
    length: Counts
    before: Counts

    @classmethod
    def between(cls, first: np.datetime64, last: np.datetime64, calendar: Calendar) -> _Intervals:
        """Of every day from that of `first` to that of `last`."""
        days = _days(first, last)
        begins, ends = (np.array(marks, "m8[m]") for marks in zip(*calendar.hours.intervals, strict=True))
        worked = days[_is_working(days, calendar)].astype("M8[us]")
        begin = (worked[:, None] + begins).ravel()
        length = np.tile((ends - begins).astype("m8[us]").astype(np.int64), len(worked))
        return cls(begin, length, np.cumsum(length) - length)

    @property
    def total(self) -> int:
        return int(self.length.sum())

    def until(self, walls: Walls) -> Counts:
        """Working time from the first day to each of `walls`, in microseconds."""
        found = np.searchsorted(self.begin, walls, side="right") - 1
        if not len(self.begin):
            return np.zeros(len(walls), np.int64)
        at = np.maximum(found, 0)
        into = np.minimum((walls - self.begin[at]).astype(np.int64), self.length[at])
        return np.where(found < 0, 0, self.before[at] + into)

    def reached(self, totals: Counts) -> Walls:
        """When so much working time has passed since the first day; at the end of an interval rather than the next begin."""
        at = np.searchsorted(self.before + self.length, totals, side="left")
        reached: Walls = self.begin[at] + (totals - self.before[at]).astype("m8[us]")
        return reached


def _due(begin: Walls, lengths: npt.NDArray[Any], calendar: Calendar) -> tuple[Walls, npt.NDArray[np.bool_]]:
    """When each is due, and whether it depends on a year that is not loaded."""
    is_known = ~(np.isnat(begin) | np.isnan(lengths))
    is_counted = is_known & (lengths != 0)
    due, is_provisional = np.where(is_known, begin, np.datetime64("NaT")), np.zeros(len(begin), bool)
    if is_counted.any():
        starts, amounts = begin[is_counted], lengths[is_counted].astype(np.int64)
        due[is_counted] = ends = _reached(starts, amounts, calendar)
        is_provisional[is_counted] = _depends_on_unknown(starts, ends, calendar)
    return due, is_provisional


def _reached(starts: Walls, amounts: Counts, calendar: Calendar) -> Walls:
    """Looks further and further around until every amount is used up: weekdays never end."""
    days = int(np.abs(amounts).max() // (calendar.hours.minutes * MICROSECONDS) * 2 + 30)
    while True:
        behind = days if amounts.min() < 0 else 0
        worked = _Intervals.between(starts.min() - behind * DAY, starts.max() + days * DAY, calendar)
        totals = worked.until(starts) + amounts
        if totals.min() > 0 and totals.max() <= worked.total:
            return worked.reached(totals)
        days *= 2


def _depends_on_unknown(starts: Walls, ends: Walls, calendar: Calendar) -> npt.NDArray[np.bool_]:
    """Whether a day that was looked at lies in a year that is not loaded.

    The day of a start was not looked at when its hours are over, or, of a case that is late, have not begun.
    """
    first, last = _looked_at(starts, ends, calendar)
    days = _days(first.min(), last.max())
    unknown = np.r_[0, np.cumsum(~np.isin(_years(days), list(calendar.loaded_years)))]
    is_among: npt.NDArray[np.bool_] = unknown[_position(last, days) + 1] > unknown[_position(first, days)]
    return is_among


def _looked_at(starts: Walls, ends: Walls, calendar: Calendar) -> tuple[Walls, Walls]:
    """The first and the last day that each answer rests on."""
    start_day, end_day, is_late = starts.astype("M8[D]"), (ends - INSTANT).astype("M8[D]"), ends < starts
    into_day = (starts - start_day).astype(np.int64)
    begin, end = calendar.hours.intervals[0][0] * MICROSECONDS, calendar.hours.intervals[-1][1] * MICROSECONDS
    after = start_day + (into_day >= end).astype("m8[D]")
    before = start_day - (into_day <= begin).astype("m8[D]")
    return np.where(is_late, end_day, after), np.where(is_late, before, end_day)


def _position(walls: Walls, days: Walls) -> Counts:
    """Of the day of each of `walls` among `days`."""
    position: Counts = (walls.astype("M8[D]") - days[0]).astype(np.int64)
    return position


def _days(first: np.datetime64, last: np.datetime64) -> Walls:
    return np.arange(first.astype("M8[D]"), last.astype("M8[D]") + DAY)


def _years(days: Walls) -> Counts:
    return days.astype("M8[Y]").astype(np.int64) + 1970


def _is_working(days: Walls, calendar: Calendar) -> npt.NDArray[np.bool_]:
    is_working = np.is_busday(days)
    for day, laid_down in calendar.days.items():
        at = int((np.datetime64(day) - days[0]).astype(np.int64))
        if 0 <= at < len(days):
            is_working[at] = laid_down.is_working
    return is_working


def _moments(given: Any) -> pd.DatetimeIndex:
    moments = pd.DatetimeIndex(pd.to_datetime(given, utc=True)).as_unit("us")
    if len(moments) and (moments.min() < FIRST or moments.max() >= LAST):
        raise BadTime(f"moments from {moments.min()} to {moments.max()} are not from {FIRST.year} to {LAST.year - 1}")
    return moments


def _walls(given: Any, calendar: Calendar) -> Walls:
    """What the clocks of the city show, to the microsecond."""
    return _moments(given).tz_convert(calendar.zone).tz_localize(None).to_numpy("datetime64[us]")


def _in_the_city(walls: Walls, calendar: Calendar) -> pd.DatetimeIndex:
    """Like `Calendar.moment`: of two moments that show the same the first; a time that is skipped shows the next there is."""
    first = np.ones(len(walls), bool)
    return pd.DatetimeIndex(walls).tz_localize(calendar.zone, ambiguous=first, nonexistent="shift_forward")
