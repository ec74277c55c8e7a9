"""Cases: take those that wait and dispatch them, a batch in one transaction of the caller. Points in EPSG:4490."""

from __future__ import annotations

from typing import Any

import pandas as pd
from psycopg import Connection

from data.copying import copy_frame
from data.database import sql

DECISION = """
    CREATE TEMP TABLE IF NOT EXISTS decision (
        position int, case_id bigint, located text, candidates jsonb, cell_id bigint, community_id bigint, street_id bigint,
        worker_id bigint, desk_code text, explanation jsonb
    ) ON COMMIT DELETE ROWS
"""
PLACE = ["located", "candidates", "cell_id", "community_id", "street_id"]
HOLDER = ["worker_id", "desk_code", "explanation"]


def count_waiting(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM case_file WHERE state = 'filed'").fetchone()
    return int(row[0]) if row else 0


def take_batch(connection: Connection[Any], limit: int) -> pd.DataFrame:
    """Lock up to `limit` waiting cases, oldest first, that nobody else has locked: `id`, `x`, `y`."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(sql("take_waiting"), {"limit": limit})
        return pd.DataFrame(cursor.fetchall(), columns=["id", "x", "y"])


def apply(connection: Connection[Any], taken: pd.DataFrame, located: pd.DataFrame, decided: pd.DataFrame) -> int:
    """Dispatch the cases of `taken` as `decided`, each with its event; returns how many.

    The rows of the three tables belong together one by one.
    """
    table = pd.concat([located[PLACE], decided[HOLDER]], axis=1)
    connection.execute(DECISION)
    copy_frame(connection, "decision", table.assign(position=range(len(table)), case_id=taken["id"]))
    done = connection.execute(sql("apply_decisions")).fetchone()
    return int(done[0]) if done else 0
