"""The ground: areas of four levels, grid cells, facilities and the homes that they serve. EPSG:4490."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, RowId, UnitCode, Valid, geometry, one_version_at_a_time

OPEN_VERSION = text("valid_to IS NULL")


class Unit(Base):
    """A 12-digit code that was ever given out. A code is never reused; its versions are rows of `area`."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{12}$'", name="twelve_digits"),
        CheckConstraint("level IN ('city', 'district', 'street', 'community')", name="level"),
    )

    code: Mapped[UnitCode] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(12))


class Area(Valid, Base):
    """One version of a city, district, street or community. Boundary and point may be unknown."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("level IN ('city', 'district', 'street', 'community')", name="level"),
        CheckConstraint("area_class IN ('new', 'old_city')", name="area_class"),
        CheckConstraint("households >= 0 AND residents >= 0", name="counts"),
        CheckConstraint("(level = 'city') = (parent_code IS NULL)", name="parent"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        CheckConstraint("geom IS NULL OR ST_IsValid(geom)", name="geom_valid"),
        one_version_at_a_time("code", "ex_area_code_one_version"),
        Index("ix_area_open_code", "code", unique=True, postgresql_where=OPEN_VERSION),
        Index("ix_area_parent_code", "parent_code"),
    )

    id: Mapped[RowId]
    code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"))
    level: Mapped[str] = mapped_column(String(12))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    name: Mapped[str]
    name_en: Mapped[str | None]
    area_class: Mapped[str | None] = mapped_column(String(12))
    households: Mapped[int | None]
    residents: Mapped[int | None]
    is_derived: Mapped[bool] = mapped_column(server_default=text("false"))
    """Drawn by a program (Thiessen polygons, a demo), not a real boundary; the interface says so."""
    source: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    point: Mapped[Any] = geometry("POINT", nullable=True)
    geom: Mapped[Any] = geometry("MULTIPOLYGON", nullable=True)


class CellCode(Base):
    """A cell code that was ever given out, and the community that it belongs to for good."""

    __tablename__ = "cell_code"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{13,20}$' AND left(code, 12) = community_code", name="inside_community"),
        Index("ix_cell_code_community_code", "community_code"),
    )

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    community_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"))


class Cell(Valid, Base):
    """One version of a grid cell. It lies inside exactly one community: a trigger holds the ground to it."""

    __tablename__ = "cell"
    __table_args__ = (
        CheckConstraint("kind IN ('ordinary', 'dedicated')", name="kind"),
        CheckConstraint("left(code, 12) = community_code", name="community"),
        CheckConstraint("households >= 0 AND residents >= 0", name="counts"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
        one_version_at_a_time("code", "ex_cell_code_one_version"),
        Index("ix_cell_open_code", "code", unique=True, postgresql_where=OPEN_VERSION),
        Index("ix_cell_community_code", "community_code"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(ForeignKey("cell_code.code"))
    community_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(12), server_default="ordinary")
    households: Mapped[int | None]
    residents: Mapped[int | None]
    source: Mapped[str | None]
    geom: Mapped[Any] = geometry("MULTIPOLYGON")


class Facility(Valid, Base):
    """A building of the three-level service network: an address point and a floor area in m² (null: not recorded)."""

    __tablename__ = "facility"
    __table_args__ = (
        CheckConstraint("level IN ('district_centre', 'street_centre', 'station')", name="level"),
        CheckConstraint("floor_area_m2 > 0", name="floor_area"),
        CheckConstraint("staff >= 0", name="staff"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        one_version_at_a_time("code", "ex_facility_code_one_version"),
        Index("ix_facility_open_code", "code", unique=True, postgresql_where=OPEN_VERSION),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    level: Mapped[str] = mapped_column(String(16), server_default="station")
    floor_area_m2: Mapped[float | None] = mapped_column(Float)
    staff: Mapped[int | None]
    address: Mapped[str | None]
    source: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    geom: Mapped[Any] = geometry("POINT")


class FacilityServes(Base):
    """Which communities a facility serves. `share` is the part of its floor area each may count; null: by the standard's rule."""

    __tablename__ = "facility_serves"
    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        Index("ix_facility_serves_community_code", "community_code"),
    )

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id", ondelete="CASCADE"), primary_key=True)
    community_code: Mapped[UnitCode] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    share: Mapped[float | None] = mapped_column(Float)


class Residence(Base):
    """A residential building: a point with its households and residents."""

    __tablename__ = "residence"
    __table_args__ = (CheckConstraint("households >= 0 AND residents >= 0", name="counts"),)

    id: Mapped[RowId]
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None]
    households: Mapped[int]
    residents: Mapped[int | None]
    source: Mapped[str | None]
    geom: Mapped[Any] = geometry("POINT")


class Landmark(Base):
    """Water, railway, park: drawn under the layers so that people know where they are."""

    __tablename__ = "landmark"

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str | None]
    geom: Mapped[Any] = geometry("GEOMETRY")
