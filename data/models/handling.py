"""Who has to act: agencies, the rules that choose among workers, agencies and desks, helpers, and calls to the spot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId, UnitCode, Valid, geometry
from data.models.cases import LEVELS, SOURCES
from data.models.personal import Basis, ciphertext, digests, sealed, written
from geo.persons import Kind

AGENCIES = "('station', 'committee', 'street_team', 'department')"
HANDLERS = "('cell_worker', 'station', 'committee', 'street_team', 'department')"


class Agency(Valid, Base):
    """Who handles cases besides grid workers: a service station, a residents' committee, a street team, a department."""

    __tablename__ = "agency"
    __table_args__ = (
        CheckConstraint(f"kind IN {AGENCIES}", name="kind"),
        CheckConstraint("phone = '' OR phone LIKE '%****%'", name="phone_masked"),
        Index("ix_agency_area_code", "area_code", "kind"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str]
    name_en: Mapped[str | None]
    area_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"))
    """The community, street or district that it acts for."""
    phone: Mapped[str | None] = sealed(
        Kind.PHONE, purpose="To reach who is on duty in an agency", basis=Basis.EMPLOYMENT, days="agency_ended"
    )
    phone_sealed: Mapped[bytes | None] = ciphertext()
    phone_digests: Mapped[list[bytes] | None] = digests()


class HandlingRule(Valid, Base):
    """Who handles what and within which time. Null means any; of the rules that fit, the most particular one decides."""

    __tablename__ = "handling_rule"
    __table_args__ = (
        CheckConstraint(f"handler IN {HANDLERS}", name="handler"),
        CheckConstraint(f"level IN {LEVELS}", name="level"),
        CheckConstraint("area_class IN ('new', 'old_city')", name="area_class"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        UniqueConstraint("code", "valid_from"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(40))
    """Its name over all editions."""
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    """A minor category, or a major one for all below it."""
    level: Mapped[str | None] = mapped_column(String(12))
    """How far up the case has come."""
    area_class: Mapped[str | None] = mapped_column(String(12))
    source: Mapped[str | None] = mapped_column(String(16))
    area_code: Mapped[str | None] = mapped_column(String(12), ForeignKey("unit.code"))
    """A district, street or community that the rule is confined to."""
    handler: Mapped[str] = mapped_column(String(12))
    agency_code: Mapped[str | None] = mapped_column(String(40))
    """Which agency of that kind; null: the one of the place."""
    time_limit: Mapped[str | None] = mapped_column(String(40))
    """4wh, 2wd, 90m, or stages 4wh/7wd/20wd; null: no clock."""
    basis: Mapped[str]
    """Who says so."""


class CaseHelper(Base):
    """Somebody whom the one in charge asked for help; reports to the lead, who stays answerable."""

    __tablename__ = "case_helper"
    __table_args__ = (UniqueConstraint("case_id", "helper", "asked_at"), Index("ix_case_helper_helper", "helper"))

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    helper: Mapped[str] = mapped_column(String(40))
    """`worker:<id>`, `desk:<code>` or `agency:<id>`."""
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[Now]
    request: Mapped[str] = mapped_column(server_default="", info=written("What a helper is asked for"))
    reported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    report: Mapped[str | None] = mapped_column(info=written("What a helper reports"))


class CaseFollower(Base):
    """A report of something already known: its reporter follows the case instead of opening another."""

    __tablename__ = "case_follower"
    __table_args__ = (Index("ix_case_follower_case_id", "case_id"),)

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    source: Mapped[str] = mapped_column(String(16), server_default="resident")
    note: Mapped[str] = mapped_column(server_default="", info=written("What else somebody says of a case"))
    followed_at: Mapped[Now]


class Whistle(Base):
    """A street calls departments to the spot (街道吹哨): where, when, what for."""

    __tablename__ = "whistle"
    __table_args__ = (Index("ix_whistle_case_id", "case_id"),)

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    called_by: Mapped[str] = mapped_column(String(40))
    called_at: Mapped[Now]
    meet_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When they are to be there."""
    place: Mapped[str] = mapped_column(server_default="", info=written("Where departments meet"))
    request: Mapped[str] = mapped_column(server_default="", info=written("What departments are asked for"))
    geom: Mapped[Any] = geometry("POINT", index=False)


class WhistleCall(Base):
    """One department that was called, and how it reported in (部门报到): by position, by signature, or not at all."""

    __tablename__ = "whistle_call"
    __table_args__ = (
        CheckConstraint("means IN ('position', 'signature')", name="means"),
        CheckConstraint("(means IS NULL) = (reported_in_at IS NULL)", name="reported_in"),
        CheckConstraint("signature ~ '^(.[*])?$'", name="signature_masked"),
        Index("ix_whistle_call_agency_id", "agency_id"),
        Index("ix_whistle_call_due", "due_at", postgresql_where=text("reported_in_at IS NULL AND missed_at IS NULL")),
    )

    whistle_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("whistle.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reported_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    means: Mapped[str | None] = mapped_column(String(12))
    distance_m: Mapped[float | None] = mapped_column(Float)
    """From the meeting place, when it reported in by position."""
    signature: Mapped[str | None] = sealed(
        Kind.NAME, purpose="Who signed for a department on the spot", basis=Basis.DUTY, days="signature"
    )
    signature_sealed: Mapped[bytes | None] = ciphertext()
    signature_digests: Mapped[list[bytes] | None] = digests()
    missed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When it was put on record that it had not come."""
