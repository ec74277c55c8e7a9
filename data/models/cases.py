"""Incidents as they were reported, the cases made of them, and every event of a case. EPSG:4490.

What points from a case to cells, areas, workers and desks is checked by statement triggers, not by foreign keys: one look for
a batch instead of one per row and column (docs/decisions/0003-cheap-cases.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, Float, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Moment, Now, RowId, geometry, told
from data.models.personal import Basis, Form, personal, written

SOURCES = "('grid_worker', 'hotline', 'resident', 'video', 'superior', 'system')"
LOCATED = "('inside', 'border', 'gap', 'picked', 'none')"
DATUMS = "('wgs84', 'cgcs2000', 'gcj02', 'bd09')"
STATES = "('collected', 'filed', 'dispatched', 'handling', 'suspended', 'fed_back', 'verifying', 'closed', 'evaluated')"
OPEN = "state NOT IN ('closed', 'evaluated')"
DONE = "state IN ('closed', 'evaluated')"
CLOSED_AT = "(\nCASE\n    WHEN closed_at IS NULL THEN filed_at\n    ELSE closed_at\nEND)"
"""As PostgreSQL writes it, by which Alembic compares."""
UNHELD = "state IN ('collected', 'filed')"
RUNNING = "state IN ('dispatched', 'handling', 'fed_back', 'verifying') AND due_at IS NOT NULL"
UNRECORDED = "(overdue_at IS NULL OR overdue_at < due_at)"
"""Not on record as late by its present due time; a later one, after an extension or a reopening, counts anew."""
RAISABLE = "level <> 'district' AND state IN ('dispatched', 'handling')"
LEVELS = "('cell', 'community', 'street', 'district')"
OUT = "coalesce(outcome, 'solved') <> 'solved'"
"""Closed without having been solved, perhaps before anybody had it in hand."""
WHEREABOUTS = personal(
    purpose="That who moved a case was on the spot", basis=Basis.SENSITIVE, days="whereabouts", form=Form.COARSE
)
OUTCOMES = "('solved', 'dismissed', 'duplicate', 'with_parent', 'by_decision')"


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
    """What was reported and where. The coordinates stay as given; the converted point moves only when somebody corrects it.

    A corrected category is the case's: `case_file.category_code`.
    """

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(f"datum IN {DATUMS}", name="datum"),
        Index("ix_incident_reported_at", "reported_at", "id"),
        Index("ix_incident_reported_by", "reported_by", postgresql_where=text("reported_by IS NOT NULL")),
        Index(
            "ix_incident_bigrams",
            text("bigrams(description)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "on", "gin_pending_list_limit": "512"},
        ),
    )

    id: Mapped[RowId]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    content_digest: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16), server_default="resident")
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    description: Mapped[str] = mapped_column(server_default="", info=written("What is reported"))
    reported_at: Mapped[Now]
    stored_at: Mapped[Now]
    lon: Mapped[float] = mapped_column(Float)
    lat: Mapped[float] = mapped_column(Float)
    datum: Mapped[str] = mapped_column(String(8))
    accuracy_m: Mapped[float | None] = mapped_column(Float)
    """How exact the place is, as the phone says."""
    observed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When it was seen, which may be long before a phone without signal could report it."""
    reported_by: Mapped[str | None] = mapped_column(String(40))
    """`worker:<id>` where a grid worker reported it."""
    picked_cell: Mapped[str | None] = mapped_column(String(20))
    """The code of the cell that the reporter picked among those within the tolerance."""
    attributes: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, info=written("What a file brought besides", days="incident_attributes")
    )
    geom: Mapped[Any] = geometry("POINT")


