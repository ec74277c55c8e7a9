"""Case events in commit order: read by cursor, fed by LISTEN, fanned out to every reader of the process. EPSG:4490.

The listener of a process reads all of them; each reader is told of those cases that he sees, by the rule of `geo.sight`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from data.database import async_engine, sql, web_database_url, web_options
from data.snapshots import Cursor, Snapshot
from geo.errors import WanggeError
from geo.sight import Sight, Standing, standing

CHANNEL = "cases"
POLL_S = 1.0
"""Reading goes on without a notification, for one may be lost with the process that should have sent it."""
PAUSE_S = 0.02
"""Between two readings and between two notifications, so that a burst costs one."""
RETRY_S = 1.0
CONNECT_S = 5
READER = "wangge-live"
"""The application name of a reader's session."""
BACKLOG = 5000
"""A reader farther behind than this loads everything anew."""
RELOAD = 2**63 - 1
"""Stands for a transaction that no cursor covers."""
QUIET_S = 15.0
"""Who sees nothing of what happens is told now and then how far it has come, lest he come back with an old cursor."""
SHOWN = ("id", "state", "from_state", "event", "lon", "lat", "category", "cell")


@dataclass(frozen=True)
class Message:
    """One message to a reader. `hello` and `reload` carry no data; `cursor` is where to go on after it."""

    kind: Literal["hello", "case", "reload"]
    cursor: str
    data: dict[str, Any] = field(default_factory=dict)
    """Of a case: `id`, `state`, `from_state`, `event`, `lon`, `lat`, `category`, `cell` (code), `holder`, `at`."""
    txid: int = 0
    event_id: int = 0
    standing: Standing = field(default_factory=Standing)
    """Where the case lies and who has to do with it."""

    def is_for(self, reader: Sight) -> bool:
        return self.kind != "case" or reader.sees(self.standing)


async def current(connection: psycopg.AsyncConnection[Any]) -> str:
    """The cursor of this moment."""
    row = await (await connection.execute("SELECT pg_current_snapshot()::text")).fetchone()
    return str(row[0]) if row else ""


async def read_since(
    connection: psycopg.AsyncConnection[Any], cursor: str, limit: int = BACKLOG
) -> tuple[list[Message], str]:
    """Up to `limit` events after `cursor`, as committed now, and the cursor after them. Needs READ COMMITTED or autocommit."""
    place = Cursor.parse(cursor)
    messages, now = await _read(connection, place, limit)
    if len(messages) == limit:
        return messages, messages[-1].cursor
    if place.now is None:
        return messages, now
    later, end = await read_since(connection, now, limit - len(messages))
    return messages + later, end


async def _read(connection: psycopg.AsyncConnection[Any], place: Cursor, limit: int) -> tuple[list[Message], str]:
    """Up to `limit` events of the snapshot that `place` is in the midst of, else of this moment's; and that snapshot."""
    wanted = {"before": place.before.text, "now": place.now and place.now.text, "after": place.after, "limit": limit}
    async with connection.cursor(row_factory=dict_row) as reader:
        await reader.execute(sql("read_events"), wanted, prepare=True)
        rows = await reader.fetchall()
    now = Snapshot(rows[0]["now"])
    return [_message(row, Cursor(place.before, now, row["event_id"])) for row in rows if row["event_id"]], now.text


def _message(row: Mapping[str, Any], cursor: Cursor) -> Message:
    data = {name: row[name] for name in SHOWN} | {"holder": _holder(row), "at": row["at"].isoformat()}
    stands = standing((row["street_id"], row["community_id"]), row["cell_id"], row["parties"])
    return Message("case", str(cursor), data, row["txid"], row["event_id"], stands)


def _holder(row: Mapping[str, Any]) -> dict[str, str | None] | None:
    if row["worker_code"]:
        return {"kind": "worker", "code": row["worker_code"], "name": row["worker_name"]}
    if row["agency_code"]:
        return {"kind": "agency", "code": row["agency_code"], "name": row["agency_name"]}
    return {"kind": "desk", "code": row["desk_code"], "name": row["desk_name"]} if row["desk_code"] else None


