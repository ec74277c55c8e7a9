"""Cases: take those that wait and dispatch them, a batch in one transaction of the caller. Points in EPSG:4490."""

from __future__ import annotations

from typing import Any

import pandas as pd
from psycopg import Connection

from data.copying import copy_frame
from data.database import sql

PLACE = ("located", "cell_id", "community_id", "street_id", "candidates")
DECISION = "CREATE TEMP TABLE IF NOT EXISTS decision ({}) ON COMMIT DELETE ROWS"
COLUMNS = {
    "position": "int",
    "case_id": "bigint",
    "is_moved": "boolean",
    "located": "text",
    "cell_id": "bigint",
    "community_id": "bigint",
    "street_id": "bigint",
    "candidates": "text",
    "worker_id": "bigint",
    "desk_code": "text",
    "explanation": "text",
}
IDS = {"cell_id": "Int64", "community_id": "Int64", "street_id": "Int64"}


def count_waiting(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM case_file WHERE state = 'filed'").fetchone()
    return int(row[0]) if row else 0


def take_batch(connection: Connection[Any], limit: int) -> pd.DataFrame:
    """Lock up to `limit` waiting cases, oldest first, that nobody else has locked.

    Returns `id`, `x`, `y` and the place known so far: `located`, `cell_id`, `community_id`, `street_id`, `candidates` (JSON text).
    """
    with connection.cursor() as cursor:
        cursor.execute(sql("take_waiting"), {"limit": limit})
        names = [column.name for column in cursor.description or ()]
        return pd.DataFrame(cursor.fetchall(), columns=names).astype(IDS)


def apply(connection: Connection[Any], taken: pd.DataFrame, located: pd.DataFrame, decided: pd.DataFrame) -> int:
    """Dispatch the cases of `taken` as `decided`, each with its event; returns how many.

    The rows of the three tables belong together one by one.
    """
    place = located[list(PLACE)]
    is_moved = differs(taken, place)
    table = pd.concat([place, decided[["worker_id", "desk_code", "explanation"]]], axis=1)
    table = table.assign(position=range(len(table)), case_id=taken["id"], is_moved=is_moved)
    connection.execute(DECISION.format(", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())))
    copy_frame(connection, "decision", table[list(COLUMNS)])
    done = connection.execute(sql("apply_decisions")).fetchone()
    return int(done[0]) if done else 0


def differs(taken: pd.DataFrame, place: pd.DataFrame) -> pd.Series:
    """Where the place found now is not the one that is stored."""
    pairs = (taken[name].astype(object).where(taken[name].notna(), None) for name in PLACE)
    now = (place[name].astype(object).where(place[name].notna(), None) for name in PLACE)
    return pd.concat([before != after for before, after in zip(pairs, now, strict=True)], axis=1).any(axis=1)
