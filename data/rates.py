"""How often somebody called lately: counted by each web process in memory, and settled with all others about once a second.

A call waits for no database. What a process has not settled when it is killed, a second at most, is forgotten; the rest is
there again when it starts. Windows begin at whole multiples of their length, in seconds since 1970.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from psycopg import AsyncConnection

from data.database import sql

MOST = 100_000
"""Callers that are counted at once; who comes when so many are counted is let through."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`calls` within `seconds`; 0: no limit."""

    name: str
    calls: int
    seconds: int


@dataclass(slots=True)
class Count:
    """Of one caller in one window: what is settled, and what this process counted since."""

    since: int
    ends: int
    settled: int = 0
    fresh: int = 0


class Rates:
    """The counts of this process."""

    def __init__(self) -> None:
        self._counts: dict[bytes, Count] = {}

    def wait_s(self, limit: Limit, who: str, *, now: int | None = None) -> int:
        """Count a call; how many seconds its caller has to wait, 0 if he may go on."""
        if not limit.calls:
            return 0
        now = int(time.time()) if now is None else now
        count = self._count(key(limit.name, who), now - now % limit.seconds, limit.seconds)
        count.fresh += 1
        return count.ends - now if count.settled + count.fresh > limit.calls else 0

    def _count(self, key: bytes, since: int, seconds: int) -> Count:
        found = self._counts.get(key)
        if found is None or found.since != since:
            found = Count(since, since + seconds)
            if len(self._counts) < MOST:
                self._counts[key] = found
        return found

    async def settle(self, connection: AsyncConnection[Any]) -> None:
        """Add what is fresh to what all count, and learn the sums; forget the windows that are over."""
        told = [
            (key, count, count.fresh) for key, count in sorted(self._counts.items(), key=itemgetter(0)) if count.fresh
        ]
        if told:
            cursor = await connection.execute(sql("settle_rates"), _columns(told))
            self._learn(await cursor.fetchall())
        for _, count, calls in told:
            count.fresh -= calls
        self._forget(int(time.time()))

    async def load(self, connection: AsyncConnection[Any]) -> None:
        """Know what was counted before this process began."""
        cursor = await connection.execute(sql("open_rates"), {"most": MOST})
        self._learn(await cursor.fetchall())

    def _learn(self, rows: Iterable[tuple[bytes, int, int, int]]) -> None:
        for key, since, ends, calls in rows:
            known = self._counts.get(key)
            if known is None or known.since <= since:
                self._count(key, since, ends - since).settled = calls

    def _forget(self, now: int) -> None:
        for key in [key for key, count in self._counts.items() if count.ends <= now and not count.fresh]:
            del self._counts[key]


def _columns(told: Sequence[tuple[bytes, Count, int]]) -> dict[str, list[Any]]:
    return {
        "keys": [key for key, _, _ in told],
        "since": [count.since for _, count, _ in told],
        "ends": [count.ends for _, count, _ in told],
        "calls": [calls for _, _, calls in told],
    }


def key(name: str, who: str) -> bytes:
    """By what a caller is counted under a limit: nobody reads his address from it."""
    return blake2b(f"{name} {who}".encode(errors="replace"), digest_size=16).digest()
