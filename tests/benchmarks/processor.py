"""Processor time of processes, which other programs at work on the machine change little, unlike the time by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import psycopg

BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"


def milliseconds(pids: Iterable[int]) -> float:
    """What the processes, with all their threads, have had so far."""
    tasks = (task for pid in pids for task in Path(f"/proc/{pid}/task").iterdir())
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def backends(url: str, name: str) -> list[int]:
    """The database's processes that work for whoever came as the application `name`."""
    with psycopg.connect(url) as line:
        return [pid for (pid,) in line.execute(BACKENDS, [name]).fetchall()]
