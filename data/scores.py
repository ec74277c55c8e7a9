"""Scores: facts out of the events by one pass, figures stored as a run. Moments are UTC; days are the city's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
from psycopg import Connection
from psycopg.types.json import Jsonb

from data.database import sql
from data.settings import settings
from geo.scores import FIGURES, Span

MOMENTS = (
    "filed_at", "dispatched_at", "accepted_at", "given_at", "returned_at", "escalated_at", "finished_at", "reworked_at",
    "rated_at", "closed_at",
)  # fmt: skip
CLOCKS = ("due_at", "laid_down_at")
NUMBERS = (
    "outcome", "is_suspended", "is_answered", "is_solved", "satisfaction", "hops", "department", "cell", "community",
    "street", "category", "is_excluded",
)  # fmt: skip
FACTS = ("case_id", *MOMENTS, *CLOCKS, *NUMBERS)
"""The columns of score_facts.sql, in its order."""
ROW = np.dtype([("", ">i2"), *(part for name in FACTS for part in (("", ">i4"), (name, ">i8")))])
"""A row of PostgreSQL's binary COPY: the number of fields, then each with its length before it."""
HEADER_BYTES, TRAILER_BYTES = 19, 2
EPOCH_US = 946_684_800_000_000
"""PostgreSQL counts from the year 2000."""
MISSING = np.iinfo(np.int64).min
ROOM = "SET LOCAL work_mem = '512MB'"
"""A million cases side by side, so that the pass over the events is one; the setting ends with the transaction."""
CODES = {
    "cell": "SELECT id, code FROM cell",
    "community": "SELECT id, code FROM area WHERE level = 'community'",
    "street": "SELECT id, code FROM area WHERE level = 'street'",
    "department": "SELECT id, code FROM agency",
    "category": "SELECT row_number() OVER (ORDER BY code), code FROM category",
}
DISTRICT_DIGITS = 6
SHOWN = 20
PLAIN: dict[str, type] = {"value": float, "numerator": int, "denominator": int}
LATEST = (
    "SELECT id, figures FROM score_run WHERE period = %s AND period_from = %s AND period_to = %s "
    "ORDER BY reckoned_at DESC, id DESC LIMIT 1"
)
RUN = (
    "INSERT INTO score_run (period, period_from, period_to, reckoned_at, event_id, figures) "
    "VALUES (%s, %s, %s, %s, %s, %s) RETURNING id"
)
STORE = (
    "INSERT INTO score (run_id, dimension, key, figures) "
    "SELECT %s, dimension, key, figures::jsonb FROM unnest(%s::text[], %s::text[], %s::text[]) AS told (dimension, key, figures)"
)
"""No COPY: under row-level security there is none."""


@dataclass(frozen=True)
class Basis:
    """What a reckoning rests on: events before `cut` up to `event_id`, exclusions as `decided`. Recorded, it can be repeated."""

    cut: datetime
    event_id: int
    decided: datetime


@dataclass(frozen=True)
class Period:
    """Days of the city; `last` is the first that no longer belongs to it."""

    kind: str
    first: date
    last: date

    def plain(self) -> dict[str, str]:
        """`period`, `from` and `to`, the last day that belongs to it."""
        last = self.last - timedelta(days=1)
        return {"period": self.kind, "from": self.first.isoformat(), "to": last.isoformat()}

    def span(self, cut: datetime) -> Span:
        """From the first midnight to the last, or to the cut."""
        return Span(plain_utc(midnight(self.first)), min(plain_utc(midnight(self.last)), plain_utc(cut)))


