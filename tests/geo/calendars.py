"""Calendars, hours and moments to count with: real ones by hand, others at random."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from geo.calendars import Calendar, Day, Hours, parse_hours
from geo.limits import Limit, Unit

CITY = ZoneInfo("Asia/Shanghai")
HOURS = parse_hours("09:00-12:00,13:00-18:00")
MAKE_UP = Day(True, "春节", "Spring Festival")
FESTIVAL = Day(False, "春节", "Spring Festival")
SPRING_2025 = {date(2025, 1, 26): MAKE_UP, date(2025, 2, 8): MAKE_UP} | {
    date(2025, 1, 28) + timedelta(days=n): FESTIVAL for n in range(8)
}
CALENDAR = Calendar(HOURS, CITY, SPRING_2025)
"""2025 with its Spring Festival alone; no other year is loaded."""
FIRST_DAY = date(2025, 12, 15)


def at(text: str) -> datetime:
    """A moment in the city's time."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """One to four intervals anywhere in the day; some touch each other or midnight."""
    mark = st.integers(0, 24 * 60) | st.sampled_from([0, 12 * 60, 24 * 60])
    marks = sorted(draw(st.lists(mark, min_size=2, max_size=8, unique=True)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    if len(pairs) > 1 and draw(st.booleans()):
        pairs[1] = (pairs[0][1], pairs[1][1])
    return Hours(tuple(pairs))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """The turn of a year, of which none, one or both are loaded, with any days off and any weekends worked."""
    years = draw(st.sets(st.sampled_from([2025, 2026])))
    near = st.integers(0, 60).map(lambda n: FIRST_DAY + timedelta(days=n))
    days = draw(st.dictionaries(near, st.builds(Day, st.booleans(), st.sampled_from(["春节", "元旦"])), max_size=25))
    return Calendar(draw(hours()), CITY, {day: row for day, row in days.items() if day.year in years})


starts = st.integers(0, 35 * 24 * 60).map(lambda n: datetime(2025, 12, 15, tzinfo=CITY) + timedelta(minutes=n))
moments = st.integers(0, 35 * 24 * 3600 * 1000).map(
    lambda n: datetime(2025, 12, 15, tzinfo=CITY) + timedelta(milliseconds=n)
)
working_limits = st.one_of(
    st.builds(Limit, st.integers(1, 30), st.just(Unit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 4), st.just(Unit.WORKING_DAYS)),
)
limits = st.one_of(
    working_limits,
    st.builds(Limit, st.integers(1, 5000), st.just(Unit.MINUTES)),
    st.builds(Limit, st.integers(1, 100), st.just(Unit.HOURS)),
    st.builds(Limit, st.integers(1, 20), st.just(Unit.DAYS)),
)
