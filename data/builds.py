"""Reading built service areas as GeoJSON: the latest build of a method. EPSG:4490; areas are m², walking time in minutes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.days import holds
from data.geojson import Feature, Page, collection, feature, geometry_text, touches
from data.models import Facility, ImportRun, ServiceArea, ServiceBuild

INPUTS = ("facilities", "network", "residences", "communities")
"""Kinds of import after which a build is old."""


async def list_service_areas(connection: AsyncConnection, page: Page, *, method: str, minutes: float | None) -> bytes:
    """A page of the latest build by facility code; no features and a null `build` when nothing was built."""
    build = await _latest(connection, page, method=method, minutes=minutes)
    if build is None:
        return collection([], page.limit, build=None)
    wanted = _select(build["id"]).where(touches(ServiceArea.geom, page.bbox))
    if page.after:
        wanted = wanted.where(Facility.code > page.after)
    rows = await connection.execute(wanted.order_by(Facility.code).limit(page.limit + 1))
    made = {"method": build["method"], "minutes": build["minutes"]}
    return collection([_feature(row, made) for row in rows.mappings()], page.limit, build=dict(build))


def _feature(row: RowMapping, made: dict[str, Any]) -> Feature:
    told = dict(row)
    return feature(row["facility_code"], told.pop("geometry"), **told, **made)


async def _latest(connection: AsyncConnection, page: Page, *, method: str, minutes: float | None) -> RowMapping | None:
    shown = (ServiceBuild.id, ServiceBuild.built_at, ServiceBuild.method, ServiceBuild.minutes)
    more = (ServiceBuild.speed_m_per_min, ServiceBuild.figures, _is_stale(page).label("is_stale"))
    wanted = select(*shown, *more).where(ServiceBuild.method == method, ServiceBuild.level == "station")
    if minutes is not None:
        wanted = wanted.where(ServiceBuild.minutes == minutes)
    newest = wanted.order_by(ServiceBuild.built_at.desc(), ServiceBuild.id.desc()).limit(1)
    return (await connection.execute(newest)).mappings().one_or_none()


def _is_stale(page: Page) -> Any:
    """Whether a file of what it is built from came in later, or a facility of today has no area in it."""
    imported = exists().where(ImportRun.kind.in_(INPUTS), ImportRun.finished_at > ServiceBuild.built_at)
    has_area = exists().where(ServiceArea.build_id == ServiceBuild.id, ServiceArea.facility_id == Facility.id)
    added = exists().where(holds(Facility, page.on), Facility.level == "station", ~has_area)
    return or_(imported, added)


def _select(build_id: int) -> Select[*tuple[Any, ...]]:
    named = (Facility.code.label("facility_code"), Facility.name.label("facility_name"))
    counted = (ServiceArea.households, ServiceArea.residents, ServiceArea.area_m2)
    shape = geometry_text(ServiceArea.geom).label("geometry")
    return select(*named, *counted, shape).join_from(ServiceArea, Facility).where(ServiceArea.build_id == build_id)
