"""What the street office's desk keeps: ratings, scores with what they leave out, notices to send, views, bulk moves, photos."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId
from data.models.personal import Basis, Form, ciphertext, digests, personal, sealed, written
from geo.persons import Kind

PERIODS = "('day', 'week', 'month', 'quarter', 'year', 'custom')"
DIMENSIONS = "('all', 'district', 'street', 'community', 'cell', 'department', 'category')"

KEPT_BY_OWNER = personal(
    purpose="A selection that somebody keeps, with the words he typed", basis=Basis.CONSENT, days=None, form=Form.TEXT
)


class Rating(Base):
    """What the reporter says of a closed case: was it answered, was it solved, how satisfied from 1 to 5. One per closing."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        UniqueConstraint("case_id", "closing"),
    )

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    closing: Mapped[int]
    """`seq` of the event that closed the case."""
    is_answered: Mapped[bool]
    is_solved: Mapped[bool]
    satisfaction: Mapped[int]
    comment: Mapped[str] = mapped_column(
        server_default="", info=written("What a reporter says of the result", basis=Basis.CONSENT)
    )
    rated_by: Mapped[str] = mapped_column(String(40))
    rated_at: Mapped[Now]


class Exclusion(Base):
    """A decision that a case does not count in scores; never deleted, ended by `ended_at`."""

    __tablename__ = "exclusion"
    __table_args__ = (Index("ix_exclusion_case_id", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    reason: Mapped[str] = mapped_column(info=written("Why a case does not count"))
    decided_by: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[Now]
    ended_by: Mapped[str | None] = mapped_column(String(40))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ScoreRun(Base):
    """One reckoning of the scores of a period, from events alone. `period_to` is excluded."""

    __tablename__ = "score_run"
    __table_args__ = (
        CheckConstraint(f"period IN {PERIODS}", name="period"),
        Index("ix_score_run_latest", "period", "period_from", "reckoned_at"),
    )

    id: Mapped[RowId]
    period: Mapped[str] = mapped_column(String(8))
    period_from: Mapped[date]
    period_to: Mapped[date]
    reckoned_at: Mapped[Now]
    event_id: Mapped[int] = mapped_column(BigInteger)
    """The last event that was read."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class Score(Base):
    """The figures of one street, community, cell, department or category in a run, each with numerator and denominator."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint(f"dimension IN {DIMENSIONS}", name="dimension"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("score_run.id", ondelete="CASCADE"), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)


class NoticeAddress(Base):
    """Where and when somebody wants to be told: an apprise address, quiet hours, and a digest every so many minutes."""

    __tablename__ = "notice_address"
    __table_args__ = (
        CheckConstraint("digest_minutes >= 0", name="digest"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),
        CheckConstraint("url = '' OR url LIKE '%://****'", name="url_masked"),
        UniqueConstraint("recipient", "url_digests"),
    )

    id: Mapped[RowId]
    recipient: Mapped[str] = mapped_column(String(40))
    """`worker:<id>`, `desk:<code>` or `agency:<id>`."""
    url: Mapped[str] = sealed(
        Kind.ADDRESS, purpose="To tell people of their cases", basis=Basis.CONSENT, days="notice_address"
    )
    """Masked: mailtos://****; sealed as apprise writes it: mailtos://…, wecombot://…, dingtalk://…, feishu://…, json://…"""
    url_sealed: Mapped[bytes | None] = ciphertext()
    url_digests: Mapped[list[bytes] | None] = digests()
    language: Mapped[str] = mapped_column(String(2), server_default="zh")
    digest_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When it was taken out of use."""


class Notice(Base):
    """The outbox: one row per event and recipient, written with the event, sent afterwards."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state"),
        UniqueConstraint("event_id", "recipient"),
        Index("ix_notice_waiting", "not_before", "id", postgresql_where=text("state IN ('waiting', 'sending')")),
        Index("ix_notice_recipient", "recipient", "message", postgresql_where=text("state IN ('waiting', 'sending')")),
    )

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[int] = mapped_column(BigInteger)
    recipient: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[Now]
    not_before: Mapped[Now]
    """When it is looked at next: at once, at the end of a digest, of quiet hours or of a pause after a failure; while it is
    being sent, when its sender counts as lost."""
    state: Mapped[str] = mapped_column(String(8), server_default="waiting")
    message: Mapped[int | None] = mapped_column(BigInteger)
    """What it goes out with: the lowest id of the notices in one message. Once given it stays, whatever fails."""
    address_id: Mapped[int | None] = mapped_column(ForeignKey("notice_address.id", ondelete="SET NULL"))
    """Where it was sent last."""
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    last_error: Mapped[str | None]


class NoticeCursor(Base):
    """One row: how far the events have been read for notices. See data/sql/collect_notices.sql."""

    __tablename__ = "notice_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[str]
    """The snapshot of which all has been read."""
    now: Mapped[str | None]
    """The snapshot that is being read; null: none."""
    after_txid: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    after_id: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Of the snapshot that is being read, the last event so far."""


class SavedView(Base):
    """A selection of cases that somebody keeps under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: Mapped[RowId]
    owner: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80), info=KEPT_BY_OWNER)
    query: Mapped[dict[str, Any]] = mapped_column(JSONB, info=KEPT_BY_OWNER)
    saved_at: Mapped[Now]


class BulkMove(Base):
    """One move of many cases by one decision, with what came of each; an assignment can be undone."""

    __tablename__ = "bulk_move"

    id: Mapped[RowId]
    event: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(info=written("Why many cases were moved"))
    moved_at: Mapped[Now]
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Per case: `id`, `seq` of its event, the holder before; or the `error`."""
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CasePhoto(Base):
    """A picture that belongs to a case. Its bytes, written anew without the camera's own notes, lie under the home folder."""

    __tablename__ = "case_photo"
    __table_args__ = (Index("ix_case_photo_case_id", "case_id"),)

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    sha256: Mapped[str] = mapped_column(
        String(64),
        info=personal(purpose="What a place looked like", basis=Basis.DUTY, days="case_photo", form=Form.FILE),
    )
    """Of the picture; its file, encrypted, bears this name."""
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    taken_by: Mapped[str] = mapped_column(String(40))
    stored_at: Mapped[Now]
