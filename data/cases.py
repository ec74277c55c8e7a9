"""Cases: take those that wait and dispatch them, a batch in one transaction of the caller. Points in EPSG:4490.

Rows go both ways by COPY, read and written as whole columns: docs/decisions/0003-cheap-cases.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, LiteralString

import numpy as np
import pandas as pd
from psycopg import Connection
from psycopg.types.json import Jsonb

from data import ledger
from data.copying import iso_texts
from data.database import sql
from data.live import CHANNEL
from data.situation import Situation
from geo import deciding, escalation
from geo.deadlines import Deadlines
from geo.deciding import Decided, Moment
from geo.rules import LEVELS, SOURCES, words

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
    "agency_id": "bigint",
    "level": "text",
    "rule_id": "bigint",
    "time_limit": "text",
    "explanation": "jsonb",
}
TEMPORARY = ", ".join(f"{name} {kind}" for name, kind in DECISION.items())
WAITING = (
    "SELECT EXISTS (SELECT FROM case_file WHERE state = 'filed' AND filed_at <= now() - make_interval(secs => %s))"
)
HEADER_BYTES, TRAILER_BYTES = 19, 2
FIELDS = {
    "id": ">i8",
    "x": ">f8",
    "y": ">f8",
    "category": ">i8",
    "level": ">i4",
    "source": ">i4",
    "returns": ">i4",
    "due_at": ">f8",
    "is_refused": ">i4",
    "is_picked": ">i4",
}
TAKEN = np.dtype([("", ">i2"), *(part for field in FIELDS.items() for part in (("", ">i4"), field))])
"""A row of PostgreSQL's binary COPY: the number of fields, then each with its length before it."""
REFUSED = "SELECT id, refused_by FROM case_file WHERE id = ANY(%s)"
PICKED = "SELECT id, picked_cell FROM incident WHERE id = ANY(%s)"


def count_waiting(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM case_file WHERE state = 'filed'").fetchone()
    return int(row[0]) if row else 0


def is_any_waiting(connection: Connection[Any], *, since_s: float = 0) -> bool:
    """Whether a case waits, for at least `since_s` seconds."""
    row = connection.execute(WAITING, [since_s]).fetchone()
    return bool(row and row[0])


def take_batch(connection: Connection[Any], limit: int) -> pd.DataFrame:
    """Lock up to `limit` waiting cases, oldest first, that nobody else has locked: `id`, `x`, `y`, `category` (hash of its code),
    `level` and `source` (categories), `returns`, `refused_by` (actors, else null), `due_at` (ISO text in UTC, else null),
    `picked_cell` (code, else null)."""
    wish = {"limit": limit, "levels": list(LEVELS), "sources": list(SOURCES)}
    with connection.cursor() as cursor, cursor.copy(sql("take_waiting"), wish) as copy:
        raw = b"".join(copy)
    count = (len(raw) - HEADER_BYTES - TRAILER_BYTES) // TAKEN.itemsize
    rows = np.frombuffer(raw, TAKEN, count, HEADER_BYTES)
    taken = pd.DataFrame({name: rows[name].astype(rows[name].dtype.newbyteorder("=")) for name in FIELDS})
    return taken.drop(columns=["is_refused", "is_picked"]).assign(
        level=words(taken["level"] - 1, LEVELS),
        source=words(taken["source"] - 1, SOURCES),
        due_at=_moments(taken["due_at"]),
        refused_by=_told(connection, REFUSED, taken, where=taken["is_refused"]),
        picked_cell=_told(connection, PICKED, taken, where=taken["is_picked"]),
    )


def moment(connection: Connection[Any]) -> datetime:
    """When the transaction began: the moment at which all of a batch is dispatched."""
    row = connection.execute("SELECT now()").fetchone()
    assert row
    began: datetime = row[0]
    return began


def decide(connection: Connection[Any], taken: pd.DataFrame, located: pd.DataFrame, known: Situation) -> Decided:
    """What is to become of the cases of `taken`, which lie as `located` says."""
    begun = moment(connection)
    seen_at = known.moment if known.moment > begun else None
    counted = Moment(partial(count_open, connection), Deadlines(begun, known.calendar), seen_at)
    return deciding.decide(
        taken.assign(category=known.name_categories(taken["category"])), located, known.book, counted
    )


def count_open(connection: Connection[Any], workers: list[int]) -> dict[int, int]:
    """How many open cases each of `workers` has; who has none is left out."""
    return dict(connection.execute(sql("open_cases"), {"workers": f"{{{','.join(map(str, workers))}}}"}).fetchall())


def _moments(seconds: pd.Series) -> pd.Series:
    if not seconds.notna().any():
        return nothing(len(seconds))
    return iso_texts(pd.to_datetime(seconds, unit="s", utc=True))


def _told(connection: Connection[Any], query: LiteralString, taken: pd.DataFrame, *, where: pd.Series) -> pd.Series:
    """What `query` tells of each case, null for most; asked for the few that are marked in `where`."""
    ids = taken.loc[where != 0, "id"].tolist()
    if not ids:
        return nothing(len(taken))
    found = dict(connection.execute(query, [ids]).fetchall())
    return pd.Series([found.get(case_id) for case_id in taken["id"].tolist()], dtype=object)


def nothing(count: int) -> pd.Series:
    return pd.Series([None] * count, dtype=object)


def apply(connection: Connection[Any], taken: pd.DataFrame, located: pd.DataFrame, decided: Decided) -> int:
    """Dispatch the cases of `taken`, which lie as `located` says, each with its event, and notify; returns how many.

    The rows of the three tables belong together one by one.
    """
    table = {"position": range(len(taken)), "case_id": taken["id"], **located, **decided.rows}
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS decision ({TEMPORARY}) ON COMMIT DELETE ROWS")
    with connection.cursor() as cursor, cursor.copy("COPY decision FROM STDIN (NULL '')") as copy:
        copy.write(_lines(table[name] for name in DECISION))
    clocks = {str(name): column.tolist() for name, column in decided.clocks.items()}
    wish = clocks | {"paths": Jsonb(_paths(connection, taken, decided))}
    done = connection.execute(sql("apply_decisions"), wish).fetchone()
    connection.execute(f"NOTIFY {CHANNEL}")
    return int(done[0]) if done else 0


def _paths(connection: Connection[Any], taken: pd.DataFrame, decided: Decided) -> dict[str, Any]:
    """The whole way of each case that comes to the top now, by id."""
    is_raised = (decided.rows["level"].to_numpy() == LEVELS[-1]) & (taken["level"].to_numpy() != LEVELS[-1])
    history = ledger.history(connection, taken.loc[is_raised, "id"].tolist())
    return {str(case_id): escalation.path(events) for case_id, events in history.items()}


def _lines(columns: Iterable[Iterable[Any]]) -> str:
    """COPY's text format, nothing for a missing value. No value holds a tab or a line break: JSON writes them escaped."""
    texts = (["" if value is None else str(value) for value in column] for column in columns)
    return "\n".join(map("\t".join, zip(*texts, strict=True))).replace("\\", "\\\\")
