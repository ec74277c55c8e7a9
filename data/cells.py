"""Grid cells as GeoJSON, each with who looks after it and how many cases are open. EPSG:4490."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.days import holds
from data.geojson import Feature, Page, collection, feature, geometry_text, touches
from data.models import Area, Assignment, CaseFile, Cell, Worker
from data.settings import settings
from geo.errors import NotFound
from geo.lifecycle import DONE

ROLES = ("head", "worker", "substitute")


async def list_cells(
    connection: AsyncConnection, page: Page, *, community: str | None = None, street: str | None = None
) -> bytes:
    """A page of cells by code, as a FeatureCollection."""
    wanted = _select(page.on).where(touches(Cell.geom, page.bbox))
    if community:
        wanted = wanted.where(Cell.community_code == community)
    if street:
        parts = select(Area.code).where(Area.parent_code == street, holds(Area, page.on))
        wanted = wanted.where(Cell.community_code.in_(parts))
    if page.after:
        wanted = wanted.where(Cell.code > page.after)
    rows = (await connection.execute(wanted.order_by(Cell.code).limit(page.limit + 1))).mappings().all()
    return collection(await _features(connection, rows, page.on), page.limit)


async def get_cell(connection: AsyncConnection, code: str, *, on: date) -> bytes:
    """The version of one cell that holds on a day, as a Feature."""
    wanted = _select(on).where(Cell.code == code)
    rows = (await connection.execute(wanted)).mappings().all()
    if not rows:
        raise NotFound(f"no cell {code} on {on}", code=code, on=str(on))
    return orjson.dumps((await _features(connection, rows, on))[0])


def _select(on: date) -> Select[*tuple[Any, ...]]:
    shown = (Cell.id, Cell.code, Cell.name, Cell.kind, Cell.community_code, Cell.households, Cell.residents)
    more = (Cell.valid_from, Cell.valid_to, geometry_text(Cell.geom).label("geometry"))
    return select(*shown, *more).where(holds(Cell, on))


async def _features(connection: AsyncConnection, rows: Sequence[RowMapping], on: date) -> list[Feature]:
    workers = await _workers(connection, [row["code"] for row in rows], _moment(on))
    open_cases = await _open_cases(connection, [row["id"] for row in rows])
    return [_feature(row, workers, open_cases) for row in rows]


def _feature(row: RowMapping, workers: Mapping[str, list[Any]], open_cases: Mapping[int | None, int]) -> Feature:
    told = dict(row)
    busy = {"workers": workers.get(row["code"], []), "open_cases": open_cases.get(told.pop("id"), 0)}
    return feature(row["code"], told.pop("geometry"), **told, **busy)


def _moment(on: date) -> datetime:
    """Now, or noon of another day."""
    now = datetime.now(ZoneInfo(settings().timezone))
    return now if on == now.date() else datetime.combine(on, time(12), tzinfo=now.tzinfo)


async def _workers(connection: AsyncConnection, codes: list[str], moment: datetime) -> dict[str, list[dict[str, str]]]:
    """Who looks after the cells at `moment`: the head first; names masked."""
    wanted = (
        select(Assignment.cell_code, Assignment.role, Worker.name)
        .join_from(Assignment, Worker, Worker.id == Assignment.worker_id)
        .where(Assignment.cell_code == func.any(codes), Assignment.during.contains(moment), Worker.is_active)
        .order_by(Worker.code)
    )
    found = defaultdict(list)
    for code, role, name in sorted(await connection.execute(wanted), key=lambda row: ROLES.index(row.role)):
        found[code].append({"name": name, "role": role})
    return found


async def _open_cases(connection: AsyncConnection, ids: list[int]) -> dict[int | None, int]:
    wanted = (
        select(CaseFile.cell_id, func.count())
        .where(CaseFile.cell_id == func.any(ids), CaseFile.state.not_in(DONE))
        .group_by(CaseFile.cell_id)
    )
    found = await connection.execute(wanted)
    return {row[0]: row[1] for row in found}
