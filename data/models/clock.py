"""The calendar by which time limits run."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base


class CalendarDay(Base):
    """A day on which work differs from Monday to Friday: a holiday, or a weekend that is worked. A year with rows is loaded."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]
    name_en: Mapped[str]
    source: Mapped[str]
