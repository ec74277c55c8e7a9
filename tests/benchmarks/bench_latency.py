"""From the report to the map: the time from sending a report until a follower of the stream sees it dispatched.

50 reports per second over HTTP, the web process, the dispatcher and the database on this machine, no Prefect.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import numpy as np
import psycopg

from data.health import DISPATCHER
from tests.benchmarks import reports
from tests.benchmarks.report import Row
from tests.conftest import ROOT, Databases
from tests.signing import Signing

RATE_PER_S, COUNT, CONNECTIONS = 50, 600, 8
PATIENCE_S = 30
AIM_S = 1.0


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        with reports.served(databases) as (address, url), _dispatcher(url):
            took = asyncio.run(_measure(address, Signing(url).token()))
        for share in (50, 95, 99):
            aim = "aim: below 1 s" if share == 95 else ""
            name = f"report to map at {RATE_PER_S}/s, p{share}"
            yield Row(name, float(np.percentile(took, share)), "s", AIM_S, "one second", aim=aim)
    finally:
        databases.drop_all()


@contextmanager
def _dispatcher(url: str) -> Iterator[None]:
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.dispatch"], cwd=ROOT, env=environment | {"WANGGE_DATABASE_URL": url}
    )
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            deadline = time.monotonic() + PATIENCE_S
            while not _is_there(connection) and time.monotonic() < deadline:
                time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _is_there(connection: psycopg.Connection) -> bool:
    found = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = %s AND datname = current_database())",
        [DISPATCHER],
    )
    return found.fetchone() == (True,)


async def _measure(address: str, token: str) -> list[float]:
    """Seconds of each report; the first second's are left out, in which ground and caches are read."""
    sent, seen = {}, {}
    follower = asyncio.create_task(_follow(address, token, seen))
    queue: asyncio.Queue[float | None] = asyncio.Queue()
    senders = [asyncio.create_task(_send(address, seed, queue, sent)) for seed in range(CONNECTIONS)]
    for _ in range(COUNT):
        queue.put_nowait(time.monotonic())
        await asyncio.sleep(1 / RATE_PER_S)
    for _ in senders:
        queue.put_nowait(None)
    await asyncio.gather(*senders)
    deadline = time.monotonic() + PATIENCE_S
    while len(seen) < COUNT and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    follower.cancel()
    assert len(sent) == COUNT
    assert sent.keys() == seen.keys()
    return [seen[one] - sent[one] for one in sorted(sent)[RATE_PER_S:]]


async def _send(address: str, seed: int, queue: asyncio.Queue[float | None], sent: dict[int, float]) -> None:
    """The time counts from when the report was due, so that a queue before the server is counted too."""
    async with reports.Client(address, seed) as client:
        while (due := await queue.get()) is not None:
            sent[await client.report()] = due


async def _follow(address: str, token: str, seen: dict[int, float]) -> None:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"GET /api/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n"
    writer.write(head.encode())
    while line := await reader.readline():
        if line.startswith(b"data: ") and (change := json.loads(line[6:])).get("state") == "dispatched":
            seen[change["id"]] = time.monotonic()