class CaseFile(Base):
    """The case of an incident: on which ground it lies, its state, its clock, and who holds it now, never nobody."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"located IN {LOCATED}", name="located"),
        CheckConstraint(f"level IN {LEVELS}", name="level"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint(f"{UNHELD} OR {OUT} OR num_nonnulls(worker_id, desk_code, agency_id) = 1", name="one_holder"),
        CheckConstraint(f"{UNHELD} OR {OUT} OR dispatched_at IS NOT NULL", name="dispatched_at"),
        Index("ix_case_file_waiting", "filed_at", "id", postgresql_where=text("state = 'filed'")),
        Index("ix_case_file_worker_open", "worker_id", postgresql_where=text(f"worker_id IS NOT NULL AND {OPEN}")),
        Index("ix_case_file_desk_open", "desk_code", postgresql_where=text(f"desk_code IS NOT NULL AND {OPEN}")),
        Index("ix_case_file_agency_open", "agency_id", postgresql_where=text(f"agency_id IS NOT NULL AND {OPEN}")),
        Index(
            "ix_case_file_running",
            text("coalesce(time_limit, '')"),
            "stages_late",
            "due_at",
            postgresql_where=text(f"{RUNNING} AND {UNRECORDED}"),
        ),
        Index(
            "ix_case_file_late",
            text("coalesce(escalated_at, '-infinity'::timestamptz)"),
            postgresql_where=text(f"{RAISABLE} AND overdue_at >= due_at"),
        ),
        Index("ix_case_file_provisional", "id", postgresql_where=text(f"is_provisional AND {OPEN}")),
        Index("ix_case_file_returned", "id", postgresql_where=text(f"{RAISABLE} AND returns > returns_before")),
        Index("ix_case_file_due_open", "due_at", "id", postgresql_where=text(OPEN)),
        Index(
            "ix_case_file_state_open",
            "state",
            "due_at",
            "id",
            postgresql_where=text(OPEN),
            postgresql_include=[
                "filed_at",
                "dispatched_at",
                "community_id",
                "street_id",
                "worker_id",
                "desk_code",
                "agency_id",
                "cell_id",
                "lead",
                "handler",
            ],
        ),
        Index("ix_case_file_community_open", "community_id", "due_at", "id", postgresql_where=text(OPEN)),
        Index("ix_case_file_closed", text(CLOSED_AT), "id", postgresql_where=text(DONE)),
        Index("ix_case_file_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_case_file_cell_id", "cell_id", "filed_at", "id"),
        Index("ix_case_file_filed_at", "filed_at", "id"),
        Index("ix_case_file_street_id", "street_id"),
        Index("ix_case_file_community_id", "community_id"),
        Index("ix_case_file_worker_done", "worker_id", postgresql_where=text(f"worker_id IS NOT NULL AND {DONE}")),
        Index("ix_case_file_desk_done", "desk_code", postgresql_where=text(f"desk_code IS NOT NULL AND {DONE}")),
        Index("ix_case_file_agency_done", "agency_id", postgresql_where=text(f"agency_id IS NOT NULL AND {DONE}")),
    )

    id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"), primary_key=True, autoincrement=False)
    """The incident's id: one incident, one case."""
    seq: Mapped[int] = mapped_column(server_default=text("1"))
    """The number of its events; each move raises it by one under the row's lock, so that the chain has no gap."""
    category_code: Mapped[str | None] = mapped_column(String(40))
    """The category after a correction; null: as reported."""
    state: Mapped[str] = mapped_column(String(12), server_default="filed")
    outcome: Mapped[str | None] = mapped_column(String(12))
    """How it was closed."""
    level: Mapped[str] = mapped_column(String(12), server_default="cell")
    """How far up it has come: cell, community, street, district."""
    filed_at: Mapped[Now]
    dispatched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """The last dispatch, from which the clock runs."""
    held_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Since when the present holder has it in this state; null: since it was filed."""
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    located: Mapped[str | None] = mapped_column(String(8))
    """inside, border, gap, picked, none; null: not located yet (bulk imports are located when they are dispatched)."""
    candidates: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    """Other cells within the tolerance, nearest first: `code`, `distance_m`."""
    cell_id: Mapped[int | None] = mapped_column(BigInteger)
    community_id: Mapped[int | None] = mapped_column(BigInteger)
    street_id: Mapped[int | None] = mapped_column(BigInteger)
    worker_id: Mapped[int | None] = mapped_column(BigInteger)
    desk_code: Mapped[str | None] = mapped_column(String(12))
    agency_id: Mapped[int | None] = mapped_column(BigInteger)
    lead: Mapped[str | None] = mapped_column(String(40))
    """Who received it first and stays answerable: `worker:<id>`, `desk:<code>` or `agency:<id>`."""
    handler: Mapped[str | None] = mapped_column(String(40))
    """Who did the work; somebody else has to verify it."""
    refused_by: Mapped[list[str] | None] = mapped_column(ARRAY(String(40)))
    """Who returned it; routing passes them over."""
    rule_id: Mapped[int | None] = mapped_column(BigInteger)
    """The handling rule that was applied."""
    time_limit: Mapped[str | None] = mapped_column(String(40))
    """As the rule says it: 4wh, 2wd, 90m; null: no clock."""
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    """Counted over a year whose calendar is not loaded."""
    remaining_minutes: Mapped[float | None] = mapped_column(Float)
    """Of a suspended case: what was left on its clock, below zero when it was late; working minutes, unless it runs round the
    clock."""
    asked_limit: Mapped[str | None] = mapped_column(String(40))
    """An extension that was asked for and not decided."""
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    overdue_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When its breach was put on record."""
    stages_late: Mapped[int] = mapped_column(server_default=text("0"))
    """How many stages of its limit went by before the last."""
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When it last went up a level; null: not since it is late."""
    hops: Mapped[int] = mapped_column(server_default=text("0"))
    """How often it changed hands."""
    returns: Mapped[int] = mapped_column(server_default=text("0"))
    returns_before: Mapped[int] = mapped_column(server_default=text("0"))
    """Of its returns, those before it last went up."""
    reworks: Mapped[int] = mapped_column(server_default=text("0"))
    """How often a check failed or it was opened again."""
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    """The case that this one is a double of and closes with."""
    forgotten_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When what people wrote in it was taken out."""


