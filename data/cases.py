"""Cases: take those that wait and dispatch them, a batch in one transaction of the caller. Points in EPSG:4490.

Rows go both ways by COPY, read and written as whole columns: docs/decisions/0003-cheap-cases.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from psycopg import Connection

from data.database import sql
from data.live import CHANNEL

DECISION = {
    "position": "int",
    "case_id": "bigint",
    "located": "text",
    "candidates": "jsonb",
    "cell_id": "bigint",
    "community_id": "bigint",
    "street_id": "bigint",
    "worker_id": "bigint",
    "desk_code": "text",
    "explanation": "jsonb",
}
TEMPORARY = ", ".join(f"{name} {kind}" for name, kind in DECISION.items())
WAITING = (
    "SELECT EXISTS (SELECT FROM case_file WHERE state = 'filed' AND filed_at <= now() - make_interval(secs => %s))"
)
HEADER_BYTES, TRAILER_BYTES = 19, 2
TAKEN = np.dtype([("fields", ">i2"), ("", ">i4"), ("id", ">i8"), ("", ">i4"), ("x", ">f8"), ("", ">i4"), ("y", ">f8")])
"""A row of PostgreSQL's binary COPY: the number of fields, then each with its length before it."""


def count_waiting(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM case_file WHERE state = 'filed'").fetchone()
    return int(row[0]) if row else 0


def is_any_waiting(connection: Connection[Any], *, since_s: float = 0) -> bool:
    """Whether a case waits, for at least `since_s` seconds."""
    row = connection.execute(WAITING, [since_s]).fetchone()
    return bool(row and row[0])


def take_batch(connection: Connection[Any], limit: int) -> pd.DataFrame:
    """Lock up to `limit` waiting cases, oldest first, that nobody else has locked: `id`, `x`, `y`."""
    with connection.cursor() as cursor, cursor.copy(sql("take_waiting"), {"limit": limit}) as copy:
        raw = b"".join(copy)
    count = (len(raw) - HEADER_BYTES - TRAILER_BYTES) // TAKEN.itemsize
    rows = np.frombuffer(raw, TAKEN, count, HEADER_BYTES)
    return pd.DataFrame({name: rows[name].astype(rows[name].dtype.newbyteorder("=")) for name in ("id", "x", "y")})


def apply(connection: Connection[Any], taken: pd.DataFrame, located: pd.DataFrame, decided: pd.DataFrame) -> int:
    """Dispatch the cases of `taken` as `decided`, each with its event, and notify; returns how many.

    The rows of the three tables belong together one by one.
    """
    table = {"position": range(len(taken)), "case_id": taken["id"], **located, **decided}
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS decision ({TEMPORARY}) ON COMMIT DELETE ROWS")
    with connection.cursor() as cursor, cursor.copy("COPY decision FROM STDIN (NULL '')") as copy:
        copy.write(_lines(table[name] for name in DECISION))
    done = connection.execute(sql("apply_decisions")).fetchone()
    connection.execute(f"NOTIFY {CHANNEL}")
    return int(done[0]) if done else 0


def _lines(columns: Iterable[Iterable[Any]]) -> str:
    """COPY's text format, nothing for a missing value. No value holds a tab or a line break: JSON writes them escaped."""
    texts = (["" if value is None else str(value) for value in column] for column in columns)
    return "\n".join(map("\t".join, zip(*texts, strict=True))).replace("\\", "\\\\")
