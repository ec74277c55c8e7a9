"""A campaign: clients report and followers watch while parts are killed; then all is waited for and verified."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import numpy as np

from tests.running import System
from tests.signing import Signing
from tests.soak import verify
from tests.soak.clients import RESTLESS_S, Client, Follower, Ledger
from tests.soak.kills import Killer
from tests.soak.system import query, url

PATIENCE_S = 120.0
WAITING = "SELECT count(*) FROM case_file WHERE state = 'filed'"


@dataclass(frozen=True)
class Outcome:
    """What was done, what it took, and what went wrong, which should be nothing."""

    figures: Mapping[str, object]
    recoveries: Mapping[str, Sequence[float]]
    """Seconds until it was back, for each kill of each part."""
    faults: Mapping[str, int]

    @property
    def is_good(self) -> bool:
        return not any(self.faults.values())


async def soak(system: System, names: Iterable[str], *, clients: int, seed: int) -> Outcome:
    """Let `clients` report while the parts of these names are killed, one after the other."""
    ledger, killer = Ledger(), Killer(system, np.random.default_rng(seed))
    web = {"base_url": system.web, "auth": Signing(url(system))}
    async with httpx.AsyncClient(**web, limits=httpx.Limits(max_connections=None)) as http:
        followers = [Follower(http, stays_s=None), Follower(http, stays_s=RESTLESS_S)]
        async with _following(followers):
            await _report(http, ledger, killer, names, clients=clients, seed=seed)
            await _settle(system, followers, len(ledger.answered))
    figures, faults = verify.against_database(url(system), ledger.answered)
    faults |= verify.against_stream(followers, ledger.answered.values()) | {"contradicted": ledger.contradicted}
    return Outcome(_figures(ledger, followers, killer) | figures, killer.recoveries, faults)


@asynccontextmanager
async def _following(followers: Sequence[Follower]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(follower.follow()) for follower in followers]
    try:
        for follower in followers:
            await asyncio.wait_for(follower.has_begun.wait(), PATIENCE_S)
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _report(
    http: httpx.AsyncClient, ledger: Ledger, killer: Killer, names: Iterable[str], *, clients: int, seed: int
) -> None:
    """Until the last victim is back and every report is answered."""
    end = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(Client(http, ledger, seed + number).work(end))
        await asyncio.to_thread(killer.work, names)
        end.set()


async def _settle(system: System, followers: Iterable[Follower], cases: int) -> None:
    """Until nothing waits and the stream has told all; or until patience ends, and the faults will show what is missing."""
    await _until(lambda: query(system, WAITING) == 0)
    await _until(lambda: all(follower.count("dispatch") >= cases for follower in followers))


async def _until(condition: Callable[[], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not condition() and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.2)


def _figures(ledger: Ledger, followers: Iterable[Follower], killer: Killer) -> dict[str, object]:
    middle, worst = np.quantile(ledger.waits, [0.5, 1.0])
    return {
        "reports": len(ledger.answered),
        "tries": ledger.answers.total(),
        "answers": ", ".join(f"{status} × {count}" for status, count in sorted(ledger.answers.items())),
        "answered_within": f"{middle:.3f} s at the median, {worst:.1f} s at most",
        "killed_in_a_batch": killer.in_a_batch,
        "stream_resumed": sum(follower.resumed for follower in followers),
        "stream_reloads": sum(follower.reloads for follower in followers),
    }
