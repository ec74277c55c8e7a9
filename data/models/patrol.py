"""A grid worker's round, and the elements of his cell (人、地、物、事、组织). EPSG:4490.

Raw positions are never stored: what a phone sends is matched to streets and made coarse before it comes here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Float, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId, geometry
from data.models.personal import Basis, Form, ciphertext, digests, kept_plain, personal, sealed, written
from geo.persons import Kind

TRACK = personal(
    purpose="Where a worker on duty went, for his own share of streets",
    basis=Basis.SENSITIVE,
    days="duty_track",
    form=Form.COARSE,
)
WALKED = personal(
    purpose="Which streets of his cell a worker has walked, shown to himself",
    basis=Basis.SENSITIVE,
    days="street_walked",
    form=Form.COARSE,
)
ELEMENT_DAYS = "element"
KINDS = "('people', 'places', 'things', 'events', 'organisations')"


def told_of(what: str) -> dict[str, Any]:
    """What a column of an element is marked with that holds free text."""
    return written(what, days=ELEMENT_DAYS)


class Duty(Base):
    """A time in which a worker was on duty; null `ended_at`: he still is, for `duty_hours_max` at most."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("ended_at >= began_at", name="order"),
        Index("ix_duty_running", "worker_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_duty_worker_id", "worker_id", "began_at"),
    )

    id: Mapped[RowId]
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"))
    began_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=kept_plain("When a worker was on duty", days="duty")
    )
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DutyTrack(Base):
    """That a worker on duty was in a square within a stretch of minutes: `track_grid_m`, `track_minutes`."""

    __tablename__ = "duty_track"
    __table_args__ = (Index("ix_duty_track_at", "at"),)

    duty_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("duty.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    """When the stretch begins."""
    lon: Mapped[float] = mapped_column(Float, primary_key=True, info=TRACK)
    """The middle of the square, to 6 decimals."""
    lat: Mapped[float] = mapped_column(Float, primary_key=True, info=TRACK)


class StreetWalked(Base):
    """That a worker on duty walked most of a street on a day."""

    __tablename__ = "street_walked"
    __table_args__ = (Index("ix_street_walked_edge_id", "edge_id"), Index("ix_street_walked_day", "day"))

    worker_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    edge_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("street_edge.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        info=WALKED,
    )


class VisitPlace(Base):
    """A place of a cell that must be visited every so many days; where people live is no such place."""

    __tablename__ = "visit_place"
    __table_args__ = (
        CheckConstraint("every_days > 0", name="every_days"),
        Index("ix_visit_place_cell_code", "cell_code", postgresql_where=text("ended_on IS NULL")),
    )

    id: Mapped[RowId]
    cell_code: Mapped[str] = mapped_column(ForeignKey("cell_code.code"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    every_days: Mapped[int]
    listed_on: Mapped[date] = mapped_column(server_default=text("current_date"))
    ended_on: Mapped[date | None]
    last_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """The last visit by anybody; by whom stands in `check_in`, which only he sees."""
    geom: Mapped[Any] = geometry("POINT", index=False)


class CheckIn(Base):
    """That a worker was at a place that must be visited. How far from it is kept, where he stood is not."""

    __tablename__ = "check_in"
    __table_args__ = (Index("ix_check_in_place_id", "place_id"), Index("ix_check_in_at", "at"))

    id: Mapped[RowId]
    place_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("visit_place.id", ondelete="CASCADE"))
    worker_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("worker.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=kept_plain("That a place was visited, and when", days="check_in")
    )
    distance_m: Mapped[int]
    stored_at: Mapped[Now]


class Element(Base):
    """What a worker knows of his cell: people, places, things, events, organisations. Of people, nothing stands here whole."""

    __tablename__ = "element"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("(kind = 'people') = (title IS NULL)", name="title"),
        CheckConstraint("kind <> 'people' OR geom IS NULL", name="home"),
        CheckConstraint("name ~ '^(.[*])?$'", name="name_masked"),
        CheckConstraint("phone = '' OR phone LIKE '%****%'", name="phone_masked"),
        CheckConstraint("home IN ('', '****')", name="home_masked"),
        Index("ix_element_cell_code", "cell_code", "kind", "id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_element_name_digests", "name_digests", postgresql_using="gin"),
        Index("ix_element_phone_digests", "phone_digests", postgresql_using="gin"),
    )

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(16))
    cell_code: Mapped[str] = mapped_column(ForeignKey("cell_code.code"))
    title: Mapped[str | None] = mapped_column(info=told_of("What a place, thing, event or organisation is called"))
    label: Mapped[str] = mapped_column(server_default="", info=told_of("What sort of element it is"))
    name: Mapped[str | None] = sealed(
        Kind.NAME, purpose="Whom a worker looks after, or asks for", basis=Basis.DUTY, days=ELEMENT_DAYS
    )
    name_sealed: Mapped[bytes | None] = ciphertext()
    name_digests: Mapped[list[bytes] | None] = digests()
    phone: Mapped[str | None] = sealed(
        Kind.PHONE, purpose="To reach who is looked after, or asked for", basis=Basis.DUTY, days=ELEMENT_DAYS
    )
    phone_sealed: Mapped[bytes | None] = ciphertext()
    phone_digests: Mapped[list[bytes] | None] = digests()
    home: Mapped[str | None] = sealed(
        Kind.HOME, purpose="To find who is looked after", basis=Basis.DUTY, days=ELEMENT_DAYS
    )
    home_sealed: Mapped[bytes | None] = ciphertext()
    home_digests: Mapped[list[bytes] | None] = digests()
    note: Mapped[str] = mapped_column(server_default="", info=told_of("What a worker notes of an element"))
    seq: Mapped[int] = mapped_column(server_default=text("1"))
    """Raised by each change, so that nobody writes over what he has not seen."""
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[Now]
    confirmed_at: Mapped[Now]
    """When a worker last changed it or said that it is still so."""
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=kept_plain("When somebody was taken off the list", days="element_ended")
    )
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    geom: Mapped[Any] = geometry("POINT", nullable=True, index=False)
