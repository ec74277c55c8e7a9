"""Who is told when: quiet hours over midnight, digests, pauses that grow."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.lifecycle import MOVES
from geo.notices import TOLD, Habits, Pace, send_at

CITY = ZoneInfo("Asia/Shanghai")
moments = st.integers(0, 3 * 24 * 60).map(lambda n: datetime(2026, 3, 1, tzinfo=CITY) + timedelta(minutes=n))
hours = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{text}").replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("now", "quiet", "sent"),
    [
        ("21:59", "22:00-07:00", "2026-03-02T21:59"),
        ("22:00", "22:00-07:00", "2026-03-03T07:00"),
        ("06:59", "22:00-07:00", "2026-03-02T07:00"),
        ("07:00", "22:00-07:00", "2026-03-02T07:00"),
        ("12:30", "12:00-13:30", "2026-03-02T13:30"),
        ("13:30", "12:00-13:30", "2026-03-02T13:30"),
        ("13:30", "00:00-00:00", "2026-03-02T13:30"),
    ],
)
def test_quiet_hours_are_waited_for(now: str, quiet: str, sent: str) -> None:
    habits = Habits(0, *map(time.fromisoformat, quiet.split("-")))
    assert send_at(at(now), at(now), habits, CITY) == datetime.fromisoformat(sent).replace(tzinfo=CITY)


def test_a_digest_ends_so_long_after_the_oldest_and_not_within_quiet_hours() -> None:
    habits = Habits(30, time(22), time(7))
    assert send_at(at("21:05"), at("21:00"), habits, CITY) == at("21:30")
    assert send_at(at("21:55"), at("21:50"), habits, CITY) == at("07:00") + timedelta(days=1)
    assert send_at(at("21:55"), at("20:00"), habits, CITY) == at("21:55")


@given(moments, moments, st.integers(0, 600), hours, hours)
def test_nothing_is_sent_early_or_within_quiet_hours(
    now: datetime, oldest: datetime, minutes: int, begin: time, end: time
) -> None:
    sent = send_at(now, oldest, Habits(minutes, begin, end), CITY)
    assert sent >= max(now, oldest + timedelta(minutes=minutes))
    assert sent - max(now, oldest + timedelta(minutes=minutes)) <= timedelta(days=1)
    assert send_at(sent, oldest, Habits(minutes, begin, end), CITY) == sent


def test_pauses_double_up_to_the_longest_and_differ_by_chance() -> None:
    pace = Pace(first_s=10, longest_s=100)
    assert [pace.pause_s(tried, 0.5) for tried in (1, 2, 3, 4, 5, 99)] == [10, 20, 40, 80, 100, 100]
    assert (pace.pause_s(1, 0.0), pace.pause_s(1, 1.0)) == (7.5, 12.5)


def test_only_what_happens_is_told() -> None:
    assert set(TOLD) <= {event for _, event in MOVES}
