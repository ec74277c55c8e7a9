"""The clock of cases: worked examples, and at random the same answers as a clock that goes minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.calendars import Calendar, Day, parse_hours
from geo.clock import due, due_from, due_stages, remaining, worked
from geo.errors import BadTime
from geo.limits import Limit, parse, parse_stages
from tests.geo.calendars import (
    CALENDAR,
    CITY,
    HOURS,
    SPRING_2025,
    at,
    calendars,
    limits,
    moments,
    starts,
    working_limits,
)

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2025-01-24 16:30", "4wh", "2025-01-26 11:30"),  # Friday; Sunday makes up for the Spring Festival
        ("2025-01-24 16:30", "2wd", "2025-01-27 16:30"),
        ("2025-01-27 16:30", "4wh", "2025-02-05 11:30"),  # over the Spring Festival
        ("2025-03-07 16:30", "2wd", "2025-03-11 16:30"),  # Friday to Tuesday
        ("2025-03-08 10:00", "2wd", "2025-03-11 18:00"),  # from a Saturday
        ("2025-03-10 09:00", "3wh", "2025-03-10 12:00"),  # the end of an interval, not 13:00
        ("2025-03-10 09:00", "8wh", "2025-03-10 18:00"),
        ("2025-03-10 09:00", "1wd", "2025-03-10 18:00"),
        ("2025-03-10 12:30", "1wd", "2025-03-11 12:00"),  # from the break at noon
        ("2025-03-10 12:00", "1wh", "2025-03-10 14:00"),
        ("2025-03-10 03:00", "1wh", "2025-03-10 10:00"),
        ("2025-03-10 18:00", "1wh", "2025-03-11 10:00"),
        ("2025-03-10 17:59:30", "1wh", "2025-03-11 09:59:30"),
        ("2025-03-10 11:59:59.5", "1wh", "2025-03-10 13:59:59.5"),
        ("2025-03-08 23:00", "90m", "2025-03-09 00:30"),
        ("2025-03-08 23:00", "24h", "2025-03-09 23:00"),
        ("2025-03-08 23:00:01", "7d", "2025-03-15 23:00:01"),
    ],
)
def test_a_case_is_due(start: str, limit: str, expected: str) -> None:
    found = due(at(start), parse(limit), CALENDAR)
    assert (found.due, found.provisional) == (at(expected), False)


def test_the_answer_shows_its_own_arithmetic() -> None:
    festival = {"name": "春节", "name_en": "Spring Festival"}
    nameless: dict[str, str | None] = {"name": None, "name_en": None}
    nothing: dict[str, float | None] = {"from": None, "to": None, "minutes": 0}
    assert due(at("2025-01-24 16:30"), parse("11wh"), CALENDAR).plain() == {
        "due": "2025-01-27T10:30:00+08:00",
        "provisional": False,
        "steps": [
            {"day": "2025-01-24", "last_day": "2025-01-24", "kind": "working_day", **nameless,
             "from": "2025-01-24T16:30:00+08:00", "to": "2025-01-24T18:00:00+08:00", "minutes": 90},
            {"day": "2025-01-25", "last_day": "2025-01-25", "kind": "weekend", **nameless, **nothing},
            {"day": "2025-01-26", "last_day": "2025-01-26", "kind": "make_up_day", **festival,
             "from": "2025-01-26T09:00:00+08:00", "to": "2025-01-26T18:00:00+08:00", "minutes": 480},
            {"day": "2025-01-27", "last_day": "2025-01-27", "kind": "working_day", **nameless,
             "from": "2025-01-27T09:00:00+08:00", "to": "2025-01-27T10:30:00+08:00", "minutes": 90},
        ],
    }  # fmt: skip


def test_days_that_are_skipped_for_the_same_reason_are_one_step() -> None:
    steps = due(at("2025-01-27 20:00"), parse("1wh"), CALENDAR).steps
    assert [(step.day.day, step.last_day.day, step.kind, step.minutes) for step in steps] == [
        (27, 27, "working_day", 0), (28, 4, "holiday", 0), (5, 5, "working_day", 60),
    ]  # fmt: skip


def test_round_the_clock_is_one_step_and_never_provisional() -> None:
    found = due(at("2030-01-01 20:00"), parse("7d"), CALENDAR)
    assert [(step.kind, step.begin, step.end, step.minutes) for step in found.steps] == [
        ("round_the_clock", at("2030-01-01 20:00"), at("2030-01-08 20:00"), 10080.0)
    ]
    assert not found.provisional


@pytest.mark.parametrize(
    ("start", "is_provisional"),
    [
        ("2025-12-31 16:00", False),
        ("2025-12-31 16:01", True),  # the last minute is of 1 January, a Thursday to all that is known
        ("2024-12-31 17:59", True),
        ("2024-12-31 18:00", False),  # that day is over
        ("2024-12-31 23:00", False),
    ],
)
def test_an_answer_that_rests_on_an_unknown_year_is_provisional(start: str, is_provisional: bool) -> None:
    assert due(at(start), parse("2wh"), CALENDAR).provisional is is_provisional


def test_what_ends_at_midnight_rests_on_the_day_that_ends() -> None:
    all_day = replace(CALENDAR, hours=parse_hours("00:00-24:00"))
    found = due(at("2025-12-31 20:00"), parse("4wh"), all_day)
    assert (found.due, found.provisional) == (at("2026-01-01 00:00"), False)
    assert due(at("2025-12-31 20:00"), parse("5wh"), all_day).provisional
    assert not due_from(at("2026-01-01 00:00"), -60, all_day).provisional


def test_what_becomes_known_takes_the_place_of_what_was_assumed() -> None:
    start, limit = at("2025-12-31 17:00"), parse("4wh")
    assumed = due(start, limit, CALENDAR)
    assert (assumed.due, assumed.provisional) == (at("2026-01-01 12:00"), True)
    assert assumed.steps[-1].kind == "assumed_working_day"
    days = SPRING_2025 | {date(2026, 1, n): Day(False, "元旦") for n in (1, 2, 3)} | {date(2026, 1, 4): Day(True)}
    known = due(start, limit, Calendar(HOURS, CITY, days))
    assert (known.due, known.provisional) == (at("2026-01-04 12:00"), False)


def test_stages_are_counted_from_the_same_start() -> None:
    found = due_stages(at("2025-03-07 16:30"), parse_stages("4wh/7wd/20wd"), CALENDAR)
    assert [stage.due for stage in found] == [at("2025-03-10 11:30"), at("2025-03-18 16:30"), at("2025-04-04 16:30")]


def test_a_pause_counts_on_where_it_stopped() -> None:
    first = due(at("2025-01-24 16:30"), parse("4wh"), CALENDAR)
    left = remaining(at("2025-01-26 09:30"), first.due, CALENDAR)
    assert left == 120
    assert due_from(at("2025-02-05 17:00"), left, CALENDAR).due == at("2025-02-06 10:00")


def test_an_urgent_limit_is_paused_in_minutes_of_all_time() -> None:
    first = due(at("2025-01-25 20:00"), parse("24h"), CALENDAR)
    left = remaining(at("2025-01-26 01:00"), first.due, CALENDAR, is_round_the_clock=True)
    assert left == 19 * 60
    resumed = due_from(at("2025-01-28 23:00"), left, CALENDAR, is_round_the_clock=True)
    assert (resumed.due, resumed.provisional) == (at("2025-01-29 18:00"), False)


def test_what_is_late_comes_back_from_a_pause_as_late_as_it_was() -> None:
    was_due, paused, resumed = at("2025-03-11 10:00"), at("2025-03-12 10:00"), at("2025-03-17 09:30")
    late = remaining(paused, was_due, CALENDAR)
    assert late == -480
    assert due_from(resumed, late, CALENDAR).due == at("2025-03-14 09:30")
    assert remaining(paused, was_due, CALENDAR, is_round_the_clock=True) == -1440
    again = due_from(resumed, -1440, CALENDAR, is_round_the_clock=True)
    assert (again.due, again.steps) == (at("2025-03-16 09:30"), ())


def test_nothing_left_is_due_at_once() -> None:
    for is_round_the_clock in (False, True):
        found = due_from(at("2024-03-09 10:00"), 0, CALENDAR, is_round_the_clock=is_round_the_clock)
        assert (found.due, found.provisional, found.steps) == (at("2024-03-09 10:00"), False, ())


def test_an_extension_counts_on_from_the_due_moment() -> None:
    first = due(at("2025-03-10 09:00"), parse("3wh"), CALENDAR)
    assert due(first.due, parse("1wh"), CALENDAR).due == at("2025-03-10 14:00")


def test_any_zone_of_the_start_gives_the_same_answer_in_the_citys_time() -> None:
    found = due(datetime(2025, 1, 24, 8, 30, tzinfo=UTC), parse("4wh"), CALENDAR)
    assert found.due.isoformat() == "2025-01-26T11:30:00+08:00"


def test_wall_time_rules_where_summer_time_begins() -> None:
    new_york = Calendar(HOURS, ZoneInfo("America/New_York"))
    start = datetime(2025, 3, 7, 17, 30, tzinfo=new_york.zone)
    assert due(start, parse("1wh"), new_york).due.isoformat() == "2025-03-10T09:30:00-04:00"
    assert due(start, parse("3d"), new_york).due.isoformat() == "2025-03-10T18:30:00-04:00"


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(BadTime, match="names no time zone"):
        due(datetime(2025, 1, 24), parse("4wh"), CALENDAR)  # noqa: DTZ001


def test_even_the_longest_limit_ends() -> None:
    assert due(at("2299-12-31 12:00"), parse("9999wd"), CALENDAR).due.year == 2338


# The same at random, against a clock that goes minute by minute.


def is_in_hours(moment: datetime, calendar: Calendar) -> bool:
    minute = moment.hour * 60 + moment.minute
    return any(begin <= minute < end for begin, end in calendar.hours.intervals)


def is_work(moment: datetime, calendar: Calendar) -> bool:
    row = calendar.days.get(moment.date())
    return is_in_hours(moment, calendar) and (row.is_working if row else moment.weekday() < 5)


def slow_due(start: datetime, limit: Limit, calendar: Calendar) -> tuple[datetime, bool]:
    """Every minute is looked at by itself, and so is the year of every minute that might have counted."""
    left, now, is_provisional = limit.minutes(calendar.hours), start, False
    while left:
        if limit.is_round_the_clock or is_work(now, calendar):
            left -= 1
        if not limit.is_round_the_clock and is_in_hours(now, calendar):
            is_provisional |= now.year not in {day.year for day in calendar.days}
        now += MINUTE
    return now, is_provisional


@given(calendars(), starts, limits)
def test_the_clock_agrees_with_one_that_goes_minute_by_minute(
    calendar: Calendar, start: datetime, limit: Limit
) -> None:
    found = due(start, limit, calendar)
    assert (found.due, found.provisional) == slow_due(start, limit, calendar)


@given(calendars(), starts, st.integers(0, 20_000))
def test_worked_time_agrees_with_counting_minutes(calendar: Calendar, start: datetime, length: int) -> None:
    expected = sum(is_work(start + n * MINUTE, calendar) for n in range(length))
    end = start + length * MINUTE
    assert (worked(start, end, calendar), worked(end, start, calendar)) == (expected, -expected)


@given(calendars(), moments, working_limits)
def test_worked_time_until_the_due_moment_is_the_limit(calendar: Calendar, start: datetime, limit: Limit) -> None:
    found = due(start, limit, calendar)
    assert worked(start, found.due, calendar) == pytest.approx(limit.minutes(calendar.hours), abs=1e-6)


@given(calendars(), moments, limits)
def test_the_steps_add_up_and_follow_each_other(calendar: Calendar, start: datetime, limit: Limit) -> None:
    found = due(start, limit, calendar)
    assert sum(step.minutes for step in found.steps) == pytest.approx(limit.minutes(calendar.hours))
    last_instant = found.due if limit.is_round_the_clock else found.due - timedelta.resolution
    assert (found.steps[0].day, found.steps[-1].last_day) == (start.date(), last_instant.date())
    assert found.steps[-1].end == found.due
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert after.day == before.last_day + timedelta(days=1)


@given(calendars(), st.tuples(moments, moments), limits)
def test_who_starts_later_is_never_due_earlier(
    calendar: Calendar, pair: tuple[datetime, datetime], limit: Limit
) -> None:
    first, second = (due(start, limit, calendar).due for start in sorted(pair))
    assert first <= second


@given(calendars(), moments, st.tuples(working_limits, working_limits))
def test_a_longer_limit_is_due_later(calendar: Calendar, start: datetime, pair: tuple[Limit, Limit]) -> None:
    minutes = [limit.minutes(calendar.hours) for limit in pair]
    first, second = (due(start, limit, calendar).due for limit in pair)
    assert (first < second) == (minutes[0] < minutes[1])


@given(calendars(), moments, moments, limits)
def test_a_pause_of_no_time_changes_nothing_early_or_late(
    calendar: Calendar, start: datetime, paused: datetime, limit: Limit
) -> None:
    first = due(start, limit, calendar)
    left = remaining(paused, first.due, calendar, is_round_the_clock=limit.is_round_the_clock)
    assume(left)
    again = due_from(paused, left, calendar, is_round_the_clock=limit.is_round_the_clock)
    assert again.due == first.due


@given(calendars(), starts, working_limits)
def test_provisional_is_what_a_day_of_an_unknown_year_could_change(
    calendar: Calendar, start: datetime, limit: Limit
) -> None:
    for minutes in (limit.minutes(calendar.hours), -limit.minutes(calendar.hours)):
        found = due_from(start, minutes, calendar)
        first, last = sorted([start.date(), found.due.date()])
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        unknown = [day for day in days if not calendar.is_loaded(day)]
        turned = [replace(calendar, days={**calendar.days, day: Day(not calendar.is_working(day))}) for day in unknown]
        assert found.provisional == any(due_from(start, minutes, other).due != found.due for other in turned)


@given(calendars(), starts)
def test_hours_in_two_touching_parts_are_the_same_hours(calendar: Calendar, start: datetime) -> None:
    whole = replace(calendar, hours=parse_hours("09:00-17:00"))
    parted = replace(calendar, hours=parse_hours("09:00-11:00,11:00-17:00"))
    assert due(start, parse("5wh"), whole) == due(start, parse("5wh"), parted)
