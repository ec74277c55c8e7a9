"""Dispatch: take waiting cases, decide, apply; a batch is one transaction. Seconds are wall-clock time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from threading import RLock
from typing import Any

import pandas as pd
import psycopg

from data import cases, situation
from data.database import connect
from data.settings import settings
from geo.location import locate

HANDS = 2
"""One decides while the other's rows are being stored."""
KINDS = {"inside": "inside", "border": "border", "gap": "gap", "picked": "picked", "none": "backstop"}


@dataclass
class Figures:
    """What became of the cases: inside + border + gap + picked + backstop = taken."""

    taken: int = 0
    inside: int = 0
    border: int = 0
    gap: int = 0
    picked: int = 0
    backstop: int = 0
    dispatched: int = 0
    seconds: float = 0.0

    def add(self, other: Figures) -> None:
        for name, value in asdict(other).items():
            setattr(self, name, round(getattr(self, name) + value, 3))


class Board:
    """What is known of the ground, shared by the hands of one process; the first to see it change reads it anew.

    One hand at a time locates: GEOS completes a prepared shape at its first use, and two at once would break it.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._known: situation.Situation | None = None

    def look(self, connection: psycopg.Connection[Any]) -> situation.Situation:
        with self._lock:
            self._known = situation.look(connection, self._known)
            return self._known

    def locate(
        self, connection: psycopg.Connection[Any], taken: pd.DataFrame
    ) -> tuple[pd.DataFrame, situation.Situation]:
        """Where the cases of `taken` (`x`, `y`, `picked_cell`) lie on today's ground, and what is known beside it."""
        picks = {at: code for at, code in enumerate(taken["picked_cell"]) if code}
        with self._lock:
            known = self.look(connection)
            return locate(taken[["x", "y"]].to_numpy(), known.ground, picks), known


class Dispatcher:
    """Works batch by batch on a connection in autocommit."""

    def __init__(self, connection: psycopg.Connection[Any], board: Board | None = None) -> None:
        self.connection = connection
        self.board = board or Board()

    def batch(self, limit: int) -> Figures:
        """Take, decide, apply, in one transaction: all of it or nothing."""
        begun = time.perf_counter()
        with self.connection.transaction():
            taken = cases.take_batch(self.connection, limit)
            figures = self._dispatch(taken) if len(taken) else Figures()
        figures.seconds = round(time.perf_counter() - begun, 3)
        return figures

    def _dispatch(self, taken: pd.DataFrame) -> Figures:
        located, known = self.board.locate(self.connection, taken)
        done = cases.apply(self.connection, taken, located, cases.decide(self.connection, taken, located, known))
        counts = located["located"].value_counts()
        counted = {name: int(counts.get(kind, 0)) for kind, name in KINDS.items()}
        return Figures(taken=len(taken), dispatched=done, **counted)


def waiting() -> int:
    """How many cases wait for dispatch."""
    with connect(autocommit=True) as connection:
        return cases.count_waiting(connection)


def drain(progress: Callable[[int], None] = lambda done: None, *, hands: int = HANDS) -> Figures:
    """Dispatch all that wait now, and return the figures. `hands` work side by side; progress is told rows done since."""
    begun, total, board = time.perf_counter(), Figures(), Board()
    with ThreadPoolExecutor(hands) as pool:
        for figures in pool.map(lambda _: _empty(board, progress), range(hands)):
            total.add(figures)
    total.seconds = round(time.perf_counter() - begun, 3)
    return total


def _empty(board: Board, progress: Callable[[int], None]) -> Figures:
    total, rows = Figures(), settings().dispatch_batch_rows
    with connect(autocommit=True) as connection:
        dispatcher = Dispatcher(connection, board)
        while (figures := dispatcher.batch(rows)).taken:
            total.add(figures)
            progress(figures.taken)
    return total
