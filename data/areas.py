"""Areas of four levels as GeoJSON, communities with what the latest check found. EPSG:4490; floor areas are m²."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.checks import latest_run_id
from data.days import holds
from data.geojson import Feature, Page, collection, feature, geometry_text, touches
from data.models import Area, Finding
from geo.errors import NotFound

FOUND = ("outcome", "required_m2", "actual_m2", "missing_m2")


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
    more = (Area.residents, Area.is_derived, Area.valid_from, Area.valid_to, geometry_text(Area.geom).label("geometry"))
    found = and_(Finding.community_code == Area.code, Finding.run_id == run_id)
    columns = (*shown, *more, *(getattr(Finding, name) for name in FOUND))
    return select(*columns).outerjoin_from(Area, Finding, found).where(holds(Area, on))


def _feature(row: Mapping[Any, Any], standard: str) -> Feature:
    told = dict(row)
    found = {name: told.pop(name) for name in FOUND}
    check = {"standard": standard, **found} if found["outcome"] else None
    return feature(row["code"], told.pop("geometry"), **told, check=check)
