"""The temporary table through which every row goes: filled by COPY, compared and stored by data/sql/import_*.sql."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import psycopg
from psycopg import sql as compose

from data.copying import copy_frame, ewkb
from data.database import sql
from geo.layers import blank

Types = Mapping[str, str]
UNCOUNTED = ("geometry", "jsonb", "bytea")
"""Types whose statistics cost seconds and that nothing is joined by."""
SORT_IN_MEMORY = "SET LOCAL work_mem = '128MB'"
"""So that a year of incidents is not sorted on disk; the setting ends with the transaction."""
CHANGES = ("stored", "updated", "unchanged")
JUDGED = """
    old_id bigint, change text, ends_on date, renamed boolean, moved_m float8, reshaped_m2 float8, of_m2 float8, amended boolean
"""
"""What comparing finds out of each row."""


def stage(connection: psycopg.Connection[Any], frame: pd.DataFrame, types: Types, *, table: str = "incoming") -> None:
    """Make the temporary table `table` with columns `types` (and those of `JUDGED`) and fill it with those of `frame`."""
    described = [
        compose.SQL("{} ").format(compose.Identifier(name)) + compose.SQL(kind) for name, kind in types.items()
    ]
    connection.execute(compose.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(compose.Identifier(table)))
    connection.execute(
        compose.SQL(f"CREATE TEMPORARY TABLE {{}} ({{}}, {JUDGED}) ON COMMIT DROP").format(
            compose.Identifier(table), compose.SQL(", ").join(described)
        )
    )
    copy_frame(connection, table, plain(frame, types))
    counted = [compose.Identifier(name) for name, kind in types.items() if not kind.startswith(UNCOUNTED)]
    connection.execute(
        compose.SQL("ANALYZE {} ({})").format(compose.Identifier(table), compose.SQL(", ").join(counted))
    )
    connection.execute(SORT_IN_MEMORY)


def settle(connection: psycopg.Connection[Any], name: str) -> Mapping[str, int]:
    """Compare what is staged with what is known, and store it if anything is new; how many stored, updated, unchanged."""
    connection.execute(sql(f"import_{name}_compare"))
    found = changes(connection)
    if found["stored"] or found["updated"]:
        connection.execute(sql(f"import_{name}_store"))
    return found


def changes(connection: psycopg.Connection[Any]) -> Mapping[str, int]:
    """How many rows of `incoming` are stored, updated, unchanged. One that only holds since earlier is unchanged."""
    counted: dict[str, int] = dict(
        connection.execute("SELECT change, count(*) FROM incoming GROUP BY change").fetchall()
    )
    counted["unchanged"] = counted.get("unchanged", 0) + counted.get("extended", 0)
    return {change: counted.get(change, 0) for change in CHANGES}


def plain(frame: pd.DataFrame, types: Types) -> pd.DataFrame:
    """The columns of `types` alone; shapes as EWKB, polygons as multipolygons."""
    kept = pd.DataFrame({name: frame.get(name) for name in types}, index=frame.index)
    for name in (name for name, kind in types.items() if kind.startswith("geometry")):
        shapes = kept[name].to_numpy(dtype=object)
        kept[name] = ewkb(blank(shapes, pd.isna(shapes)))
    return kept
