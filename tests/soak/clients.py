"""Clients that report and repeat until they are answered, and followers of the live stream. Times are seconds."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import numpy as np
import orjson

from tests.soak.system import places

CATEGORY = "C0102"
PAUSE_S = 0.4
"""A client's longest pause from one report to the next."""
PATIENCE_S = 10.0
IMPATIENCE_S = 0.02
IMPATIENT = 0.05
"""Share of the tries that are given up before the answer can come: stored perhaps, but never answered."""
TWICE = 0.05
"""Share of the reports that are sent twice at once, under one key."""
AGAIN_S = 0.2
RESTLESS_S = 5.0
LONGEST_SILENCE_S = 20.0
"""The stream says at least every 15 s that it is alive."""


class Refused(Exception):
    """A report was answered with an error that no repetition mends."""


@dataclass
class Ledger:
    """What the clients sent and what they were told."""

    answered: dict[str, int] = field(default_factory=dict)
    """Incident by key: each was answered 201."""
    answers: Counter[str] = field(default_factory=Counter)
    """Of all tries: statuses, and `none` for a broken connection or lost patience."""
    waits: list[float] = field(default_factory=list)
    """From the first try of a report to its answer."""
    contradicted: int = 0
    """Reports that were told two incidents for one key."""

    def note(self, key: str, told: list[int], seconds: float) -> None:
        self.answered[key] = told[0]
        self.waits.append(seconds)
        self.contradicted += len(set(told)) > 1


class Client:
    """Somebody who reports, waits for the answer, and reports again."""

    def __init__(self, http: httpx.AsyncClient, ledger: Ledger, seed: int) -> None:
        self.http, self.ledger, self.rng = http, ledger, np.random.default_rng(seed)
        self.places = self._places()

    async def work(self, end: asyncio.Event) -> None:
        """Until `end`; the last report too is answered."""
        while not end.is_set():
            key, begun = str(uuid4()), time.monotonic()
            body = self._body(key)
            copies = 2 if self.rng.random() < TWICE else 1
            told = await asyncio.gather(*(self._until_answered(key, body) for _ in range(copies)))
            self.ledger.note(key, told, time.monotonic() - begun)
            await asyncio.sleep(self.rng.uniform(0, PAUSE_S))

    async def _until_answered(self, key: str, body: bytes) -> int:
        while (told := await self._try(key, body)) is None:
            await asyncio.sleep(AGAIN_S)
        return told

    async def _try(self, key: str, body: bytes) -> int | None:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        patience = IMPATIENCE_S if self.rng.random() < IMPATIENT else PATIENCE_S
        try:
            answer = await self.http.post("/api/incidents", content=body, headers=headers, timeout=patience)
        except httpx.TransportError:
            self.ledger.answers["none"] += 1
            return None
        self.ledger.answers[str(answer.status_code)] += 1
        return _told(answer)

    def _body(self, key: str) -> bytes:
        lon, lat = next(self.places)
        return orjson.dumps(
            {"lon": lon, "lat": lat, "datum": "cgcs2000", "category": CATEGORY, "description": f"路灯不亮 {key}"}
        )

    def _places(self) -> Iterator[list[float]]:
        return itertools.chain.from_iterable(places(self.rng, 1000).tolist() for _ in itertools.count())


def _told(answer: httpx.Response) -> int | None:
    if answer.status_code == 201:
        return int(answer.json()["id"])
    if answer.status_code < 500:
        raise Refused(f"{answer.status_code} {answer.text}")
    return None


class Follower:
    """Somebody who watches the stream and goes on, after every break, from the last event seen."""

    def __init__(self, http: httpx.AsyncClient, *, stays_s: float | None) -> None:
        self.http, self.stays_s = http, stays_s
        self.seen: Counter[tuple[int, str]] = Counter()
        """How often each event of each case was seen."""
        self.last: str | None = None
        self.resumed = 0
        self.reloads = 0
        self.has_begun = asyncio.Event()

    async def follow(self) -> None:
        """Without end; leaves by itself after `stays_s` and comes back."""
        while True:
            with suppress(httpx.TransportError, TimeoutError):
                async with asyncio.timeout(self.stays_s):
                    await self._read()
            self.resumed += 1
            await asyncio.sleep(AGAIN_S)

    async def _read(self) -> None:
        headers = {"Last-Event-ID": self.last} if self.last else {}
        async with self.http.stream("GET", "/api/live", headers=headers, timeout=LONGEST_SILENCE_S) as answer:
            if answer.status_code < 500:
                answer.raise_for_status()
                async for event in _events(answer):
                    self._note(event)

    def _note(self, event: dict[str, str]) -> None:
        self.last = event["id"]
        self.has_begun.set()
        self.reloads += event["event"] == "reload"
        if event["event"] == "case":
            case = orjson.loads(event["data"])
            self.seen[case["id"], case["event"]] += 1

    def count(self, event: str) -> int:
        """How many cases had this event."""
        return sum(name == event for _, name in self.seen)


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    """Fields of each event by name; comments are not events."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        if name:
            fields[name] = value.removeprefix(" ")
        elif not line and fields:
            yield fields
            fields = {}
