"""Dispatch: take waiting cases, decide, apply; a batch is one transaction. Seconds are wall-clock time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg

from data import cases, situation
from data.database import connect
from data.settings import settings
from geo import routing
from geo.location import locate

KINDS = {"inside": "inside", "border": "border", "gap": "gap", "none": "backstop"}


@dataclass
class Figures:
    """What became of the cases: inside + border + gap + backstop = taken."""

    taken: int = 0
    inside: int = 0
    border: int = 0
    gap: int = 0
    backstop: int = 0
    dispatched: int = 0
    seconds: float = 0.0

    def add(self, other: Figures) -> None:
        for name, value in asdict(other).items():
            setattr(self, name, round(getattr(self, name) + value, 3))


@dataclass
class Dispatcher:
    """One connection and what is known of the ground, from batch to batch."""

    connection: psycopg.Connection[Any]
    known: situation.Situation | None = field(default=None, repr=False)

    def batch(self, limit: int) -> Figures:
        """Take, decide, apply, in one transaction: all of it or nothing."""
        begun = time.perf_counter()
        with self.connection.transaction():
            taken = cases.take_batch(self.connection, limit)
            figures = self._dispatch(taken) if len(taken) else Figures()
        figures.seconds = round(time.perf_counter() - begun, 3)
        return figures

    def _dispatch(self, taken: Any) -> Figures:
        self.known = situation.look(self.connection, self.known)
        located = locate(taken[["x", "y"]].to_numpy(), self.known.ground)
        done = cases.apply(self.connection, taken, located, routing.decide(located, self.known.duty))
        counts = located["located"].value_counts()
        counted = {name: int(counts.get(kind, 0)) for kind, name in KINDS.items()}
        return Figures(taken=len(taken), dispatched=done, **counted)


def waiting() -> int:
    """How many cases wait for dispatch."""
    with connect(autocommit=True) as connection:
        return cases.count_waiting(connection)


def drain(progress: Callable[[int], None] = lambda done: None) -> Figures:
    """Dispatch all that wait now, and return the figures."""
    total, rows = Figures(), settings().dispatch_batch_rows
    with connect(autocommit=True) as connection:
        dispatcher = Dispatcher(connection)
        while (figures := dispatcher.batch(rows)).taken:
            total.add(figures)
            progress(figures.taken)
    return total
