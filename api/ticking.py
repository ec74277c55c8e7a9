"""What the application does again and again beside answering, each time in a transaction of its own at the door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from psycopg import AsyncConnection

from api.errors import DATABASE_AWAY
from data import scope
from data.database import async_driver_connection, async_engine

Step = Callable[[AsyncConnection[Any]], Awaitable[None]]
log = logging.getLogger("wangge.api")


@asynccontextmanager
async def ticking(step: Step, every_s: float, is_wanted: Callable[[], bool] = lambda: True) -> AsyncIterator[None]:
    """Take `step` every `every_s` seconds in which it `is_wanted`, until the end."""
    task = asyncio.create_task(_tick(step, every_s, is_wanted))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tick(step: Step, every_s: float, is_wanted: Callable[[], bool]) -> None:
    while True:
        await asyncio.sleep(every_s)
        if is_wanted():
            await attempt(step)


async def attempt(step: Step) -> None:
    """Once; without a database it is left to the next time."""
    try:
        async with async_engine().begin() as opened:
            driver = await async_driver_connection(opened)
            await scope.stand_at_door(driver)
            await step(driver)
    except DATABASE_AWAY as error:
        log.warning("the database is away: %s", error)
