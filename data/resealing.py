"""Sealing anew what stands under older keys, batch by batch: whoever is killed half-way goes on where he was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import dict_row
from sqlalchemy import Column

from data import pictures, sealing
from data.keyring import ID_BYTES, ring
from data.models import Base
from data.models.personal import sealed_columns, sealed_secrets
from geo.persons import Kind

ROWS = 500
PICTURES = 50
Line = Connection[Any]
Columns = dict[str, Any]
STALE = """
    SELECT {key}, {sealed} AS sealed FROM {table}
    WHERE octet_length({sealed}) > %(length)s AND substr({sealed}, 1, %(length)s) <> %(head)s
    ORDER BY {key} LIMIT %(limit)s FOR UPDATE
"""
USED = "SELECT substr({sealed}, 2, %s), count(*) FROM {table} WHERE {sealed} IS NOT NULL GROUP BY 1"


@dataclass(frozen=True)
class Place:
    """A column of sealed values, and how one of them becomes the columns that hold it sealed anew."""

    column: Column[Any]
    anew: Callable[[bytes], Columns]

    @property
    def key(self) -> list[str]:
        return [part.name for part in self.column.table.primary_key]


def places() -> list[Place]:
    """Every column of the database in which something stands sealed."""
    people = [Place(_beside(column), _as_person(column, kind)) for column, kind in sealed_columns(Base.metadata)]
    return people + [
        Place(column, _as_secret(column.name, purpose)) for column, purpose in sealed_secrets(Base.metadata)
    ]


def _beside(column: Column[Any]) -> Column[Any]:
    found: Column[Any] = column.table.c[f"{column.name}_sealed"]
    return found


def _as_person(column: Column[Any], kind: Kind) -> Callable[[bytes], Columns]:
    return lambda sealed: dict(sealing.seal(kind, sealing.open_(kind, sealed)).columns(column.name))


def _as_secret(name: str, purpose: str) -> Callable[[bytes], Columns]:
    return lambda sealed: {name: sealing.encrypt(sealing.decrypt(bytes(sealed), purpose), purpose)}


def used_keys(line: Line) -> Counter[bytes]:
    """By the ids of keys, how many values and files they sealed."""
    used = pictures.used_keys()
    for place in places():
        rows = line.execute(_composed(USED, place), [ID_BYTES]).fetchall()
        used.update({bytes(key): count for key, count in rows})
    return used


def step(line: Line) -> int:
    """Seal one batch of values or files anew; how many, 0 when nothing is left. On a connection in autocommit."""
    for place in places():
        with line.transaction():
            if done := _reseal(line, place):
                return done
    return pictures.reseal(PICTURES)


def _reseal(line: Line, place: Place) -> int:
    head = sealing.head(ring().newest)
    with line.cursor(row_factory=dict_row) as cursor:
        wanted = {"length": len(head), "head": head, "limit": ROWS}
        rows = cursor.execute(_composed(STALE, place), wanted).fetchall()
        changed = [{name: row[name] for name in place.key} | place.anew(row["sealed"]) for row in rows]
        if changed:
            cursor.executemany(_update(place, changed[0]), changed)
    return len(rows)


def _update(place: Place, changed: Columns) -> sql.Composed:
    told = [_same(name) for name in changed if name not in place.key]
    key = [_same(name) for name in place.key]
    table = sql.Identifier(place.column.table.name)
    return sql.SQL("UPDATE {} SET {} WHERE {}").format(table, sql.SQL(", ").join(told), sql.SQL(" AND ").join(key))


def _same(name: str) -> sql.Composed:
    return sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name))


def _composed(statement: Any, place: Place) -> sql.Composed:
    key = sql.SQL(", ").join(map(sql.Identifier, place.key))
    sealed, table = sql.Identifier(place.column.name), sql.Identifier(place.column.table.name)
    return sql.SQL(statement).format(table=table, key=key, sealed=sealed)
