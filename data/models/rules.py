"""Rules of the flow as dated rows: what counts as a double, whose reports are collected first, what reasons are offered; and keys
of moves already made."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, told
from data.models.cases import SOURCES

ANY = "any"


class DuplicateRule(Base):
    """How near and how recent an open case of the same category is offered as the same thing, by category."""

    __tablename__ = "duplicate_rule"
    __table_args__ = (CheckConstraint("radius_m > 0 AND hours > 0", name="positive"),)

    category_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A minor category, a major one for all below it, or `any`."""
    valid_from: Mapped[date] = mapped_column(primary_key=True, server_default=text("current_date"))
    valid_to: Mapped[date | None]
    radius_m: Mapped[float]
    hours: Mapped[float]
    """Filed not longer ago."""
    source: Mapped[str]


class IntakeRule(Base):
    """Whether reports of a source are filed at once or first collected, for a desk to file or dismiss; without a row, filed."""

    __tablename__ = "intake_rule"
    __table_args__ = (CheckConstraint(f"reported_by IN {SOURCES}", name="reported_by"),)

    reported_by: Mapped[str] = mapped_column(String(16), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True, server_default=text("current_date"))
    valid_to: Mapped[date | None]
    is_collected: Mapped[bool]
    source: Mapped[str]
    """Who says so."""


class ReadyReason(Base):
    """A reason that is offered for a move, so that nobody types in a stairwell. Loaded from data/reference/reasons.csv."""

    __tablename__ = "ready_reason"
    __table_args__ = (CheckConstraint("move IN ('return', 'ask_help', 'unmask')", name="move"),)

    move: Mapped[str] = mapped_column(String(16), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True, server_default=text("current_date"))
    valid_to: Mapped[date | None]
    position: Mapped[int]
    """In the list of its move."""
    name: Mapped[str]
    name_en: Mapped[str]
    source: Mapped[str]


class MoveKey(Base):
    """The key under which somebody moved a case or many, or added a photo: the same again is not done again."""

    __tablename__ = "move_key"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of who asked for what."""
    bulk_id: Mapped[int | None] = mapped_column(BigInteger)
    photo_id: Mapped[int | None] = mapped_column(BigInteger)
    stored_at: Mapped[Now]
    claimed_by: Mapped[str | None] = mapped_column(String(40), server_default=told("actor"))
    """Who alone sees it."""
