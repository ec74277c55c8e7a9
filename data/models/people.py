"""Grid workers, the cells they look after, and who is away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, RowId, UnitCode
from data.models.personal import Basis, ciphertext, digests, kept_plain, sealed, written
from geo.persons import Kind

FROM_NOW_ON = text("tstzrange(now(), NULL)")


class Worker(Base):
    """A grid worker of one community."""

    __tablename__ = "worker"
    __table_args__ = (
        CheckConstraint("kind IN ('full_time', 'part_time')", name="kind"),
        CheckConstraint("name ~ '^(.[*])?$'", name="name_masked"),
        CheckConstraint("phone = '' OR phone LIKE '%****%'", name="phone_masked"),
        Index("ix_worker_community_code", "community_code"),
        Index("ix_worker_name_digests", "name_digests", postgresql_using="gin"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(40), unique=True, info=kept_plain("The staff number"))
    name: Mapped[str] = sealed(
        Kind.NAME, purpose="Who looks after a cell and handles cases", basis=Basis.EMPLOYMENT, days="worker_left"
    )
    """Masked: 张*. A check refuses whole names here."""
    name_sealed: Mapped[bytes | None] = ciphertext()
    name_digests: Mapped[list[bytes] | None] = digests()
    phone: Mapped[str | None] = sealed(
        Kind.PHONE, purpose="To reach a grid worker on duty", basis=Basis.EMPLOYMENT, days="worker_left"
    )
    phone_sealed: Mapped[bytes | None] = ciphertext()
    phone_digests: Mapped[list[bytes] | None] = digests()
    kind: Mapped[str] = mapped_column(String(12), server_default="full_time")
    community_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class Assignment(Base):
    """Who looks after a cell, as what, and from when to when. A cell has one head at a time."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("role IN ('head', 'worker', 'substitute')", name="role"),
        ExcludeConstraint(
            ("cell_code", "="),
            ("worker_id", "="),
            ("role", "="),
            ("during", "&&"),
            name="ex_assignment_once",
            using="gist",
        ),
        ExcludeConstraint(
            ("cell_code", "="),
            ("during", "&&"),
            name="ex_assignment_one_head",
            using="gist",
            where=text("role = 'head'"),
        ),
        Index("ix_assignment_worker_id", "worker_id"),
    )

    id: Mapped[RowId]
    cell_code: Mapped[str] = mapped_column(ForeignKey("cell_code.code"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(12))
    during: Mapped[Range[Any]] = mapped_column(TSTZRANGE, server_default=FROM_NOW_ON)


class Leave(Base):
    """A time in which a worker is not on duty."""

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_worker_during", "worker_id", "during", postgresql_using="gist"),)

    id: Mapped[RowId]
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"))
    during: Mapped[Range[Any]] = mapped_column(TSTZRANGE)
    reason: Mapped[str | None] = mapped_column(
        info=written("Why a worker is away", basis=Basis.SENSITIVE, days="leave_reason")
    )
