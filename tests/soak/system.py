"""The system that the soak kills: a real `wangge up` with a small town for ground. EPSG:4490; times are seconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg

from data import cluster
from data.settings import CHECKOUT
from tests import town
from tests.homes import temporary_home
from tests.running import System

TOWN = town.without(town.build(24, 24), 0.05)
"""576 cells, one in twenty taken out: what lies there is in a gap, or in no cell at all."""
AROUND = 0.03
"""How far beyond the town people report, as a share of its size."""
ON_BORDER = 0.15
LOGS = CHECKOUT / ".wangge" / "soak"


@contextmanager
def running(*, until: str = "ready after") -> Iterator[System]:
    """The system, on ground, started until it says so; stopped and removed at the end."""
    with temporary_home() as home:
        system = System(home, until=until)
        try:
            town.settle(url(system), TOWN)
            yield system
        finally:
            system.stop()
            _keep_logs(system)


def url(system: System) -> str:
    """Where its database is, or was before it was killed; never starts it."""
    return cluster.private(system.home).url()


def query(system: System, statement: str, *parameters: Any) -> Any:
    """The first value of the first row. Raises: psycopg.OperationalError while the database is away."""
    with psycopg.connect(url(system), autocommit=True, connect_timeout=5) as connection:
        row = connection.execute(statement, parameters).fetchone()  # type: ignore[call-overload]
    return row and row[0]


def places(rng: np.random.Generator, count: int) -> np.ndarray:
    """Where people report: (count, 2) lon/lat, most anywhere in and a little around the town, some exactly on a border."""
    low, high = TOWN.bounds[:2], TOWN.bounds[2:]
    margin = (high - low) * AROUND
    anywhere = rng.uniform(low - margin, high + margin, (count, 2))
    on_border = rng.choice(town.border_points(TOWN), count)
    return np.where(rng.random((count, 1)) < ON_BORDER, on_border, anywhere)


def _keep_logs(system: System) -> None:
    """What `wangge up` and the services said, for who looks for the reason of a fault."""
    shutil.rmtree(LOGS, ignore_errors=True)
    shutil.copytree(system.home / "log", LOGS)
    (LOGS / "up.log").write_text("".join(system.lines), encoding="utf-8")
