"""Working hours and the kinds of days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from geo.calendars import Calendar, Day, Hours, Kind, parse_hours
from geo.errors import BadTime
from tests.geo.calendars import CALENDAR, CITY, HOURS, SPRING_2025, at, hours


def test_hours_are_read_as_minutes_after_midnight() -> None:
    assert parse_hours("09:00-12:00, 13:00-18:00") == Hours(((540, 720), (780, 1080)))
    assert parse_hours("00:00-24:00").minutes == 24 * 60
    assert parse_hours("08:00-12:00,12:00-18:00").minutes == 600


@given(hours())
def test_hours_are_read_from_their_own_text(given_hours: Hours) -> None:
    assert parse_hours(str(given_hours)) == given_hours


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:00-12:00",
        "09:00",
        "09:00-09:00",
        "12:00-09:00",
        "09:00-13:00,12:00-18:00",
        "13:00-18:00,09:00-12:00",
        "09:00-12:00,",
        "09:00-12:60",
        "20:00-24:30",
        "22:00-06:00",
        "09:00-12:00;13:00-18:00",
    ],
)
def test_what_are_no_working_hours_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(BadTime, match=r"09:00-12:00,13:00-18:00$"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("day", "kind", "is_working"),
    [
        (date(2025, 1, 24), Kind.WORKING_DAY, True),
        (date(2025, 1, 25), Kind.WEEKEND, False),
        (date(2025, 1, 26), Kind.MAKE_UP_DAY, True),
        (date(2025, 1, 28), Kind.HOLIDAY, False),
        (date(2025, 2, 1), Kind.HOLIDAY, False),
        (date(2027, 1, 1), Kind.ASSUMED_WORKING_DAY, True),
        (date(2027, 1, 2), Kind.ASSUMED_WEEKEND, False),
    ],
)
def test_a_day_is_of_a_kind(day: date, kind: Kind, is_working: bool) -> None:
    assert (CALENDAR.kind(day), CALENDAR.is_working(day)) == (kind, is_working)


def test_a_year_with_rows_is_loaded() -> None:
    assert CALENDAR.loaded_years == {2025}
    assert Calendar(HOURS, CITY).loaded_years == frozenset()


def test_the_digest_changes_with_what_moves_a_due_time_and_with_nothing_else() -> None:
    def digest(days: dict[date, Day], hours: str = str(HOURS), zone: ZoneInfo = CITY) -> str:
        return Calendar(parse_hours(hours), zone, days).digest

    before = digest(SPRING_2025)
    assert len(before) == 16
    assert digest(dict(reversed(SPRING_2025.items()))) == before
    assert digest(SPRING_2025 | {date(2025, 1, 26): Day(True, "another name")}) == before
    others = [
        digest(SPRING_2025 | {date(2025, 1, 26): Day(False, "春节")}),
        digest(SPRING_2025 | {date(2027, 1, 1): Day(False, "元旦")}),
        digest(SPRING_2025, hours="09:00-18:00"),
        digest(SPRING_2025, zone=ZoneInfo("Asia/Urumqi")),
    ]
    assert len({before, *others}) == 5


def test_a_moment_without_a_zone_or_out_of_proportion_is_refused() -> None:
    with pytest.raises(BadTime, match="names no time zone"):
        CALENDAR.wall(datetime(2025, 1, 24))  # noqa: DTZ001
    with pytest.raises(BadTime, match="from 1900 to 2299"):
        CALENDAR.wall(datetime(9999, 1, 1, tzinfo=UTC))


def test_wall_time_is_the_citys() -> None:
    assert CALENDAR.wall(datetime(2025, 1, 24, 16, tzinfo=UTC)) == datetime(2025, 1, 25)  # noqa: DTZ001
    assert CALENDAR.moment(CALENDAR.wall(at("2025-01-24 16:30"))) == at("2025-01-24 16:30")
