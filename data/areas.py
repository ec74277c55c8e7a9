"""Areas of four levels as GeoJSON, communities with what the latest check and build found. EPSG:4490; areas are m²."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.checks import latest_run_id
from data.days import holds
from data.geojson import Feature, Page, collection, feature, geometry_text, touches
from data.models import Area, Finding, ServiceBuild, ServiceCoverage
from geo.errors import NotFound

FOUND = ("outcome", "required_m2", "actual_m2", "missing_m2")
REACHED = ("households", "households_covered", "area_m2", "area_covered_m2")


async def list_areas(connection: AsyncConnection, page: Page, *, level: str | None, standard: str) -> bytes:
    """A page of areas by code, as a FeatureCollection. Areas without a boundary have a null geometry."""
    wanted = _select(await latest_run_id(connection, standard), page.on).where(touches(Area.geom, page.bbox))
    if level:
        wanted = wanted.where(Area.level == level)
    if page.after:
        wanted = wanted.where(Area.code > page.after)
    rows = await connection.execute(wanted.order_by(Area.code).limit(page.limit + 1))
    return collection([_feature(row, standard) for row in rows.mappings()], page.limit)


async def get_area(connection: AsyncConnection, code: str, *, on: date, standard: str) -> bytes:
    """The version of one area that holds on a day, as a Feature."""
    wanted = _select(await latest_run_id(connection, standard), on).where(Area.code == code)
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no area {code} on {on}", code=code, on=str(on))
    return orjson.dumps(_feature(row, standard))


def _select(run_id: int | None, on: date) -> Select[*tuple[Any, ...]]:
    shown = (Area.code, Area.name, Area.name_en, Area.level, Area.parent_code, Area.area_class, Area.households)
    more = (Area.residents, Area.is_derived, Area.source, Area.valid_from, Area.valid_to)
    beside = (_object(Finding, "check", FOUND), _object(ServiceCoverage, "coverage", REACHED))
    found = and_(Finding.community_code == Area.code, Finding.run_id == run_id)
    reached = and_(ServiceCoverage.community_code == Area.code, ServiceCoverage.build_id == _newest_build())
    wanted = select(*shown, *more, *beside, geometry_text(Area.geom).label("geometry")).where(holds(Area, on))
    return wanted.outerjoin_from(Area, Finding, found).outerjoin(ServiceCoverage, reached)


def _object(model: type[Finding | ServiceCoverage], name: str, members: tuple[str, ...]) -> ColumnElement[Any]:
    """The members as one object, null when nothing was joined."""
    pairs = [part for member in members for part in (member, getattr(model, member))]
    return case((model.community_code.is_not(None), func.json_build_object(*pairs))).label(name)


def _newest_build() -> ScalarSelect[int]:
    """Along the streets to the nearest station: the build that tells who is reached."""
    wanted = select(ServiceBuild.id).where(ServiceBuild.method == "network", ServiceBuild.level == "station")
    return wanted.order_by(ServiceBuild.built_at.desc(), ServiceBuild.id.desc()).limit(1).scalar_subquery()


def _feature(row: Mapping[Any, Any], standard: str) -> Feature:
    told = dict(row)
    found = told.pop("check")
    check = {"standard": standard, **found} if found else None
    return feature(row["code"], told.pop("geometry"), **told, check=check)
