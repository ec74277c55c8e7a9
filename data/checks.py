"""Reading checks of floor-area standards: the latest run, its findings, two runs beside each other. Floor areas are m²."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import sql
from data.models import Area, CheckRun, Finding, Standard, StandardLimit
from geo.errors import NotFound, NotReady

FIGURES = ("checked", "meets", "short", "unknown")
LIMITS = (
    select(func.json_object_agg(StandardLimit.area_class, StandardLimit.required_m2))
    .where(StandardLimit.standard_id == Standard.id)
    .correlate(Standard)
    .scalar_subquery()
)
EDITION = (
    Standard.name,
    Standard.title,
    Standard.title_en,
    Standard.sharing,
    Standard.source,
    Standard.valid_from,
    Standard.valid_to,
    func.coalesce(LIMITS, text("'{}'::json")).label("limits"),
)
FINDING = (
    Finding.community_code,
    Area.name.label("community_name"),
    Finding.outcome,
    Finding.area_class,
    Finding.required_m2,
    Finding.actual_m2,
    Finding.missing_m2,
    Finding.detail,
)
NAMED = and_(Area.code == Finding.community_code, Area.valid_to.is_(None))
"""The name of today, whenever the check was."""


async def latest_run_id(connection: AsyncConnection, standard: str) -> int | None:
    """The newest run against any edition of `standard`; none when it was never checked or no standard is loaded yet."""
    runs = select(CheckRun.id).where(CheckRun.standard_id == Standard.id).order_by(CheckRun.checked_at.desc())
    newest = runs.limit(1).correlate(Standard).scalar_subquery()
    editions = (await connection.scalars(select(newest).where(Standard.name == standard))).all()
    if not editions and await connection.scalar(select(select(Standard.id).exists())):
        raise NotFound(f"no standard {standard!r}", standard=standard)
    return max((run for run in editions if run is not None), default=None)


async def standards(connection: AsyncConnection) -> bytes:
    """Every edition of every standard, by name and date."""
    rows = await connection.execute(select(*EDITION).order_by(Standard.name, Standard.valid_from))
    return orjson.dumps({"standards": [dict(row) for row in rows.mappings()]})


async def latest(connection: AsyncConnection, standard: str) -> bytes:
    """The newest run against `standard`, with its edition and figures."""
    run_id = await latest_run_id(connection, standard)
    if run_id is None:
        raise NotReady("nothing has been checked yet: wangge standards check", standard=standard)
    return orjson.dumps(await _run(connection, run_id))


async def findings(
    connection: AsyncConnection, run_id: int, *, outcome: str | None, after: str | None, limit: int
) -> bytes:
    """A page of a run's findings by community code."""
    await _run(connection, run_id)
    wanted = select(*FINDING).outerjoin_from(Finding, Area, NAMED).where(Finding.run_id == run_id)
    if outcome:
        wanted = wanted.where(Finding.outcome == outcome)
    if after:
        wanted = wanted.where(Finding.community_code > after)
    rows = await connection.execute(wanted.order_by(Finding.community_code).limit(limit + 1))
    found = [dict(row) for row in rows.mappings()]
    following = found[limit - 1]["community_code"] if len(found) > limit else None
    return orjson.dumps({"run": run_id, "findings": found[:limit], "next": following})


async def compare(connection: AsyncConnection, before: int, after: int) -> bytes:
    """Two runs, and the communities whose outcome differs between them, by code."""
    runs = {"before": await _run(connection, before), "after": await _run(connection, after)}
    rows = await connection.exec_driver_sql(sql("compare_checks"), {"before": before, "after": after})
    return orjson.dumps(runs | {"changes": [dict(row) for row in rows.mappings()]})


async def _run(connection: AsyncConnection, run_id: int) -> dict[str, Any]:
    wanted = select(CheckRun.checked_at, CheckRun.figures, *EDITION).join_from(CheckRun, Standard)
    row = (await connection.execute(wanted.where(CheckRun.id == run_id))).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no check {run_id}", run=run_id)
    edition = dict(row)
    seen = {name: edition.pop(name) for name in ("checked_at", "figures")}
    figures = {name: seen["figures"].get(name, 0) for name in FIGURES}
    return {"run": run_id, "standard": edition, "checked_at": seen["checked_at"], "figures": figures}
