"""What was reckoned, for those who ask: the latest run of a period, and its figures by key."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import sql
from data.models import ScoreRun
from geo.errors import NotFound, NotReady
from geo.scores import FIGURES

RUN = (ScoreRun.period, ScoreRun.period_from, ScoreRun.period_to, ScoreRun.reckoned_at, ScoreRun.figures)
PARTS = ("value", "numerator", "denominator")


def definitions() -> bytes:
    """How each figure comes about."""
    return orjson.dumps({"figures": [{"figure": name} | how._asdict() for name, how in FIGURES.items()]})


async def latest(connection: AsyncConnection, period: str, day: date | None) -> int:
    """The newest run of a period: of the one that holds `day`, else of the last one that was reckoned. Raises: NotReady."""
    wanted = select(ScoreRun.id).where(ScoreRun.period == period)
    if day:
        wanted = wanted.where(ScoreRun.period_from <= day, ScoreRun.period_to > day)
    order = (ScoreRun.period_from.desc(), ScoreRun.reckoned_at.desc(), ScoreRun.id.desc())
    run: int | None = await connection.scalar(wanted.order_by(*order).limit(1))
    if run is None:
        raise NotReady(f"no scores of such a {period} yet: wangge score --period {period}", period=period)
    return run


async def figures(
    connection: AsyncConnection, run: int, dimension: str, *, key: str | None = None, after: str = "", limit: int
) -> bytes:
    """A page of a run's figures in one dimension, by key. Raises: NotFound for a run that there is not."""
    told = {"run": run, "dimension": dimension, "key": key, "after": after, "limit": limit + 1}
    rows = await connection.exec_driver_sql(sql("scores_of_run"), told)
    found = [dict(row) for row in rows.mappings()]
    for row in found:
        row["figures"] = {name: dict(zip(PARTS, parts, strict=True)) for name, parts in row["figures"].items()}
    following = found[limit - 1]["key"] if len(found) > limit else None
    about = {"run": await _run(connection, run), "dimension": dimension}
    return orjson.dumps(about | {"scores": found[:limit], "next": following})


async def _run(connection: AsyncConnection, run: int) -> dict[str, Any]:
    row = (await connection.execute(select(*RUN).where(ScoreRun.id == run))).one_or_none()
    if row is None:
        raise NotFound(f"no scores {run}", run=run)
    last = row.period_to - timedelta(days=1)
    told = {"run": run, "period": row.period, "from": row.period_from, "to": last, "cut": row.figures["cut"]}
    return told | {"reckoned_at": row.reckoned_at, "cases": row.figures["cases"]}
