"""Time limits as text: what is read is what is written, and what is refused says what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given

from geo.calendars import parse_hours
from geo.errors import BadTime
from geo.limits import Limit, Unit, parse, parse_stages
from tests.geo.calendars import HOURS, limits


@pytest.mark.parametrize(
    ("text", "minutes", "is_round_the_clock"),
    [
        ("4wh", 240, False),
        ("2wd", 960, False),
        ("90m", 90, True),
        ("24h", 1440, True),
        ("7d", 10080, True),
        (" 15d ", 21600, True),
    ],
)
def test_a_limit_has_so_many_minutes(text: str, minutes: int, is_round_the_clock: bool) -> None:
    limit = parse(text)
    assert (limit.minutes(HOURS), limit.is_round_the_clock) == (minutes, is_round_the_clock)


def test_a_working_day_is_as_long_as_the_working_hours_of_a_day() -> None:
    assert parse("2wd").minutes(parse_hours("08:30-12:00,14:00-17:30")) == 2 * 7 * 60


@given(limits)
def test_a_limit_is_read_from_its_own_text(limit: Limit) -> None:
    assert parse(str(limit)) == limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "wh",
        "0wh",
        "-1wh",
        "1.5wh",
        "4 wh",
        "4WH",
        "4wd2wh",
        "10000wh",
        "４wh",
        "04wh",
        "4wm",
        "4h\n5h",
        "7wd/",
    ],
)
def test_what_is_no_limit_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(BadTime, match=r"4wh \(working hours\), 2wd \(working days\), or 90m, 24h, 7d"):
        parse_stages(text)


def test_stages_are_read_in_their_order() -> None:
    assert parse_stages("4wh/7wd/20wd") == (
        Limit(4, Unit.WORKING_HOURS), Limit(7, Unit.WORKING_DAYS), Limit(20, Unit.WORKING_DAYS),
    )  # fmt: skip
    assert parse_stages("2h/7wd") == (Limit(2, Unit.HOURS), Limit(7, Unit.WORKING_DAYS))
    assert parse_stages("4wh") == (Limit(4, Unit.WORKING_HOURS),)


@pytest.mark.parametrize("text", ["7wd/7wd", "4wh/2wd/1wd", "24h/1d", "2d/30h"])
def test_a_stage_that_is_not_longer_than_the_one_before_is_refused(text: str) -> None:
    with pytest.raises(BadTime, match="is not longer than"):
        parse_stages(text)
