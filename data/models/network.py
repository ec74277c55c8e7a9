"""The street network and what is computed on it. EPSG:4490; lengths are metres measured in the city's zone."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Moment, Now, RowId, UnitCode, geometry
from data.models.personal import kept_plain, written


class StreetNode(Base):
    """A junction or an end of a street. `id` is the source's own."""

    __tablename__ = "street_node"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    geom: Mapped[Any] = geometry("POINT")


class StreetEdge(Base):
    """A piece of street between two nodes. Pedestrians ignore `is_oneway`."""

    __tablename__ = "street_edge"
    __table_args__ = (
        CheckConstraint("length_m >= 0", name="length"),
        Index("ix_street_edge_source_id", "source_id"),
        Index("ix_street_edge_target_id", "target_id"),
    )

    id: Mapped[RowId]
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    source_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("street_node.id"))
    target_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("street_node.id"))
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str | None]
    length_m: Mapped[float] = mapped_column(Float)
    is_oneway: Mapped[bool] = mapped_column(server_default=text("false"))
    is_walkable: Mapped[bool] = mapped_column(server_default=text("true"))
    geom: Mapped[Any] = geometry("LINESTRING")


class ServiceBuild(Base):
    """One run of building service areas; `figures` holds what `wangge service-areas build --json` answers."""

    __tablename__ = "service_build"
    __table_args__ = (
        CheckConstraint("method IN ('network', 'radius')", name="method"),
        CheckConstraint("level IN ('district_centre', 'street_centre', 'station')", name="level"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_service_build_latest", "method", "minutes", "built_at"),
    )

    id: Mapped[RowId]
    built_at: Mapped[Now]
    method: Mapped[str] = mapped_column(String(8))
    level: Mapped[str] = mapped_column(String(16), server_default="station")
    """Which facilities of the three-level network the areas are of."""
    minutes: Mapped[float] = mapped_column(Float)
    speed_m_per_min: Mapped[float] = mapped_column(Float)
    input_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what was read; the same digest means that nothing has changed since."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class ServiceArea(Base):
    """What is within the build's minutes of one facility; households are counted along the network, not by the polygon."""

    __tablename__ = "service_area"

    id: Mapped[RowId]
    build_id: Mapped[int] = mapped_column(ForeignKey("service_build.id", ondelete="CASCADE"), index=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id", ondelete="CASCADE"), index=True)
    households: Mapped[int]
    residents: Mapped[int | None]
    area_m2: Mapped[float] = mapped_column(Float)
    geom: Mapped[Any] = geometry("MULTIPOLYGON")


class ServiceCoverage(Base):
    """How much of a community is within the build's minutes of any facility."""

    __tablename__ = "service_coverage"

    build_id: Mapped[int] = mapped_column(ForeignKey("service_build.id", ondelete="CASCADE"), primary_key=True)
    community_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    households: Mapped[int]
    households_covered: Mapped[int]
    residents: Mapped[int | None]
    residents_covered: Mapped[int | None]
    area_m2: Mapped[float] = mapped_column(Float)
    area_covered_m2: Mapped[float] = mapped_column(Float)


class ImportRun(Base):
    """A file that went in: what it was and what became of its rows."""

    __tablename__ = "import_run"

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[Moment]
    finished_at: Mapped[Now]
    report: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=written("What became of a file, quoting rows that were refused", days="import_report")
    )
    edition: Mapped[date | None]
    """The day from which the file is the whole layer of its ground; null: it spoke of its own rows."""
    uploader: Mapped[str | None] = mapped_column(info=kept_plain("Who brought a file in"))
