"""The cases behind a figure of a run, found anew from the events that it rests on; a page at a time, by id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data import reckoning
from data.database import driver_connection
from data.scores import MOMENTS, Basis, Period, midnight
from geo.errors import NotFound
from geo.scores import DIMENSIONS, FIGURES, OUTCOMES, behind, is_late

CHUNK, GROWTH = 5000, 4
"""Cases looked at in one go at first, and how many times more in each next: what is sought may lie far behind."""
RUN = "SELECT period, period_from, period_to, reckoned_at, event_id, figures ->> 'cut' FROM score_run WHERE id = %s"
SELECTED = {
    "all": "SELECT id FROM case_file WHERE %(key)s = 'all'",
    "district": "SELECT case_file.id FROM case_file JOIN area ON area.id = street_id WHERE left(area.code, 6) = left(%(key)s, 6)",
    "street": "SELECT case_file.id FROM case_file JOIN area ON area.id = street_id WHERE area.code = %(key)s",
    "community": "SELECT case_file.id FROM case_file JOIN area ON area.id = community_id WHERE area.code = %(key)s",
    "cell": "SELECT case_file.id FROM case_file JOIN cell ON cell.id = cell_id WHERE cell.code = %(key)s",
    "department": "SELECT DISTINCT case_id AS id FROM case_event JOIN agency ON agency.id = agency_id WHERE agency.code = %(key)s",
    "category": "SELECT case_file.id FROM case_file JOIN incident USING (id) "
    "WHERE coalesce(case_file.category_code, incident.category_code) = %(key)s",
}
"""Cases that may belong to a key; their events have the last word, whatever case_file says."""
NEXT = """
    SELECT id FROM ({selected}) AS selected JOIN case_file USING (id)
    WHERE id > %(after)s AND (closed_at IS NULL OR closed_at >= %(since)s OR due_at >= %(since)s OR outcome <> 'solved'
        OR EXISTS (SELECT FROM rating WHERE rating.case_id = case_file.id AND rated_at >= %(since)s))
    ORDER BY id LIMIT %(limit)s
"""
"""Without cases that were solved, and due, before the period and not rated in it: nothing of them can count."""
SHOWN = (*MOMENTS, "due_at")


def page(
    connection: Connection, run: int, dimension: str, key: str, figure: str, *, after: int = 0, limit: int = 1000
) -> dict[str, Any]:
    """`rows`: `id`, `counts` (in the numerator), `value`, `is_late`, `outcome`, the case's moments and its codes; and `next`.

    The transaction must be REPEATABLE READ. Raises: NotFound for a run, dimension or figure that there is not.
    """
    period, known = _run(connection, run)
    _require("dimension", dimension, DIMENSIONS)
    _require("figure", figure, FIGURES)
    rows: list[dict[str, Any]] = []
    at: int | None = after
    size = CHUNK
    while at is not None and len(rows) < limit:
        told = {"key": key, "since": midnight(period.first), "after": at, "limit": size}
        ids, at = _candidates(connection, dimension, told)
        size *= GROWTH
        rows += _rows(reckoning.read(connection, known, ids), period, dimension, key, figure) if ids else []
    more = at is not None or len(rows) > limit
    return {"rows": rows[:limit], "next": rows[limit - 1]["id"] if more and len(rows) >= limit else None}


def _require(name: str, given: str, known: Any) -> None:
    if given not in known:
        raise NotFound(f"there is no {name} {given!r}: one of {', '.join(known)}", **{name: given})


def _run(connection: Connection, run: int) -> tuple[Period, Basis]:
    row = driver_connection(connection).execute(RUN, [run]).fetchone()
    if row is None:
        raise NotFound(f"no scores {run}", run=run)
    kind, first, last, decided, event_id, cut = row
    return Period(kind, first, last), Basis(datetime.fromisoformat(cut), event_id, decided)


def _candidates(connection: Connection, dimension: str, told: Mapping[str, Any]) -> tuple[list[int], int | None]:
    """The next cases in question, and where to go on; nothing when these are the last."""
    wanted = NEXT.format(selected=SELECTED[dimension]).encode()
    ids = [row[0] for row in driver_connection(connection).execute(wanted, told)]
    return ids, ids[-1] if len(ids) == told["limit"] else None


def _rows(known: reckoning.Reading, period: Period, dimension: str, key: str, figure: str) -> list[dict[str, Any]]:
    found = behind(known.marks(period), known.measures, figure)
    if dimension != "all":
        found = found[(known.keys[dimension] == key).reindex(found.index)]
    facts, keys = known.facts.loc[found.index], known.keys.loc[found.index]
    columns: dict[str, list[Any]] = {"id": found.index.tolist(), "counts": found["counts"].tolist()}
    columns["value"] = found["value"].astype(object).where(found["value"].notna(), None).tolist()
    columns["is_late"] = is_late(facts, period.span(known.basis.cut).cut).tolist()
    columns["outcome"] = [OUTCOMES[outcome] if outcome >= 0 else None for outcome in facts["outcome"]]
    columns |= {name: _iso(facts[name]) for name in SHOWN}
    columns |= {str(name): codes.astype(object).where(codes.notna(), None).tolist() for name, codes in keys.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _iso(moments: pd.Series) -> list[str | None]:
    texts = np.datetime_as_string(moments.to_numpy("datetime64[us]"), timezone="UTC")
    return [None if text == "NaT" else text for text in texts.tolist()]
