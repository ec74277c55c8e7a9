"""Cases: take those that wait and dispatch them, a batch in one transaction of the caller. Points in EPSG:4490."""

from __future__ import annotations

from typing import Any

import pandas as pd
from psycopg import Connection

from data.copying import copy_frame
from data.database import sql
from data.live import CHANNEL

DECISION = """
    CREATE TEMP TABLE IF NOT EXISTS decision (
        position int, case_id bigint, located text, candidates jsonb, cell_id bigint, community_id bigint, street_id bigint,
        worker_id bigint, desk_code text, explanation jsonb
    ) ON COMMIT DELETE ROWS
"""
WAITING = "SELECT EXISTS (SELECT FROM case_file WHERE state = 'filed' AND filed_at <= now() - make_interval(secs => %s))"
PLACE = ["located", "candidates", "cell_id", "community_id", "street_id"]
HOLDER = ["worker_id", "desk_code", "explanation"]


def count_waiting(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM case_file WHERE state = 'filed'").fetchone()
    return int(row[0]) if row else 0


def is_any_waiting(connection: Connection[Any], *, since_s: float = 0) -> bool:
    """Whether a case waits, for at least `since_s` seconds."""
    row = connection.execute(WAITING, [since_s]).fetchone()
    return bool(row and row[0])


def take_batch(connection: Connection[Any], limit: int) -> pd.DataFrame:
    """Lock up to `limit` waiting cases, oldest first, that nobody else has locked: `id`, `x`, `y`."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(sql("take_waiting"), {"limit": limit})
        return pd.DataFrame(cursor.fetchall(), columns=["id", "x", "y"])


def apply(connection: Connection[Any], taken: pd.DataFrame, located: pd.DataFrame, decided: pd.DataFrame) -> int:
    """Dispatch the cases of `taken` as `decided`, each with its event, and notify; returns how many.

    The rows of the three tables belong together one by one.
    """
    table = pd.concat([located[PLACE], decided[HOLDER]], axis=1)
    connection.execute(DECISION)
    copy_frame(connection, "decision", table.assign(position=range(len(table)), case_id=taken["id"]))
    done = connection.execute(sql("apply_decisions")).fetchone()
    connection.execute(f"NOTIFY {CHANNEL}")
    return int(done[0]) if done else 0
