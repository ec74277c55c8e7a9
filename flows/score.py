"""Reckon scores from the events: one pass, then period by period. Days are the city's; a period's last day belongs to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from data import reckoning, score_rows, scores
from data.database import driver_connection, engine
from flows.retrying import plain, retried


@flow(name="score")
def score(period: str = reckoning.ALL, first: date | None = None, last: date | None = None) -> dict[str, Any]:
    """Reckon the scores of a period, or of all that yesterday lies in. See `run`."""
    found = run(period, first, last, step=retried)
    create_table_artifact(found["runs"], key="scores", description=f"Scores up to {found['cut']}")
    return found


def run(
    period: str, first: date | None = None, last: date | None = None, *, step: Callable[[Any], Any] = plain
) -> dict[str, Any]:
    """`runs` (one per period: `run`, `is_new`, `period`, `from`, `to`, `cut`, `cases`, `scores`), `cut` and `seconds`.

    A period that is not over is reckoned up to now, or with `all` up to the last midnight. Where the latest run has the same
    figures up to the same cut, it stays. `step` wraps what reads and stores.
    """
    begun = time.monotonic()
    runs = step(_reckon)(period, first, last)
    return {"runs": runs, "cut": runs[0]["cut"], "seconds": round(time.monotonic() - begun, 3)}


def _reckon(period: str, first: date | None, last: date | None) -> list[dict[str, Any]]:
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        return reckoning.run(connection, *reckoning.wanted(period, first, last))


def behind(run: int, dimension: str, key: str, figure: str, *, after: int, limit: int) -> dict[str, Any]:
    """The cases behind a figure; see `data.score_rows.page`."""
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        return score_rows.page(connection, run, dimension, key, figure, after=after, limit=limit)


def compare() -> dict[str, Any]:
    """`cases`, how many of them are not what their events say (`differing`), and the `first` of those."""
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        return scores.compare(driver_connection(connection))
