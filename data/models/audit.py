"""Who did what: lines that nobody changes, and the seals that chain them. docs/audit.md says how they are verified."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Moment, RowId, told
from data.models.personal import kept_plain

ANSWERABLE = kept_plain("Who looked at what and why; kept for a year or longer, see docs/audit.md")


class AuditLine(Base):
    """One thing that somebody did, append-only: a trigger refuses updates and deletions. Partitioned by month of `at`."""

    __tablename__ = "audit_line"
    __table_args__ = (
        Index("ix_audit_line_txid", "txid", "id"),
        Index("ix_audit_line_at", "at", "id"),
        Index("ix_audit_line_account", "account", "at", "id"),
        Index("ix_audit_line_action", "action", "at", "id"),
        Index("ix_audit_line_subject", "subject", "at", "id"),
        Index("ix_audit_line_address", "address", "at", "id"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[RowId]
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    """The writing transaction, so that lines are sealed in commit order without a gap."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"), primary_key=True)
    action: Mapped[str] = mapped_column(String(40))
    account: Mapped[str | None] = mapped_column(String(80), server_default=told("account"), info=ANSWERABLE)
    """Who did it: an account, or `command:<user of the operating system>`; null: nobody who signed in."""
    office: Mapped[str | None] = mapped_column(String(24), server_default=told("office"))
    actor: Mapped[str | None] = mapped_column(String(40), server_default=told("actor"))
    address: Mapped[str | None] = mapped_column(String(45), server_default=told("address"), info=ANSWERABLE)
    subject: Mapped[str] = mapped_column(String(200))
    """What it was done to, as `kind:key`."""
    reason: Mapped[str | None] = mapped_column(info=ANSWERABLE)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class AuditSeal(Base):
    """A run of rows chained to all before them, append-only; when a month is dropped its seals keep their hashes alone."""

    __tablename__ = "audit_seal"
    __table_args__ = (
        CheckConstraint("source IN ('line', 'event')", name="source"),
        CheckConstraint("octet_length(previous) = 32 AND octet_length(hash) = 32", name="hashes"),
        Index("ix_audit_seal_source", "source", "number"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """From 1 without a gap: two sealers cannot both write the next."""
    source: Mapped[str] = mapped_column(String(8))
    at: Mapped[Moment]
    seen: Mapped[str]
    """The snapshot up to which the source is sealed with it."""
    month: Mapped[date | None]
    """In which all its rows lie, in UTC; null when it has none."""
    rows: Mapped[int]
    previous: Mapped[bytes]
    ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """Of its rows, in the order of the chain."""
    marks: Mapped[bytes | None]
    """Of the hash before the first row and of each row: whole for lines, eight bytes for events."""
    hash: Mapped[bytes]
