"""Incidents as they were reported, the cases made of them, and every event of a case. EPSG:4490.

What points from a case to cells, areas, workers and desks is checked by statement triggers, not by foreign keys: one look for
a batch instead of one per row and column (docs/decisions/0003-cheap-cases.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Float, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Moment, Now, RowId, geometry

SOURCES = "('grid_worker', 'hotline', 'resident', 'video', 'superior', 'system')"
LOCATED = "('inside', 'border', 'gap', 'none')"
DATUMS = "('wgs84', 'cgcs2000', 'gcj02', 'bd09')"
STATES = "('filed', 'dispatched', 'handling', 'verifying', 'suspended', 'closed')"
OPEN = "state <> 'closed'"


class Category(Base):
    """大类 and 小类 of what is reported: a component (a broken thing) or an event (something happening)."""

    __tablename__ = "category"
    __table_args__ = (CheckConstraint("kind IN ('component', 'event')", name="kind"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str]
    name_en: Mapped[str]
    source: Mapped[str]


class Incident(Base):
    """What was reported and where; never changed. The coordinates stay as given beside the converted point."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(f"datum IN {DATUMS}", name="datum"),
        Index("ix_incident_reported_at", "reported_at", "id"),
    )

    id: Mapped[RowId]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    content_digest: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16), server_default="resident")
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    description: Mapped[str] = mapped_column(server_default="")
    reported_at: Mapped[Now]
    stored_at: Mapped[Now]
    lon: Mapped[float] = mapped_column(Float)
    lat: Mapped[float] = mapped_column(Float)
    datum: Mapped[str] = mapped_column(String(8))
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    geom: Mapped[Any] = geometry("POINT")


class CaseFile(Base):
    """The case of an incident: on which ground it lies, its state and who holds it now: a worker or a desk, never nobody."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"located IN {LOCATED}", name="located"),
        CheckConstraint("state = 'filed' OR num_nonnulls(worker_id, desk_code) = 1", name="one_holder"),
        CheckConstraint("state = 'filed' OR dispatched_at IS NOT NULL", name="dispatched_at"),
        Index("ix_case_file_waiting", "filed_at", "id", postgresql_where=text("state = 'filed'")),
        Index("ix_case_file_worker_open", "worker_id", postgresql_where=text(f"worker_id IS NOT NULL AND {OPEN}")),
        Index("ix_case_file_desk_open", "desk_code", postgresql_where=text(f"desk_code IS NOT NULL AND {OPEN}")),
        Index("ix_case_file_cell_id", "cell_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"), primary_key=True, autoincrement=False)
    """The incident's id: one incident, one case."""
    state: Mapped[str] = mapped_column(String(12), server_default="filed")
    filed_at: Mapped[Now]
    dispatched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    located: Mapped[str | None] = mapped_column(String(8))
    """inside, border, gap, none; null: not located yet (bulk imports are located when they are dispatched)."""
    candidates: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    """Other cells within the tolerance, nearest first: `code`, `distance_m`."""
    cell_id: Mapped[int | None] = mapped_column(BigInteger)
    community_id: Mapped[int | None] = mapped_column(BigInteger)
    street_id: Mapped[int | None] = mapped_column(BigInteger)
    worker_id: Mapped[int | None] = mapped_column(BigInteger)
    desk_code: Mapped[str | None] = mapped_column(String(12))


class CaseEvent(Base):
    """Everything that happened to a case, append-only: a trigger refuses updates and deletions."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case_id", "case_id", "id"),
        Index("ix_case_event_txid", "txid", "id"),
    )

    id: Mapped[RowId]
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    """The writing transaction, so that a reader can follow the table in commit order without a gap."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Now]
    event: Mapped[str] = mapped_column(String(16))
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(40))
    """Who did it: `dispatcher`, `worker:<id>`, `desk:<code>`, `reporter`, `import`."""
    worker_id: Mapped[int | None] = mapped_column(BigInteger)
    desk_code: Mapped[str | None] = mapped_column(String(12))
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Why this holder: rule, cell version, roster seen; enough to decide again and to read aloud."""


class DispatchRun(Base):
    """A shift of the dispatcher, with its figures."""

    __tablename__ = "dispatch_run"

    id: Mapped[RowId]
    started_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class GroundRevision(Base):
    """One row: a number that grows with every change of areas, cells, facilities or rosters: what a reader holds is old."""

    __tablename__ = "ground_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(BigInteger)
