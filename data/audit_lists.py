"""Lines of the audit for who may read them: selected, newest first, page by page, and as a table to take away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Identifier

from data.case_exports import BOM, csv_text, harmless
from geo.errors import BadInput

Line = psycopg.AsyncConnection[Any]
Row = dict[str, Any]
COLUMNS = ("at", "account", "office", "actor", "address", "action", "subject", "reason", "detail", "id")
SELECT = SQL("SELECT {columns} FROM audit_line WHERE {wanted} ORDER BY at DESC, id DESC LIMIT %(limit)s")
HEAD = "SELECT number, encode(hash, 'hex') AS hash, at FROM audit_seal ORDER BY number DESC LIMIT 1"
PART = 2000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Wanted:
    """Which lines; a text that ends with `*` selects what begins so."""

    account: str | None = None
    action: str | None = None
    subject: str | None = None
    address: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What was given."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}


@dataclass(frozen=True)
class Place:
    """A line after which a page goes on."""

    at: datetime
    id: int

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises: BadInput for what no page gave."""
        micros, _, number = text.partition(".")
        if not (micros.isascii() and micros.isdecimal() and number.isascii() and number.isdecimal() and len(text) < 40):
            raise BadInput("after: is of no page", fields=[{"field": "after", "value": text[:100]}])
        return cls(EPOCH + MICROSECOND * min(int(micros), 10**17), min(int(number), 2**63 - 1))

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.id}"


async def page(driver: Line, wanted: Wanted, after: Place | None, limit: int) -> tuple[list[Row], Place | None]:
    """Up to `limit` lines, newest first, and where the next page begins."""
    conditions = [_condition(name, value) for name, value in wanted.told.items()]
    if after:
        conditions.append(SQL("(at, id) < (%(at)s, %(id)s)"))
    columns = SQL(", ").join(map(Identifier, COLUMNS))
    query = SELECT.format(columns=columns, wanted=SQL(" AND ").join(conditions or [SQL("true")]))
    told = {name: _plain(value) for name, value in wanted.told.items()}
    async with driver.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, told | {"limit": limit + 1} | (vars(after) if after else {}))
        rows = await cursor.fetchall()
    following = Place(rows[limit - 1]["at"], rows[limit - 1]["id"]) if len(rows) > limit else None
    return rows[:limit], following


async def head(driver: Line) -> Row | None:
    """The newest seal: `number`, `hash`, `at`."""
    async with driver.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(HEAD)
        return await cursor.fetchone()


async def table(driver: Line, wanted: Wanted, most: int) -> tuple[bytes, int]:
    """The lines as CSV for Excel, at most `most`, times in UTC, and how many there are."""
    parts, place, left = [csv_text([list(COLUMNS)])], None, most
    while left:
        rows, place = await page(driver, wanted, place, min(PART, left))
        parts.append(csv_text([[_shown(row[name]) for name in COLUMNS] for row in rows]))
        left -= len(rows)
        if place is None:
            break
    return (BOM + "".join(parts)).encode(), most - left


def _condition(name: str, value: object) -> Composable:
    if name in ("since", "until"):
        return SQL("at >= %(since)s") if name == "since" else SQL("at < %(until)s")
    is_begin = isinstance(value, str) and value.endswith("*")
    form = SQL("starts_with({}, {})") if is_begin else SQL("{} = {}")
    return form.format(Identifier(name), SQL(f"%({name})s"))  # type: ignore[arg-type]  # a field's name


def _plain(value: object) -> object:
    return value.removesuffix("*") if isinstance(value, str) else value


def _shown(value: object) -> str | float | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return harmless(json.dumps(value, ensure_ascii=False))
    return harmless(value)  # type: ignore[arg-type]  # texts and numbers
