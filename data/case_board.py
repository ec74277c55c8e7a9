"""The board: the seven stages, how many cases are in each by the time that is left, and the first of each. EPSG:4490."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import orjson
from psycopg import AsyncConnection as PsycopgConnection
from sqlalchemy.ext.asyncio import AsyncConnection

from data import case_rows
from data.case_filters import IS_DONE, IS_OPEN, TIME_LEFT, Filter, Wanted, narrow
from data.case_lists import CLOSED_AT, COUNTED
from data.case_rows import Case
from data.database import async_driver_connection
from data.days import today
from data.settings import settings
from geo.callers import Caller
from geo.lifecycle import OPEN, STAGES, Stage, State

CARDS = 30
"""Of each stage so many cases are shown."""
PARTS = ("late", "soon", "ok", "none", "stopped", "done")
SINCE_TODAY: LiteralString = f"{CLOSED_AT} >= %(since_today)s::timestamptz"
Counts = dict[State, dict[str, int]]


async def board(connection: AsyncConnection, wanted: Wanted, caller: Caller) -> bytes:
    """`at`, `is_exact` and `stages` in their order, each with `stage`, `count`, its parts by time left, and its first `cases`.

    Closed cases are those of today, unless `since` or `until` ask for others; of them no more than `COUNTED` are counted.
    """
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller)
    zone = ZoneInfo(settings().timezone)
    chosen.parameters["since_today"] = datetime.combine(today(), time(), zone)
    closed: LiteralString = SINCE_TODAY if wanted.since is None and wanted.until is None else ""
    counts = await _counts(driver, chosen, closed)
    cases = await case_rows.rows(driver, await _first(driver, chosen, closed, counts), chosen.parameters)
    is_exact = sum(parts["done"] for parts in counts.values()) <= COUNTED
    stages = [_column(stage, counts, cases) for stage in Stage]
    return orjson.dumps({"at": chosen.parameters["now"].astimezone(zone), "is_exact": is_exact, "stages": stages})


async def _counts(driver: PsycopgConnection[Any], chosen: Filter, closed: LiteralString) -> Counts:
    looked_at: LiteralString = "c.id, c.state, c.dispatched_at, c.filed_at, c.due_at"
    still_open: LiteralString = (
        f"SELECT c.state, {TIME_LEFT}, count(*) FROM ({chosen.rows(looked_at, IS_OPEN)}) AS c GROUP BY 1, 2"  # noqa: S608
    )
    done = chosen.rows("c.id, c.state", IS_DONE, closed, tail=f"LIMIT {COUNTED + 1}")
    both: LiteralString = f"{still_open} UNION ALL SELECT state, 'done', count(*) FROM ({done}) AS c GROUP BY 1"  # noqa: S608
    counts: Counts = {state: dict.fromkeys(PARTS, 0) for state in State}
    cursor = await driver.execute(both, chosen.parameters, prepare=False)
    for state, time_left, count in await cursor.fetchall():
        counts[State(state)][time_left] = count
    return counts


async def _first(driver: PsycopgConnection[Any], chosen: Filter, closed: LiteralString, counts: Counts) -> list[int]:
    """The first of each state, in one statement: a state alone can be walked in the order of an index."""
    walks = [_walk(chosen, state, closed) for state in State if any(counts[state].values())]
    if not walks:
        return []
    cursor = await driver.execute(" UNION ALL ".join(walks), chosen.parameters, prepare=False)
    return [case_id for case_id, _ in await cursor.fetchall()]


def _walk(chosen: Filter, state: State, closed: LiteralString) -> LiteralString:
    """Up to `CARDS` of each branch; the board takes the first of them all."""
    is_state: LiteralString = f"c.state = '{state.value}'"
    if state in OPEN:
        found = chosen.rows("c.id, c.due_at AS key", is_state, IS_OPEN, tail=f"ORDER BY c.due_at, c.id LIMIT {CARDS}")
    else:
        newest: LiteralString = f"ORDER BY {CLOSED_AT} DESC, c.id DESC LIMIT {CARDS}"
        found = chosen.rows(f"c.id, {CLOSED_AT} AS key", is_state, IS_DONE, closed, tail=newest)
    return f"({found})"


def _column(stage: Stage, counts: Counts, cases: Iterable[Case]) -> dict[str, Any]:
    parts = {part: sum(counts[state][part] for state in State if STAGES[state] is stage) for part in PARTS}
    shown = sorted((case for case in cases if case["stage"] is stage), key=_urgency)[:CARDS]
    return {"stage": stage, "count": sum(parts.values()), **parts, "cases": shown}


def _urgency(case: Case) -> tuple[bool, bool, float, int]:
    """Open before closed; by when they are due, those without a clock last; the last closed first."""
    if case["time_left"] == "done":
        return True, False, -(case["closed_at"] or case["filed_at"]).timestamp(), -case["id"]
    due = case["due_at"]
    return False, due is None, due.timestamp() if due else 0.0, case["id"]
