"""Reports for benchmarks: bodies at random places of a town, and clients that send them over kept connections. Seconds."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import numpy as np

from data.schema import upgrade
from tests import town
from tests.api import server
from tests.conftest import Databases

COLUMNS, ROWS = 50, 40
TOWN = town.build(COLUMNS, ROWS)


@contextmanager
def served(databases: Databases) -> Iterator[tuple[str, str]]:
    """Address of a web process over a town of 2,000 cells, and the URL of its database."""
    url = databases.create("reports")
    upgrade(url)
    town.settle(url, TOWN)
    with server.running(url) as (address, _):
        yield address, url


class Client:
    """One connection that reports again and again; as little of an HTTP client as will do, for it shares the processors."""

    def __init__(self, address: str, seed: int = 0) -> None:
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)
        self.rng = np.random.default_rng(seed)

    async def __aenter__(self) -> Client:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def report(self) -> int:
        """Send one report; the id that it got."""
        west, south, east, north = TOWN.bounds
        place = {"lon": self.rng.uniform(west, east), "lat": self.rng.uniform(south, north), "datum": "cgcs2000"}
        told = place | {"category": "C0101", "description": "井盖破损"}
        status, answer = await self.ask("POST", "/api/incidents", told, **{"Idempotency-Key": self.rng.bytes(16).hex()})
        assert status == 201, answer
        return int(json.loads(answer)["id"])

    async def ask(self, method: str, target: str, told: object = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of an answer, packed if `headers` allow that."""
        body = b"" if told is None else json.dumps(told).encode()
        sent = {"Host": self.host, "Content-Type": "application/json", "Content-Length": str(len(body))} | headers
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        self.writer.write("\r\n".join(lines).encode() + body)
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(line for line in head.splitlines() if line.startswith("content-length:"))
        return int(head.split()[1]), await self.reader.readexactly(int(length.split(":")[1]))


async def per_second(address: str, clients: int, for_s: float) -> float:
    """Reports per second of so many clients that each send the next when the last is answered."""
    ends = time.monotonic() + for_s

    async def work(seed: int) -> int:
        async with Client(address, seed) as client:
            done = 0
            while time.monotonic() < ends:
                await client.report()
                done += 1
            return done

    return sum(await asyncio.gather(*map(work, range(clients)))) / for_s