class CaseEvent(Base):
    """Everything that happened to a case, append-only: a trigger refuses updates and deletions. Partitioned by month of `at`."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case_id", "case_id", "seq"),
        Index("ix_case_event_txid", "txid", "id"),
        Index("ix_case_event_held_by", "held_by", "case_id", postgresql_where=text("held_by IS NOT NULL")),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[RowId]
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    """The writing transaction, so that a reader can follow the table in commit order without a gap."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(server_default=text("1"))
    """The event's place in the case's history, from 1 without a gap."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"), primary_key=True)
    event: Mapped[str] = mapped_column(String(16))
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(40))
    """Who did it: `dispatcher`, `sweeper`, `worker:<id>`, `desk:<code>`, `agency:<id>`, `reporter`, `import`."""
    account: Mapped[str | None] = mapped_column(String(80), server_default=told("account"))
    """Under which account; null: nobody signed in."""
    worker_id: Mapped[int | None] = mapped_column(BigInteger)
    """Who has the case after the event, where that is a worker; else `desk_code` or `agency_id`."""
    desk_code: Mapped[str | None] = mapped_column(String(12))
    agency_id: Mapped[int | None] = mapped_column(BigInteger)
    held_by: Mapped[str | None] = mapped_column(String(40))
    """Who had the case until this event, where it changes hands or state; with `held_minutes` the ledger."""
    held_minutes: Mapped[float | None] = mapped_column(Float)
    reason: Mapped[str | None] = mapped_column(info=written("Why a case was moved", days=None))
    """Stays as long as the ledger, by which people answer for what they did."""
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Why this holder: rule, cell version, roster seen; enough to decide again and to read aloud."""
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What else belongs to the event: photos, the category before and after, the limit granted."""


class CaseWhereabouts(Base):
    """Where somebody stood when he moved a case, if the phone gave it. Beside the ledger, so that it can go after some time."""

    __tablename__ = "case_whereabouts"
    __table_args__ = (Index("ix_case_whereabouts_at", "at"),)

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the event."""
    at: Mapped[Moment]
    lon: Mapped[float] = mapped_column(Float, info=WHEREABOUTS)
    """EPSG:4490, rounded to `whereabouts_decimals`."""
    lat: Mapped[float] = mapped_column(Float, info=WHEREABOUTS)


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
