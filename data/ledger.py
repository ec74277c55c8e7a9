"""The ledger: the events of cases, kept in one partition a month."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection


def ensure_months(connection: Connection[Any], first: datetime, last: datetime) -> int:
    """Make the partitions from the month of `first` to that of `last` that are missing; how many were made.

    Events of a month without one go into a rest, where they are found but never moved from.
    """
    row = connection.execute("SELECT ensure_event_months(%s, %s)", [first, last]).fetchone()
    return int(row[0]) if row else 0
