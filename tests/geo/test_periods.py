"""Every day lies in exactly one period of each kind, and periods of a kind join without a gap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadInput
from geo.periods import PERIODS, around, chosen

DAY = timedelta(days=1)
days = st.dates(date(1999, 1, 1), date(2100, 12, 31))


@given(day=days, period=st.sampled_from(PERIODS))
def test_periods_hold_their_days_and_join(day: date, period: str) -> None:
    first, end = around(period, day)
    assert first <= day < end
    assert around(period, first) == around(period, end - DAY) == (first, end)
    assert around(period, end)[0] == end


def test_periods_begin_where_people_expect() -> None:
    day = date(2026, 5, 3)  # a Sunday
    begins = {period: around(period, day)[0].isoformat() for period in PERIODS}
    assert begins == {
        "day": "2026-05-03", "week": "2026-04-27", "month": "2026-05-01", "quarter": "2026-04-01", "year": "2026-01-01",
    }  # fmt: skip


def test_without_a_day_yesterdays_period_is_meant() -> None:
    assert chosen("month", None, None, yesterday=date(2026, 4, 30)) == (date(2026, 4, 1), date(2026, 5, 1))


def test_the_last_day_of_a_custom_period_belongs_to_it() -> None:
    told = chosen("custom", date(2026, 4, 3), date(2026, 4, 9), yesterday=date(2026, 5, 1))
    assert told == (date(2026, 4, 3), date(2026, 4, 10))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("custom", date(2026, 4, 3), None),
        ("custom", None, date(2026, 4, 3)),
        ("custom", date(2026, 4, 3), date(2026, 4, 2)),
        ("month", date(2026, 4, 3), date(2026, 4, 9)),
        ("fortnight", None, None),
    ],
)
def test_what_is_no_period_is_refused(period: str, first: date | None, last: date | None) -> None:
    with pytest.raises(BadInput):
        chosen(period, first, last, yesterday=date(2026, 5, 1))
