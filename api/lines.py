"""The one connection of a request, opened when somebody asks for it, so that what needs no database answers without it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection

from data import scope
from data.database import async_driver_connection, async_engine


class Line:
    """One transaction per request, committed when the route has returned and before its answer leaves."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._connection: AsyncConnection | None = None

    async def open(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._stack.enter_async_context(async_engine().begin())
        return self._connection

    async def at_door(self) -> AsyncConnection:
        """Where it is seen who comes; whoever has come in enters, see `data.scope`, and sees what is his."""
        opened = await self.open()
        await scope.stand_at_door(await async_driver_connection(opened))
        return opened


async def line() -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        yield Line(stack)


LineDep = Annotated[Line, Depends(line, scope="function")]
"""With the default scope the answer would leave before the commit, and a failed commit would still answer 200."""
