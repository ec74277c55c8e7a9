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
from data.case_filters import BEGUN, IS_DONE, IS_OPEN, SOON_SHARE, Filter, Wanted, narrow
from data.case_lists import CLOSED_AT, COUNTED
from data.case_rows import Case
from data.database import async_driver_connection
from data.days import today
from data.settings import settings
from geo.callers import Caller
from geo.lifecycle import DONE, OPEN, STAGES, Stage, State
from geo.sight import Sight

CARDS = 30
"""Of each stage so many cases are shown."""
PARTS = ("late", "soon", "ok", "none", "stopped", "done")
SINCE_TODAY: LiteralString = f"{CLOSED_AT} >= %(since_today)s::timestamptz"
LOOKED_AT: LiteralString = "c.id, c.state, c.dispatched_at, c.filed_at, c.due_at"
PARTED: LiteralString = f"""
    SELECT c.state, count(*), count(*) FILTER (WHERE c.due_at IS NULL), count(*) FILTER (WHERE c.due_at < %(now)s::timestamptz),
           count(*) FILTER (WHERE c.due_at >= %(now)s::timestamptz
                              AND c.due_at - %(now)s::timestamptz < {SOON_SHARE} * (c.due_at - {BEGUN}))
"""
"""The parts of `case_time_left` one by one, which counts 20,000 cases in half of the time."""
Counts = dict[State, dict[str, int]]


async def board(connection: AsyncConnection, wanted: Wanted, caller: Caller, sight: Sight | None = None) -> bytes:
    """`at`, `is_exact` and `stages` in their order, each with `stage`, `count`, its parts by time left, and its first `cases`.

    Closed cases are those of today, unless `since` or `until` ask for others; of them no more than `COUNTED` are counted.
    """
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller, sight)
    zone = ZoneInfo(settings().timezone)
    chosen.parameters["since_today"] = datetime.combine(today(), time(), zone)
    closed: LiteralString = SINCE_TODAY if wanted.since is None and wanted.until is None else ""
    counts = await _counts(driver, chosen, closed)
    cases = await case_rows.rows(driver, await _first(driver, chosen, closed, counts), chosen.parameters)
    is_exact = sum(parts["done"] for parts in counts.values()) <= COUNTED
    stages = [_column(stage, counts, cases) for stage in Stage]
    return orjson.dumps({"at": chosen.parameters["now"].astimezone(zone), "is_exact": is_exact, "stages": stages})


async def _counts(driver: PsycopgConnection[Any], chosen: Filter, closed: LiteralString) -> Counts:
    counted: LiteralString = f"{PARTED} FROM ({chosen.rows(LOOKED_AT, IS_OPEN)}) AS c GROUP BY 1"
    done = chosen.rows("c.id, c.state", IS_DONE, closed, tail=f"LIMIT {COUNTED + 1}")
    both: LiteralString = f"{counted} UNION ALL SELECT state, count(*), 0, 0, 0 FROM ({done}) AS c GROUP BY 1"  # noqa: S608
    cursor = await driver.execute(both, chosen.parameters, prepare=False)
    found = {State(state): _parts(State(state), *counts) for state, *counts in await cursor.fetchall()}
    return {state: found.get(state, dict.fromkeys(PARTS, 0)) for state in State}


def _parts(state: State, count: int, none: int, late: int, soon: int) -> dict[str, int]:
    parts = dict.fromkeys(PARTS, 0)
    if state in DONE:
        return parts | {"done": count}
    if state == State.SUSPENDED:
        return parts | {"stopped": count}
    return parts | {"none": none, "late": late, "soon": soon, "ok": count - none - late - soon}


async def _first(driver: PsycopgConnection[Any], chosen: Filter, closed: LiteralString, counts: Counts) -> list[int]:
    """The first of each stage, in one statement: a state alone can be walked in the order of an index."""
    walks = [_walk(chosen, state, closed) for state in State if any(counts[state].values())]
    if not walks:
        return []
    cursor = await driver.execute(" UNION ALL ".join(walks), chosen.parameters, prepare=False)
    stages: dict[Stage, list[tuple[Any, ...]]] = {stage: [] for stage in Stage}
    for state, case_id, key in await cursor.fetchall():
        stages[STAGES[State(state)]].append((*_urgency(State(state), key, case_id), case_id))
    return [found[-1] for stage in Stage for found in sorted(stages[stage])[:CARDS]]


def _urgency(state: State, key: datetime | None, case_id: int) -> tuple[bool, bool, float, int]:
    """Open before closed; by when they are due, those without a clock last; the last closed first."""
    if state in DONE:
        return True, False, -key.timestamp() if key else 0.0, -case_id
    return False, key is None, key.timestamp() if key else 0.0, case_id


def _walk(chosen: Filter, state: State, closed: LiteralString) -> LiteralString:
    """`state`, `id`, `key` of up to `CARDS` cases of each branch; the board takes the first of them all."""
    shown: LiteralString = "c.state, c.id"
    is_state: LiteralString = f"c.state = '{state.value}'"
    if state in OPEN:
        found = chosen.rows(
            f"{shown}, c.due_at AS key", is_state, IS_OPEN, tail=f"ORDER BY c.due_at, c.id LIMIT {CARDS}"
        )
    else:
        newest: LiteralString = f"ORDER BY {CLOSED_AT} DESC, c.id DESC LIMIT {CARDS}"
        found = chosen.rows(f"{shown}, {CLOSED_AT} AS key", is_state, IS_DONE, closed, tail=newest)
    return f"({found})"


def _column(stage: Stage, counts: Counts, cases: Iterable[Case]) -> dict[str, Any]:
    parts = {part: sum(counts[state][part] for state in State if STAGES[state] is stage) for part in PARTS}
    return {"stage": stage, "count": sum(parts.values()), **parts, "cases": [c for c in cases if c["stage"] is stage]}
