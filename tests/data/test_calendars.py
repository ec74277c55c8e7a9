"""The working calendar: the State Council's days, read with the settings' hours, and further years from files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection

from data import calendars, reference
from data.database import driver_connection
from geo.calendars import Kind
from geo.clock import due
from geo.limits import parse
from tests.data.files import counts, put, put_with_rejects, rows, write_csv
from tests.geo.calendars import at

PUBLIC_HOLIDAYS = {2024: 11, 2025: 13, 2026: 13}
"""Days off by law (全国年节及纪念日放假办法, since 2025 two more); everything else in a notice is moved, not given."""
NEW_YEAR = [{"day": f"2027-01-0{n}", "is_working": "no", "name": "元旦"} for n in (1, 2, 3)]


@pytest.mark.parametrize("year", PUBLIC_HOLIDAYS)
def test_what_is_not_a_public_holiday_is_made_up_for(connection: Connection, year: int) -> None:
    reference.load(connection)
    calendar = calendars.read(connection)
    days = [
        date(year, 1, 1) + timedelta(days=n) for n in range(366) if (date(year, 1, 1) + timedelta(days=n)).year == year
    ]
    weekdays = sum(day.weekday() < 5 for day in days)
    assert weekdays - sum(map(calendar.is_working, days)) == PUBLIC_HOLIDAYS[year]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 2, 9), Kind.WORKING_DAY),  # New Year's Eve, a day off only where an employer gives it
        (date(2024, 5, 11), Kind.MAKE_UP_DAY),
        (date(2025, 1, 26), Kind.MAKE_UP_DAY),
        (date(2025, 1, 28), Kind.HOLIDAY),
        (date(2025, 10, 8), Kind.HOLIDAY),
        (date(2026, 1, 4), Kind.MAKE_UP_DAY),
        (date(2026, 2, 24), Kind.WORKING_DAY),
        (date(2026, 10, 10), Kind.MAKE_UP_DAY),
        (date(2027, 1, 1), Kind.ASSUMED_WORKING_DAY),
    ],
)
def test_a_day_is_what_the_notice_says(connection: Connection, day: date, kind: Kind) -> None:
    reference.load(connection)
    assert calendars.read(connection).kind(day) == kind


def test_holidays_follow_each_other_without_a_gap() -> None:
    """Every name but the make-up days' is one run of days in its year."""
    off = [
        (row["name"], date.fromisoformat(row["day"]))
        for row in reference.rows("calendar")
        if row["is_working"] == "false"
    ]
    for name, year in {(name, day.year) for name, day in off}:
        days = [day for named, day in off if named == name and day.year == year]
        assert (days[-1] - days[0]).days + 1 == len(days)


def test_both_kinds_of_connection_read_the_same(connection: Connection) -> None:
    reference.load(connection)
    driver: psycopg.Connection = driver_connection(connection)
    assert calendars.read(driver).digest == calendars.read(connection).digest
    assert calendars.read(driver).days == calendars.read(connection).days


def test_the_friday_before_the_spring_festival_of_2025(connection: Connection) -> None:
    reference.load(connection)
    found = due(at("2025-01-24 16:30"), parse("4wh"), calendars.read(connection))
    assert (found.due, found.provisional) == (at("2025-01-26 11:30"), False)


def test_an_empty_calendar_is_monday_to_friday_to_all_that_is_known(connection: Connection) -> None:
    found = due(at("2025-01-24 16:30"), parse("4wh"), calendars.read(connection))
    assert (found.due, found.provisional) == (at("2025-01-27 11:30"), True)


def test_a_further_year_makes_sure_what_was_provisional(connection: Connection, tmp_path: Path) -> None:
    reference.load(connection)
    before = calendars.read(connection)
    start, limit = at("2026-12-31 17:00"), parse("2wh")
    assert due(start, limit, before).provisional
    file = write_csv(tmp_path / "holidays_2027.csv", NEW_YEAR)
    assert counts(put(connection, "calendar", file)) == (3, 0, 0, 0)
    after = calendars.read(connection)
    assert after.digest != before.digest
    found = due(start, limit, after)
    assert (found.due, found.provisional) == (at("2027-01-04 10:00"), False)
    assert rows(connection, "SELECT DISTINCT name_en, source FROM calendar_day WHERE day >= '2027-01-01'") == [
        ("元旦", "holidays_2027.csv")
    ]


def test_the_same_file_again_changes_nothing_and_another_amends(connection: Connection, tmp_path: Path) -> None:
    put(connection, "calendar", write_csv(tmp_path / "a.csv", NEW_YEAR))
    assert counts(put(connection, "calendar", write_csv(tmp_path / "b.csv", NEW_YEAR))) == (0, 0, 3, 0)
    amended = [{"日期": "2027年1月2日", "是否上班": "是", "节日": "元旦"}]
    assert counts(put(connection, "calendar", write_csv(tmp_path / "c.csv", amended))) == (0, 1, 0, 0)
    assert rows(connection, "SELECT is_working, source FROM calendar_day WHERE day = '2027-01-02'") == [(True, "a.csv")]


def test_days_that_can_not_be_read_are_refused(connection: Connection, tmp_path: Path) -> None:
    wrong = [
        {"day": "2027-02-30", "is_working": "no", "name": "春节"},
        {"day": "2027-01-01", "is_working": "perhaps", "name": "元旦"},
        {"day": "2027-01-02", "is_working": "no", "name": ""},
        {"day": "2027-01-03", "is_working": "no", "name": "元旦"},
        {"day": "2027/1/3", "is_working": "yes", "name": "元旦"},
    ]
    report, refused = put_with_rejects(connection, "calendar", write_csv(tmp_path / "wrong.csv", wrong))
    assert counts(report) == (1, 0, 0, 4)
    assert refused == [
        (2, "day", "2027-02-30", "is no day such as 2027-01-01"),
        (3, "is_working", "perhaps", "is neither yes nor no"),
        (4, "name", refused[2][2], "is missing"),
        (6, "day", "2027-01-03", "comes twice; first on line 5"),
    ]