def midnight(day: date) -> datetime:
    """When a day begins in the city."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings().timezone))


def plain_utc(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def basis(connection: Connection[Any], cut: datetime | None = None) -> Basis:
    """Everything that is stored now, of what happened before `cut` (now)."""
    row = connection.execute("SELECT now(), coalesce(max(id), 0) FROM case_event").fetchone()
    assert row is not None
    return Basis(min(cut or row[0], row[0]), row[1], row[0])


def read_facts(
    connection: Connection[Any], known: Basis, cases: list[int] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Facts and keys of all cases (or of `cases`), as `geo.scores.mark` and `reckon` take them, by case id.

    The caller's transaction must see one state of things: REPEATABLE READ.
    """
    connection.execute(ROOM)
    told = vars(known) | {"cases": cases}
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({sql('score_facts')}) TO STDOUT (FORMAT binary)", told) as copy,
    ):
        raw = b"".join(copy)
    rows = np.frombuffer(raw, ROW, (len(raw) - HEADER_BYTES - TRAILER_BYTES) // ROW.itemsize, HEADER_BYTES)
    index = pd.Index(rows["case_id"].astype(np.int64), name="case_id")
    facts = {name: _moments(rows[name], EPOCH_US) for name in MOMENTS} | {
        name: _moments(rows[name], 0) for name in CLOCKS
    }
    facts |= {name: rows[name].astype(bool if name.startswith("is_") else np.int64) for name in NUMBERS}
    return pd.DataFrame(facts, index=index), _keys(connection, facts, index)


def _moments(values: npt.NDArray[Any], shift: int) -> npt.NDArray[np.datetime64]:
    native = values.astype(np.int64)
    return np.where(native == MISSING, native, native + shift).view("datetime64[us]")


def _keys(connection: Connection[Any], facts: dict[str, Any], index: pd.Index) -> pd.DataFrame:
    """A categorical column of codes per dimension; a district's code is that of its streets."""
    keys = {name: _coded(connection, query, facts[name]) for name, query in CODES.items()}
    street = keys["street"]
    districts = [code[:DISTRICT_DIGITS].ljust(12, "0") for code in street.categories]
    known = pd.Index(sorted(set(districts)))
    above = np.append(known.get_indexer(pd.Index(districts, dtype=object)), -1)
    keys["district"] = pd.Categorical.from_codes(above[street.codes], categories=known)
    return pd.DataFrame(keys, index=index)


def _coded(connection: Connection[Any], query: str, ids: npt.NDArray[np.int64]) -> pd.Categorical:
    """Ids as codes; several ids (versions of one cell) may share a code, an unknown id has none."""
    rows = connection.execute(query).fetchall()  # type: ignore[arg-type]
    codes = pd.Index(sorted({code for _, code in rows}), dtype=object)
    by_id = pd.Series(codes.get_indexer(pd.Index([code for _, code in rows], dtype=object)), [key for key, _ in rows])
    found = by_id.reindex(ids).fillna(-1).to_numpy(np.int64) if rows else np.full(len(ids), -1)
    return pd.Categorical.from_codes(found, categories=codes)


def digest(scores: pd.DataFrame) -> str:
    """The same figures have the same text."""
    return sha256(orjson.dumps(_plain(scores))).hexdigest()


def store(
    connection: Connection[Any], period: Period, known: Basis, scores: pd.DataFrame, *, cases: int
) -> tuple[int, bool]:
    """The run's id, and whether it is new: a run with the same figures up to the same cut stays. The caller commits.

    Of a period only the latest figures are kept; earlier runs stay on record with the digest of theirs.
    """
    told = {"cut": known.cut.isoformat(), "cases": cases, "digest": digest(scores)}
    latest = connection.execute(LATEST, [period.kind, period.first, period.last]).fetchone()
    if latest and {name: latest[1].get(name) for name in told} == told:
        return int(latest[0]), False
    if latest:
        connection.execute("DELETE FROM score WHERE run_id = %s", [latest[0]])
    values = [period.kind, period.first, period.last, known.decided, known.event_id, Jsonb(told)]
    row = connection.execute(RUN, values).fetchone()
    assert row is not None
    packed = _packed(scores)
    connection.execute(STORE, [row[0], *(packed[name].tolist() for name in ("dimension", "key", "figures"))])
    return int(row[0]), True


def _packed(scores: pd.DataFrame) -> pd.DataFrame:
    """One row per dimension and key with its figures as JSON: name → [value, numerator, denominator]."""
    size = len(FIGURES)
    plain = _plain(scores)
    texts = [
        orjson.dumps({row[2]: row[3:] for row in plain[start : start + size]}).decode()
        for start in range(0, len(plain), size)
    ]
    return scores.iloc[::size][["dimension", "key"]].reset_index(drop=True).assign(figures=texts)


def _plain(scores: pd.DataFrame) -> list[list[Any]]:
    """Rows of plain values; whole numbers without a fraction, nothing for what is missing."""
    columns = [scores[name].tolist() for name in ("dimension", "key", "figure")]
    columns += [_numbers(scores[name], kind) for name, kind in PLAIN.items()]
    return [list(row) for row in zip(*columns, strict=True)]


def _numbers(column: pd.Series, kind: type) -> list[float | int | None]:
    return [None if missing else kind(value) for value, missing in zip(column, column.isna(), strict=True)]


def compare(connection: Connection[Any]) -> dict[str, Any]:
    """`cases`, `differing` (cases that are not what their events say) and the `first` of those, each with what differs."""
    counted = connection.execute("SELECT count(*) FROM case_file").fetchone()
    found = connection.execute(sql("cases_beside_events")).fetchall()
    first = [dict(zip(("id", "what", "kept", "told"), row, strict=True)) for row in found[:SHOWN]]
    return {"cases": counted[0] if counted else 0, "differing": len({row[0] for row in found}), "first": first}
