"""Whether the system can do its work: the database answers, its tables are current, ground is loaded, a dispatcher lives."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from data import schema, scope
from data.database import async_driver_connection

DISPATCHER = "wangge-dispatcher"
"""The application name of a dispatcher's session: the database knows at once when its process is gone."""
APPLIED = text("SELECT version_num FROM alembic_version")
STATE = text("""
    SELECT EXISTS (SELECT FROM area WHERE level = 'street' AND valid_to IS NULL) AS has_streets,
           EXISTS (SELECT FROM cell WHERE valid_to IS NULL) AS has_cells,
           EXISTS (SELECT FROM category) AS has_categories
""")
DISPATCHERS = text("""
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name) AS connected,
           (SELECT max(finished_at) FROM dispatch_run WHERE finished_at > now() - interval '1 minute') AS finished_at,
           (SELECT count(*) FROM case_file WHERE state = 'filed') AS waiting
""")
HAS_TABLES = text("SELECT to_regclass('alembic_version') IS NOT NULL")


async def checks(connection: AsyncConnection) -> dict[str, dict[str, Any]]:
    """Each check by name: `is_ok` and what was seen. Its numbers are of the whole system, whoever asks."""
    await scope.lift(await async_driver_connection(connection))
    found = {"database": {"is_ok": True}, "migrations": await _migrations(connection)}
    if found["migrations"]["is_ok"]:
        found |= {"ground": await _ground(connection), "dispatcher": await _dispatcher(connection)}
    return found


async def _migrations(connection: AsyncConnection) -> dict[str, Any]:
    has_tables = await connection.scalar(HAS_TABLES)
    applied = await connection.scalar(APPLIED) if has_tables else None
    return {"is_ok": applied == _newest(), "applied": applied, "newest": _newest()}


async def _ground(connection: AsyncConnection) -> dict[str, Any]:
    seen = (await connection.execute(STATE)).one()._mapping
    return {"is_ok": all(seen.values()), **seen}


async def _dispatcher(connection: AsyncConnection) -> dict[str, Any]:
    """One is connected now, or ended a shift within the last minute and the next is about to begin."""
    seen = (await connection.execute(DISPATCHERS, {"name": DISPATCHER})).one()._mapping
    return {"is_ok": bool(seen["connected"] or seen["finished_at"]), **seen}


@cache
def _newest() -> str:
    return schema.newest()
