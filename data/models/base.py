"""What every table shares: naming of constraints, geometry columns in EPSG:4490, and validity in days.

Geometries are stored in CGCS2000 longitude/latitude (EPSG:4490); lengths and areas are measured elsewhere, in the city's zone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, String, TextClause, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SRID = 4490

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

RowId = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Now = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))]
UnitCode = Annotated[str, mapped_column(String(12))]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def geometry(kind: str, *, nullable: bool = False, index: bool = True) -> Mapped[Any]:
    """A column of geometry type `kind` in EPSG:4490, with a GiST index unless `index` is false."""
    return mapped_column(Geometry(kind, srid=SRID, spatial_index=index), nullable=nullable)


def told(name: str) -> TextClause:
    """A column's default: what the transaction was told of its caller, null when nothing."""
    return text(f"nullif(current_setting('wangge.{name}', true), '')")


class Valid:
    """A row that holds from one day to another, `valid_to` excluded; null is open."""

    valid_from: Mapped[date] = mapped_column(server_default=text("current_date"))
    valid_to: Mapped[date | None]


def one_version_at_a_time(column: str, name: str) -> ExcludeConstraint:
    """No two rows with the same `column` may hold on the same day."""
    return ExcludeConstraint((column, "="), (text("daterange(valid_from, valid_to)"), "&&"), name=name, using="gist")
