"""The calendar that time limits run by: the days in the table, the hours and the time zone in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import Connection, select

from data.models import CalendarDay
from data.settings import settings
from geo.calendars import Calendar, Day, parse_hours

DAYS = select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name, CalendarDay.name_en)


def read(connection: Connection | psycopg.Connection[Any]) -> Calendar:
    """The calendar as it is loaded now; keep its `digest` beside what was counted by it, to know when to count anew."""
    rows = connection.execute(DAYS) if isinstance(connection, Connection) else connection.execute(str(DAYS).encode())
    return made_of(rows)


def made_of(rows: Iterable[Sequence[Any]]) -> Calendar:
    """The calendar of rows with the columns of `DAYS`."""
    zone = ZoneInfo(settings().timezone)
    return Calendar(parse_hours(settings().working_hours), zone, {day: Day(*laid_down) for day, *laid_down in rows})
