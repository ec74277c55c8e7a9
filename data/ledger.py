"""The ledger: the events of cases, kept in one partition a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

EVENTS = (
    "SELECT case_id, seq, event, at, held_by, held_minutes, detail FROM case_event"
    " WHERE case_id = ANY(%s) ORDER BY case_id, seq"
)


def ensure_months(connection: Connection[Any], first: datetime, last: datetime, *, table: str = "case_event") -> int:
    """Make the partitions from the month of `first` to that of `last` that are missing; how many were made.

    Rows of a month without one go into a rest, where they are found but never moved from.
    """
    row = connection.execute("SELECT ensure_months(%s, %s, %s)", [table, first, last]).fetchone()
    return int(row[0]) if row else 0


def history(connection: Connection[Any], case_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The events of each case in order: `case_id`, `seq`, `event`, `at`, `held_by`, `held_minutes`, `detail`."""
    found: dict[int, list[dict[str, Any]]] = {id_: [] for id_ in case_ids}
    if not found:
        return found
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(EVENTS, [list(found)]):
            found[row["case_id"]].append(row)
    return found
