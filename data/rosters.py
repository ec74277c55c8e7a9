"""Rosters: who looks after which cell now. Moments carry their time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from psycopg import Connection

from data.database import sql

COLUMNS = ["cell_code", "worker_id", "name", "role", "is_on_duty"]


def read(connection: Connection[Any], moment: datetime) -> pd.DataFrame:
    """`cell_code`, `worker_id`, `name` (masked), `role`, `is_on_duty` (active and not on leave) at `moment`."""
    rows = connection.execute(sql("roster_now"), {"moment": moment}).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def on_duty(connection: Connection[Any], moment: datetime) -> pd.DataFrame:
    """`community_code`, `worker_id` and `name` (masked) of every worker on duty at `moment`, whichever cells he looks after."""
    rows = connection.execute(sql("workers_now"), {"moment": moment}).fetchall()
    return pd.DataFrame(rows, columns=["community_code", "worker_id", "name"])


def next_change(connection: Connection[Any], moment: datetime) -> datetime | None:
    """When the roster is known to change next, null when nothing is planned."""
    row = connection.execute(sql("roster_next_change"), {"moment": moment}).fetchone()
    return row[0] if row else None
