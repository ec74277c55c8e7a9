"""Days in the city's time zone, and what is valid on one of them. `valid_to` is the first day on which a row no longer holds."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_

from data.models.base import Valid
from data.settings import settings


def today() -> date:
    """The day that it is in the city, wherever the server stands."""
    return datetime.now(ZoneInfo(settings().timezone)).date()


def holds(table: type[Valid], on: date) -> ColumnElement[bool]:
    """Whether a row of `table` is valid on the day `on`."""
    return and_(table.valid_from <= on, or_(table.valid_to.is_(None), table.valid_to > on))
