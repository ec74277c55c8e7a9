"""What talks to the database by steps, written once for both worlds: it yields statements and is sent their rows.

`hold` carries on such a dialogue over a synchronous psycopg connection, `hold_async` over an asynchronous one, both within the
transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

from psycopg import AsyncConnection, Connection
from psycopg.rows import dict_row

from data.database import sql

T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True)
class Ask:
    """A statement with its parameters."""

    text: LiteralString
    parameters: Mapping[str, Any]


Dialogue = Generator[Ask, list[Row], T]
"""Yields what it asks, is sent the rows, and ends with a value of its own."""


def ask(name: str, **parameters: Any) -> Ask:
    """The statement in `data/sql/<name>.sql`."""
    return Ask(sql(name), parameters)


def hold(connection: Connection[Any], dialogue: Dialogue[T]) -> T:
    with connection.cursor(row_factory=dict_row) as cursor:
        try:
            asked = next(dialogue)
            while True:
                cursor.execute(asked.text, asked.parameters, prepare=True)
                asked = dialogue.send(cursor.fetchall() if cursor.description else [])
        except StopIteration as end:
            ended: T = end.value
            return ended


async def hold_async(connection: AsyncConnection[Any], dialogue: Dialogue[T]) -> T:
    async with connection.cursor(row_factory=dict_row) as cursor:
        try:
            asked = next(dialogue)
            while True:
                await cursor.execute(asked.text, asked.parameters, prepare=True)
                asked = dialogue.send(await cursor.fetchall() if cursor.description else [])
        except StopIteration as end:
            ended: T = end.value
            return ended
