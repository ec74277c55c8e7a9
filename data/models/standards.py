"""Standards and parameters as dated rows with their sources, and what checking against them found. Floor areas are m²."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId, UnitCode, Valid


class Parameter(Valid, Base):
    """A number that a rule uses: walking minutes, tolerance, cell size … Loaded from data/reference/parameters.csv."""

    __tablename__ = "parameter"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(String(24))
    source: Mapped[str]


class Standard(Valid, Base):
    """A floor-area standard: one edition, its source, and how a shared station counts."""

    __tablename__ = "standard"
    __table_args__ = (
        CheckConstraint("sharing IN ('by_households', 'equal', 'full')", name="sharing"),
        UniqueConstraint("name", "valid_from"),
    )

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    title_en: Mapped[str]
    sharing: Mapped[str] = mapped_column(String(16), server_default="by_households")
    source: Mapped[str]


class StandardLimit(Base):
    """What a standard asks of an area class; class `any` stands for all."""

    __tablename__ = "standard_limit"
    __table_args__ = (
        CheckConstraint("area_class IN ('new', 'old_city', 'any')", name="area_class"),
        CheckConstraint("required_m2 > 0", name="required"),
    )

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id", ondelete="CASCADE"), primary_key=True)
    area_class: Mapped[str] = mapped_column(String(12), primary_key=True)
    required_m2: Mapped[float] = mapped_column(Float)


class CheckRun(Base):
    """One check of all communities against one standard."""

    __tablename__ = "check_run"
    __table_args__ = (Index("ix_check_run_latest", "standard_id", "checked_at"),)

    id: Mapped[RowId]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    checked_at: Mapped[Now]
    input_digest: Mapped[str | None] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class Finding(Base):
    """What one community has and lacks. `unknown` when floor area or area class is not recorded; never counted as met."""

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("outcome IN ('meets', 'short', 'unknown')", name="outcome"),
        CheckConstraint("outcome = 'unknown' OR (required_m2 IS NOT NULL AND actual_m2 IS NOT NULL)", name="known"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("check_run.id", ondelete="CASCADE"), primary_key=True)
    community_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))
    area_class: Mapped[str | None] = mapped_column(String(12))
    required_m2: Mapped[float | None] = mapped_column(Float)
    actual_m2: Mapped[float | None] = mapped_column(Float)
    missing_m2: Mapped[float | None] = mapped_column(Float)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Stations that count, each with its share in m²; and why, when unknown."""
