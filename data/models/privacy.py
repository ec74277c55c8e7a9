"""What the care for people's data keeps: reporters' contacts, how long things stay, what was taken out, exports asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId
from data.models.personal import Basis, ciphertext, digests, sealed, written
from geo.persons import Kind

CONTACT_DAYS = "reporter_contact"


class ReporterContact(Base):
    """How to reach who reported a case, if he said so; goes some time after the case is closed."""

    __tablename__ = "reporter_contact"
    __table_args__ = (
        CheckConstraint("name ~ '^(.[*])?$'", name="name_masked"),
        CheckConstraint("phone = '' OR phone LIKE '%****%'", name="phone_masked"),
        CheckConstraint("home IN ('', '****')", name="home_masked"),
        Index("ix_reporter_contact_name_digests", "name_digests", postgresql_using="gin"),
        Index("ix_reporter_contact_phone_digests", "phone_digests", postgresql_using="gin"),
    )

    case_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str | None] = sealed(
        Kind.NAME, purpose="To speak to who reported a case", basis=Basis.CONSENT, days=CONTACT_DAYS
    )
    name_sealed: Mapped[bytes | None] = ciphertext()
    name_digests: Mapped[list[bytes] | None] = digests()
    phone: Mapped[str | None] = sealed(
        Kind.PHONE, purpose="To call back who reported a case", basis=Basis.CONSENT, days=CONTACT_DAYS
    )
    phone_sealed: Mapped[bytes | None] = ciphertext()
    phone_digests: Mapped[list[bytes] | None] = digests()
    home: Mapped[str | None] = sealed(
        Kind.HOME, purpose="To find who reported a case at home", basis=Basis.CONSENT, days=CONTACT_DAYS
    )
    home_sealed: Mapped[bytes | None] = ciphertext()
    home_digests: Mapped[list[bytes] | None] = digests()
    stored_at: Mapped[Now]


class RetentionRule(Base):
    """How many days people's data of one sort stays. Loaded from data/reference/retention.csv."""

    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True, server_default=text("current_date"))
    valid_to: Mapped[date | None]
    days: Mapped[int]
    counted_from: Mapped[str]
    """From what the days run, in words."""
    source: Mapped[str]


class RetentionLog(Base):
    """What was taken out because its days were over: a row per batch, written with it."""

    __tablename__ = "retention_log"
    __table_args__ = (Index("ix_retention_log_rule", "rule", "at"),)

    id: Mapped[RowId]
    at: Mapped[Now]
    rule: Mapped[str] = mapped_column(String(40))
    before: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """What was older than this went."""
    rows: Mapped[int]


class PersonalExport(Base):
    """A table with people's whole data that somebody asked for; another decides, and it is taken once."""

    __tablename__ = "personal_export"
    __table_args__ = (
        CheckConstraint("what IN ('reporters', 'workers')", name="what"),
        CheckConstraint("decided_by <> asked_by", name="second_person"),
        CheckConstraint("num_nulls(decided_by, decided_at, is_approved) IN (0, 3)", name="decided"),
        CheckConstraint("taken_at IS NULL OR is_approved", name="taken"),
        Index("ix_personal_export_asked_at", "asked_at"),
    )

    id: Mapped[RowId]
    what: Mapped[str] = mapped_column(String(12))
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("unit.code"))
    """The ground whose people it is about."""
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """What narrows it: `since` and `until`, days of the reports."""
    reason: Mapped[str] = mapped_column(info=written("Why a table of people was asked for", days="personal_export"))
    asked_by: Mapped[str] = mapped_column(String(80))
    """The account."""
    asked_as: Mapped[str] = mapped_column(String(40))
    """The actor for whom the account acted."""
    asked_at: Mapped[Now]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_approved: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(info=written("What was said to a decision", days="personal_export"))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Until when an approved one can be taken."""
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rows: Mapped[int | None]
