"""Sealing anew what stands under older keys, batch by batch: whoever is killed half-way goes on where he was."""

from __future__ import annotations

from collections import Counter
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import dict_row
from sqlalchemy import Column

from data import pictures, sealing, second_factor
from data.keyring import ID_BYTES, ring
from data.models import Base
from data.models.personal import sealed_columns
from geo.persons import Kind

ROWS = 500
PICTURES = 50
Line = Connection[Any]
STALE = """
    SELECT {key}, {sealed} AS sealed FROM {table}
    WHERE {sealed} IS NOT NULL AND substr({sealed}, 1, %s) <> %s ORDER BY {key} LIMIT %s FOR UPDATE
"""
USED = "SELECT substr({sealed}, 2, %s), count(*) FROM {table} WHERE {sealed} IS NOT NULL GROUP BY 1"

SECRETS_STALE = """
    SELECT id, totp_sealed FROM account
    WHERE totp_sealed IS NOT NULL AND substr(totp_sealed, 1, %s) <> %s ORDER BY id LIMIT %s FOR UPDATE
"""
SECRETS_USED = "SELECT substr(totp_sealed, 2, %s), count(*) FROM account WHERE totp_sealed IS NOT NULL GROUP BY 1"


def used_keys(line: Line) -> Counter[bytes]:
    """By the ids of keys, how many values and files they sealed."""
    used = pictures.used_keys()
    used.update({bytes(key): count for key, count in line.execute(SECRETS_USED, [ID_BYTES]).fetchall()})
    for column, _ in sealed_columns(Base.metadata):
        rows = line.execute(_composed(USED, column), [ID_BYTES]).fetchall()
        used.update({bytes(key): count for key, count in rows})
    return used


def step(line: Line) -> int:
    """Seal one batch of values or files anew; how many, 0 when nothing is left. On a connection in autocommit."""
    for column, kind in sealed_columns(Base.metadata):
        with line.transaction():
            if done := _reseal(line, column, kind):
                return done
    with line.transaction():
        if done := _reseal_secrets(line):
            return done
    return pictures.reseal(PICTURES)


def _reseal(line: Line, column: Column[Any], kind: Kind) -> int:
    with line.cursor(row_factory=dict_row) as cursor:
        head = sealing.head(ring().newest)
        rows = cursor.execute(_composed(STALE, column), [len(head), head, ROWS]).fetchall()
        cursor.executemany(_update(column), [_anew(row, column, kind) for row in rows])
    return len(rows)


def _reseal_secrets(line: Line) -> int:
    """Second factors, which have no masked form and are never looked for."""
    head = sealing.head(ring().newest)
    rows = line.execute(SECRETS_STALE, [len(head), head, ROWS]).fetchall()
    for id_, sealed in rows:
        anew = sealing.encrypt(sealing.decrypt(bytes(sealed), second_factor.PURPOSE), second_factor.PURPOSE)
        line.execute("UPDATE account SET totp_sealed = %s WHERE id = %s", [anew, id_])
    return len(rows)


def _anew(row: dict[str, Any], column: Column[Any], kind: Kind) -> dict[str, Any]:
    return row | sealing.seal(kind, sealing.open_(kind, row["sealed"])).columns(column.name)


def _update(column: Column[Any]) -> sql.Composed:
    names = [column.name, f"{column.name}_sealed", f"{column.name}_digests"]
    told = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in names)
    same = sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in _key(column)
    )
    table = sql.Identifier(column.table.name)
    return sql.SQL("UPDATE {} SET {} WHERE {}").format(table, told, same)


def _composed(statement: Any, column: Column[Any]) -> sql.Composed:
    key = sql.SQL(", ").join(map(sql.Identifier, _key(column)))
    sealed = sql.Identifier(f"{column.name}_sealed")
    return sql.SQL(statement).format(table=sql.Identifier(column.table.name), key=key, sealed=sealed)


def _key(column: Column[Any]) -> list[str]:
    return [part.name for part in column.table.primary_key]
