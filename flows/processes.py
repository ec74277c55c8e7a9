"""Processes that `wangge up` started, found again after it was killed. Linux only: everything is read from /proc."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from data.postgres import kill

MARK = "WANGGE_SUPERVISED_HOME"
"""Environment variable that every process under `wangge up` inherits; its value is the home it works for."""


def born(pid: int) -> str | None:
    """When the process began, in clock ticks since boot; with the id it names a process for good. None: there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return status.rpartition(")")[2].split()[19]


def left_over(home: Path) -> list[int]:
    """Processes that work for `home` under a supervisor, whichever that was."""
    return list(_marked(f"{MARK}={home}".encode()))


def end_left_over(home: Path, *, patience_seconds: float) -> int:
    """Wait for what is ending by itself, kill the rest; return how many there were."""
    found = left_over(home)
    deadline = time.monotonic() + patience_seconds
    while (rest := left_over(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    while rest:
        for pid in rest:
            kill(pid)
        time.sleep(0.02)
        rest = left_over(home)
    return len(found)


def _marked(mark: bytes) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0") and not _is_dead(process):
                yield int(process.name)
        except OSError:
            continue


def _is_dead(process: Path) -> bool:
    """A zombie waits for its parent to take note; there is nothing left to end."""
    return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
