"""Parts killed with -9 in turn at random moments, and how long each took to come back. Times are seconds."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
import psycopg

from data import cluster
from data.health import DISPATCHER
from data.postgres import kill
from flows.system import answers
from tests.running import System, arguments_of
from tests.soak.system import query, url

OFTEN = ("database", "dispatcher", "web")
SELDOM = {"prefect": 3, "supervisor": 5}
"""In every how many rounds."""
Seen = TypeVar("Seen")
PAUSE_S = (1.0, 5.0)
AIMED = 0.5
"""Share of the dispatchers that are killed at the worst moment: cases are taken, and not yet given to anybody."""
AIM_S = 2.0
"""How long we wait for it."""
PATIENCE_S = 180.0
LOOK_S = 0.05
IN_A_BATCH = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = %s AND state = 'idle in transaction')"
)
CONNECTED_SINCE = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = %s AND backend_start > %s)"


def plan(minutes: float, rng: np.random.Generator) -> Iterator[str]:
    """Whom to kill, round after round in a new order, until the time is up."""
    until, turn = time.monotonic() + minutes * 60, 0
    while True:
        turn += 1
        victims = [*OFTEN, *(name for name, every in SELDOM.items() if turn % every == 0)]
        for name in rng.permutation(victims).tolist():
            if time.monotonic() > until:
                return
            yield name


class Killer:
    """Kills, and has somebody watch for the return of each; one may die while another is still coming back."""

    def __init__(self, system: System, rng: np.random.Generator) -> None:
        self.system, self.rng = system, rng
        self.recoveries: dict[str, list[float]] = defaultdict(list)
        self.in_a_batch = 0
        """Dispatchers killed after they took cases and before they gave them to anybody."""

    def work(self, names: Iterable[str]) -> None:
        """Kill these, one by one, and return when all are back."""
        coming_back: dict[str, Future[None]] = {}
        with ThreadPoolExecutor() as watchers:
            for name in names:
                time.sleep(self.rng.uniform(*PAUSE_S))
                if name in coming_back:
                    coming_back[name].result()
                coming_back[name] = watchers.submit(self._watch, name, *self._kill(name))
            for watched in coming_back.values():
                watched.result()

    def _kill(self, name: str) -> tuple[int, datetime]:
        pid = _until(lambda: pid_of(self.system, name), f"no {name} to kill")
        if name == "dispatcher" and self.rng.random() < AIMED:
            self.in_a_batch += self._await_batch()
        kill(pid)
        return pid, datetime.now(UTC)

    def _await_batch(self) -> bool:
        until = time.monotonic() + AIM_S
        with suppress(psycopg.OperationalError), psycopg.connect(url(self.system), autocommit=True) as connection:
            while time.monotonic() < until:
                if connection.execute(IN_A_BATCH, [DISPATCHER]).fetchone() == (True,):
                    return True
        return False

    def _watch(self, name: str, pid: int, killed_at: datetime) -> None:
        begun = time.monotonic()
        _until(lambda: is_back(self.system, name, pid, killed_at), f"{name} did not come back")
        self.recoveries[name].append(time.monotonic() - begun)


def pid_of(system: System, name: str) -> int:
    """0: there is none at the moment."""
    if name == "database":
        return cluster.postmaster_pid(home=system.home) or 0
    if name == "supervisor":
        return _supervisor(system)
    return next(iter(system.pids(name)), 0)


def is_back(system: System, name: str, before: int, killed_at: datetime) -> bool:
    """Whether another process does the work of the one killed."""
    works: dict[str, Callable[[], object]] = {
        "database": lambda: query(system, "SELECT true"),
        "web": lambda: answers(f"{system.web}/health/live"),
        "prefect": lambda: answers(f"{system.prefect}/api/health"),
        "dispatcher": lambda: query(system, CONNECTED_SINCE, DISPATCHER, killed_at),
        "supervisor": system.is_whole,
    }
    try:
        return pid_of(system, name) not in (0, before) and bool(works[name]())
    except psycopg.OperationalError:
        return False


def _supervisor(system: System) -> int:
    """The process in the file, if it runs: a killed one leaves the file behind."""
    try:
        pid = int((system.home / "supervisord.pid").read_text())
    except (OSError, ValueError):
        return 0
    return pid if "supervisor.supervisord" in arguments_of(pid) else 0


def _until(look: Callable[[], Seen], complaint: str) -> Seen:
    """What `look` sees as soon as it is something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{complaint} within {PATIENCE_S:.0f} s")
        time.sleep(LOOK_S)
    return seen