class Feed:
    """One listener for all readers of a process. Make one per application; `close` it at the end."""

    def __init__(self, backlog: int = BACKLOG) -> None:
        self._backlog = backlog
        self._recent: deque[Message] = deque(maxlen=backlog)
        self._count = 0
        self._cursor: str | None = None
        self._changed = asyncio.Condition()
        self._listener: asyncio.Task[None] | None = None
        self._waker: asyncio.Task[None] | None = None
        self._is_news = False

    async def follow(self, reader: Sight, since: str | None = None) -> AsyncGenerator[Message]:
        """`hello`, then every event that `reader` sees after `since` (else from now on), each once, in commit order, without end;
        `hello` again when there was long nothing for him.

        `reload`: too many events were missed; load everything anew, the stream goes on from there. Raises: BadInput for a
        `since` that is no cursor.
        """
        place = Cursor.parse(since) if since else None
        seen, start = await self._join()
        yield Message("hello", since or start)
        if place is None:
            place = Cursor.parse(start)
        else:
            messages, end = await self._catch_up(place)
            for message in messages:
                if message.is_for(reader):
                    yield message
            place = Cursor.parse(end)
        told_at = monotonic()
        async for message in self._stream(seen, place):
            if message.is_for(reader):
                yield message
            elif monotonic() - told_at < QUIET_S:
                continue
            else:
                yield Message("hello", message.cursor)
            told_at = monotonic()

    async def wake(self) -> None:
        """After a commit: tell every process. Many calls within `PAUSE_S` send one notification."""
        self._is_news = True
        if self._waker is None or self._waker.done():
            self._waker = asyncio.create_task(self._notify())

    async def close(self) -> None:
        for task in filter(None, (self._listener, self._waker)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _notify(self) -> None:
        while self._is_news:
            await asyncio.sleep(PAUSE_S)
            self._is_news = False
            with suppress(SQLAlchemyError):
                async with async_engine().begin() as connection:
                    await connection.execute(text(f"NOTIFY {CHANNEL}"))

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        """One that sees the events of all."""
        url = await asyncio.to_thread(web_database_url)
        options = f"{web_options()['options']} -c wangge.everything=on"
        return await psycopg.AsyncConnection.connect(
            url, autocommit=True, connect_timeout=CONNECT_S, application_name=READER, options=options
        )

    async def _join(self) -> tuple[int, str]:
        """Start the listener if none runs; how many messages it has seen, and up to which cursor."""
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        async with self._changed:
            await self._changed.wait_for(lambda: self._cursor is not None)
        return self._count, str(self._cursor)

    async def _catch_up(self, place: Cursor) -> tuple[list[Message], str]:
        """What a reader missed before it joined; a `reload` when that is too much or of another database."""
        async with await self._connect() as connection:
            now = await current(connection)
            if place.before.end > Snapshot(now).end:
                return [Message("reload", now)], now
            messages, end = await read_since(connection, str(place), self._backlog)
            return ([Message("reload", now)], now) if len(messages) == self._backlog else (messages, end)

    async def _stream(self, seen: int, place: Cursor) -> AsyncIterator[Message]:
        """From the `seen`-th message on, without what `place` covers."""
        while True:
            fresh, seen = await self._after(seen)
            for message in fresh:
                if not place.covers(message.txid, message.event_id):
                    yield message

    async def _after(self, seen: int) -> tuple[list[Message], int]:
        """The messages after the `seen`-th, at least one; a `reload` when the first of them is gone."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._count > seen)
            missed = self._count - seen
            if missed > len(self._recent):
                return [Message("reload", str(self._cursor), txid=RELOAD)], self._count
            return [self._recent[at] for at in range(-missed, 0)], self._count

    async def _listen(self) -> None:
        """Read and hand on, for ever; a lost database is waited for, and nothing is lost with it."""
        while True:
            with suppress(psycopg.Error, WanggeError):
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._read_on(connection)
            await asyncio.sleep(RETRY_S)

    async def _read_on(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            messages, cursor = await read_since(connection, self._cursor or await current(connection), self._backlog)
            async with self._changed:
                self._recent.extend(messages)
                self._count += len(messages)
                self._cursor = cursor
                self._changed.notify_all()
            if len(messages) < self._backlog:
                await asyncio.sleep(PAUSE_S)
                async for _ in connection.notifies(timeout=POLL_S, stop_after=1):
                    pass
