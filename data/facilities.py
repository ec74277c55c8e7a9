"""Facilities of the three-level service network as GeoJSON points, with the communities that each serves. EPSG:4490."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.days import holds
from data.geojson import Feature, Page, collection, feature, geometry_text, touches
from data.models import Area, Facility, FacilityServes


async def list_facilities(connection: AsyncConnection, page: Page, *, level: str | None = None) -> bytes:
    """A page of facilities by code, as a FeatureCollection; `floor_area_m2` is null when it is not recorded."""
    wanted = _select(page).where(holds(Facility, page.on), touches(Facility.geom, page.bbox))
    if level:
        wanted = wanted.where(Facility.level == level)
    if page.after:
        wanted = wanted.where(Facility.code > page.after)
    rows = await connection.execute(wanted.order_by(Facility.code).limit(page.limit + 1))
    return collection([_feature(row) for row in rows.mappings()], page.limit)


def _select(page: Page) -> Select[*tuple[Any, ...]]:
    shown = (Facility.code, Facility.name, Facility.level, Facility.floor_area_m2, Facility.staff, Facility.address)
    return select(*shown, _serves(page).label("serves"), geometry_text(Facility.geom).label("geometry"))


def _serves(page: Page) -> ColumnElement[Any]:
    """The communities that a facility serves, by code; one that has no version on that day keeps its code, nameless."""
    code = FacilityServes.community_code
    one = func.json_build_object("code", code, "name", Area.name)
    same = and_(Area.code == code, holds(Area, page.on))
    served = select(func.json_agg(one)).outerjoin_from(FacilityServes, Area, same)
    return served.where(FacilityServes.facility_id == Facility.id).scalar_subquery()


def _feature(row: RowMapping) -> Feature:
    told = dict(row)
    serves = sorted(told.pop("serves") or [], key=lambda one: one["code"])
    return feature(row["code"], told.pop("geometry"), **told, serves=serves)
