"""Whole columns of working time: row by row the same as the clock of one case."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendars import Calendar
from geo.clock import due, due_from, worked
from geo.errors import BadTime
from geo.limits import Limit, parse
from geo.worktime import due_many, worked_minutes
from tests.geo.calendars import CALENDAR, CITY, HOURS, at, calendars, limits, moments

columns = st.lists(moments, min_size=1, max_size=20)


@given(calendars(), columns, limits)
def test_each_row_is_due_when_its_case_is(calendar: Calendar, starts: list[datetime], limit: Limit) -> None:
    found = due_many(pd.Series(starts), limit, calendar)
    expected = [due(start, limit, calendar) for start in starts]
    assert found["due"].tolist() == [one.due for one in expected]
    assert found["is_provisional"].tolist() == [one.provisional for one in expected]


@given(calendars(), st.lists(st.tuples(moments, st.integers(-9000, 9000)), min_size=1, max_size=20))
def test_each_row_may_have_its_own_minutes_left(calendar: Calendar, rows: list[tuple[datetime, int]]) -> None:
    starts, minutes = zip(*rows, strict=True)
    found = due_many(pd.Series(starts), np.array(minutes), calendar)
    expected = [due_from(start, left, calendar) for start, left in rows]
    assert found["due"].tolist() == [one.due for one in expected]
    assert found["is_provisional"].tolist() == [one.provisional for one in expected]


@given(calendars(), st.lists(st.tuples(moments, moments), min_size=1, max_size=20))
def test_each_row_has_worked_as_long_as_its_case(calendar: Calendar, rows: list[tuple[datetime, datetime]]) -> None:
    starts, ends = (pd.Series(column) for column in zip(*rows, strict=True))
    expected = [worked(start, end, calendar) for start, end in rows]
    assert worked_minutes(starts, ends, calendar).tolist() == expected


def test_a_missing_moment_stays_missing() -> None:
    starts = pd.Series([at("2025-03-10 09:00"), pd.NaT], index=[7, 9])
    found = due_many(starts, parse("3wh"), CALENDAR)
    assert found.index.tolist() == [7, 9]
    assert found["due"][7] == at("2025-03-10 12:00") and pd.isna(found["due"][9])
    assert not found["is_provisional"][9]
    ends = pd.Series([pd.NaT, at("2025-03-10 09:00")])
    assert np.isnan(worked_minutes(starts, ends, CALENDAR)).all()
    assert due_many(starts, parse("24h"), CALENDAR)["due"].isna().tolist() == [False, True]


def test_rows_may_be_late() -> None:
    starts = pd.Series([at("2025-03-17 09:30"), at("2025-03-10 13:00")])
    assert due_many(starts, [-480, -180], CALENDAR)["due"].tolist() == [at("2025-03-14 09:30"), at("2025-03-07 18:00")]


def test_no_rows_give_no_rows() -> None:
    none = pd.Series([], dtype="datetime64[us, UTC]")
    assert len(worked_minutes(none, none, CALENDAR)) == 0
    assert due_many(none, parse("4wh"), CALENDAR).empty
    assert due_many(none, parse("4h"), CALENDAR).empty


def test_numpys_moments_are_in_utc() -> None:
    starts = np.array(["2025-01-24T08:30"], "datetime64[m]")
    assert due_many(starts, parse("4wh"), CALENDAR)["due"][0].isoformat() == "2025-01-26T11:30:00+08:00"


def test_a_limit_over_a_whole_holiday_looks_far_enough_ahead() -> None:
    late = pd.Series([at("2025-01-27 18:00")] * 2)
    found = due_many(late, np.array([1, 100_000]), CALENDAR)
    assert found["due"].tolist() == [due_from(late[0], n, CALENDAR).due for n in (1, 100_000)]


def test_wall_time_rules_where_summer_time_begins() -> None:
    new_york = Calendar(HOURS, ZoneInfo("America/New_York"))
    start = datetime(2025, 3, 7, 17, 30, tzinfo=new_york.zone)
    found = due_many(pd.Series([start]), parse("1wh"), new_york)["due"][0]
    assert found.isoformat() == "2025-03-10T09:30:00-04:00"
    assert worked_minutes(pd.Series([start]), pd.Series([found]), new_york).tolist() == [60.0]


def test_moments_out_of_all_proportion_are_refused() -> None:
    with pytest.raises(BadTime, match="1900 to 2299"):
        worked_minutes(pd.Series([datetime(2600, 1, 1, tzinfo=CITY)]), pd.Series([at("2025-01-01")]), CALENDAR)
