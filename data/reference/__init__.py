"""Reference data: every number that a rule uses, as dated rows with their source, in CSV files beside this one.

The files are the truth; `load` brings the tables in step with them. Rows that a file no longer has stay in the tables:
to end a rule, give its row a `valid_to`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from data.models import (
    Base,
    CalendarDay,
    Category,
    DuplicateRule,
    HandlingRule,
    IntakeRule,
    Parameter,
    ReadyReason,
    RetentionRule,
    Standard,
    StandardLimit,
)

FOLDER = Path(__file__).parent
Row = dict[str, Any]


def load(connection: Connection) -> dict[str, int]:
    """Insert or update every reference row; return the number of rows per table. Running it again changes nothing."""
    standards = rows("standards")
    categories = sorted(rows("categories"), key=lambda row: row["parent_code"] is not None)
    _upsert(connection, Parameter, rows("parameters"))
    _upsert(connection, Category, categories)
    _upsert(connection, CalendarDay, _with_truth(rows("calendar"), "is_working"))
    _upsert(connection, DuplicateRule, rows("duplicates"))
    _upsert(connection, IntakeRule, _with_truth(rows("intake"), "is_collected"))
    _upsert(connection, ReadyReason, rows("reasons"))
    _upsert(connection, RetentionRule, rows("retention"))
    _upsert(connection, Standard, standards, key=("name", "valid_from"))
    limits = list(_limits(connection, standards))
    _upsert(connection, StandardLimit, limits)
    _upsert(connection, HandlingRule, rows("handling_rules"), key=("code", "valid_from"))
    return {
        "parameter": len(rows("parameters")),
        "category": len(categories),
        "calendar_day": len(rows("calendar")),
        "duplicate_rule": len(rows("duplicates")),
        "intake_rule": len(rows("intake")),
        "ready_reason": len(rows("reasons")),
        "retention_rule": len(rows("retention")),
        "standard": len(standards),
        "standard_limit": len(limits),
        "handling_rule": len(rows("handling_rules")),
    }


def rows(name: str) -> list[Row]:
    """The rows of `<name>.csv` as text; an empty field is None."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{field: value or None for field, value in row.items()} for row in csv.DictReader(file)]


def _with_truth(given: list[Row], name: str) -> list[Row]:
    """The field `name` as a truth value."""
    return [row | {name: row[name] == "true"} for row in given]


@cache
def unwalkable_kinds() -> frozenset[str]:
    """Kinds of street (OpenStreetMap's `highway`) that nobody walks on."""
    return frozenset(row["kind"] for row in rows("walkable") if row["is_walkable"] == "false")


def is_walkable(kind: str | None) -> bool:
    """Whether people walk on streets of this kind; a kind that the table does not name is walked on."""
    return kind not in unwalkable_kinds()


def _limits(connection: Connection, standards: list[Row]) -> Iterator[Row]:
    ids = _standard_ids(connection, standards)
    for row in rows("standard_limits"):
        standard_id = ids[row["name"], row["valid_from"]]
        yield {"standard_id": standard_id, "area_class": row["area_class"], "required_m2": row["required_m2"]}


def _standard_ids(connection: Connection, standards: list[Row]) -> dict[tuple[str, str], int]:
    names = select(Standard.name, Standard.valid_from, Standard.id).where(
        Standard.name.in_({row["name"] for row in standards})
    )
    return {(name, valid_from.isoformat()): id_ for name, valid_from, id_ in connection.execute(names)}


def _upsert(connection: Connection, model: type[Base], given: list[Row], key: tuple[str, ...] = ()) -> None:
    table: Table = model.metadata.tables[model.__tablename__]
    key = key or tuple(column.name for column in table.primary_key)
    statement = insert(table).values(given)
    new = {name: statement.excluded[name] for name in given[0] if name not in key}
    differs = tuple_(*(table.c[name] for name in new)).is_distinct_from(tuple_(*new.values()))
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new, where=differs))
