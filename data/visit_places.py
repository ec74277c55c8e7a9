"""The places that workers must visit, as a district lists them: a file of them is the whole list of its cells."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from psycopg import Connection

from data.database import sql
from geo import datum
from geo.errors import BadFile, BadInput

COLUMNS = ("name", "kind", "every_days", "lon", "lat")
KIND_CHARS = 20
Line = Connection[Any]


def read(path: Path, source: str) -> list[dict[str, Any]]:
    """The rows of a CSV file in UTF-8 with the columns `COLUMNS`; `lon` and `lat` come out in EPSG:4490.

    Raises: BadFile for what can't be read, with the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path.name} can't be read as CSV in UTF-8: {error}") from error
    if missing := [name for name in COLUMNS if rows and name not in rows[0]]:
        raise BadFile(f"{path.name} has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
    return [_row(number, row, source) for number, row in enumerate(rows, 2)]


def _row(number: int, row: Mapping[str, str | None], source: str) -> dict[str, Any]:
    try:
        lon, lat = datum.convert(float(row["lon"] or ""), float(row["lat"] or ""), source=source)
        every_days = int(row["every_days"] or "")
    except (ValueError, BadInput) as error:
        raise BadFile(f"line {number}: {error}", line=number) from error
    name, kind = (row["name"] or "").strip(), (row["kind"] or "").strip()
    if not name or not kind or len(kind) > KIND_CHARS or every_days < 1:
        raise BadFile(
            f"line {number}: needs a name, a kind of at most {KIND_CHARS} characters, and 1 day or more", line=number
        )
    return {"name": name, "kind": kind, "every_days": every_days, "lon": float(lon), "lat": float(lat)}


def store(line: Line, rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """List what is new, change what differs, and end what is no longer named in the cells that the file speaks of.

    A place is known again by its name in its cell. Returns how many were `listed`, `changed`, `unchanged`, `ended`, and lie in
    `no_cell`.
    """
    told = list(rows)
    given = {name: [row[name] for row in told] for name in COLUMNS}
    found = line.execute(sql("visit_places_store"), given).fetchone()
    names = ("listed", "changed", "unchanged", "ended", "no_cell")
    return dict(zip(names, found or (0,) * len(names), strict=True))
