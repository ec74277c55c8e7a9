"""Short texts that change whenever what a list is made of changes: validators for caches. Each costs one look-up."""

from __future__ import annotations

import time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

GROUND = text("SELECT revision::text FROM ground_revision")
CHECKS = text("SELECT coalesce(max(id), 0)::text FROM check_run")
BUILDS = text("SELECT concat((SELECT max(built_at) FROM service_build), '.', newest_import())")
CASES = text("""
    SELECT concat(newest, '.', least(pg_snapshot_xmin(pg_current_snapshot())::text::bigint, newest + 1))
    FROM newest_event() AS newest
""")
"""The newest writer wherever, and the oldest still at work if it is older than that: its events will appear later."""


async def ground(connection: AsyncConnection) -> str:
    """Changes with areas, cells, facilities, workers, assignments and leave."""
    return str(await connection.scalar(GROUND))


async def checks(connection: AsyncConnection) -> str:
    """Changes with every check of standards."""
    return str(await connection.scalar(CHECKS))


async def builds(connection: AsyncConnection) -> str:
    """Changes with every build of service areas and every imported file."""
    return str(await connection.scalar(BUILDS))


async def cases(connection: AsyncConnection) -> str:
    """Changes with every event of a case."""
    return str(await connection.scalar(CASES))


async def rosters(connection: AsyncConnection) -> str:
    """Like `ground`, and with the minute: assignments begin and end by the clock alone."""
    return f"{await ground(connection)}@{int(time.time() // 60)}"
