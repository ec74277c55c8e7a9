"""Whether the process lives, and whether the system can do its work."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from api.errors import DATABASE_AWAY
from api.models.lists import Alive, Readiness
from api.responses import refusals
from data import health
from data.database import async_engine

router = APIRouter(prefix="/health", tags=["health"])
PATIENCE_S = 1.0


@router.get("/live", responses=refusals())
async def live() -> Alive:
    """The process answers."""
    return Alive(status="alive")


@router.get("/ready", responses=refusals() | {503: {"model": Readiness, "description": "Something is missing"}})
async def ready(response: Response) -> Readiness:
    """Database within a second, tables current, ground loaded, dispatcher seen within the last minute."""
    checks = await _checks()
    is_ready = all(check["is_ok"] for check in checks.values())
    response.status_code = 200 if is_ready else 503
    return Readiness(status="ready" if is_ready else "not_ready", checks=checks)


async def _checks() -> dict[str, dict[str, object]]:
    try:
        async with asyncio.timeout(PATIENCE_S), async_engine().connect() as connection:
            return await health.checks(connection)
    except (*DATABASE_AWAY, TimeoutError):
        return {"database": {"is_ok": False}}
