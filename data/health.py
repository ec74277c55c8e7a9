"""Whether the system can do its work: the database answers, its tables are current, ground is loaded, a dispatcher lives."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from data import schema

DISPATCHER_SILENCE_S = 60
APPLIED = text("SELECT version_num FROM alembic_version")
STATE = text("""
    SELECT EXISTS (SELECT FROM area WHERE level = 'street' AND valid_to IS NULL) AS has_streets,
           EXISTS (SELECT FROM cell WHERE valid_to IS NULL) AS has_cells,
           EXISTS (SELECT FROM category) AS has_categories
""")
HAS_TABLES = text("SELECT to_regclass('alembic_version') IS NOT NULL")


async def checks(connection: AsyncConnection) -> dict[str, dict[str, Any]]:
    """Each check by name: `is_ok` and what was seen."""
    found = {"database": {"is_ok": True}, "migrations": await _migrations(connection)}
    if found["migrations"]["is_ok"]:
        found["ground"] = await _ground(connection)
    return found


async def _migrations(connection: AsyncConnection) -> dict[str, Any]:
    has_tables = await connection.scalar(HAS_TABLES)
    applied = await connection.scalar(APPLIED) if has_tables else None
    return {"is_ok": applied == _newest(), "applied": applied, "newest": _newest()}


async def _ground(connection: AsyncConnection) -> dict[str, Any]:
    seen = (await connection.execute(STATE)).one()._mapping
    return {"is_ok": all(seen.values()), **seen}


@cache
def _newest() -> str:
    return schema.newest()
