"""Seals: what is on record is chained in commit order, by whoever comes first, without holding up those who write.

A row is hashed as PostgreSQL's COPY writes it in text, of the columns in `COLUMNS`, with its newline, UTF-8, times in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier

from data.database import sql
from geo.errors import Conflict, NotReady
from geo.seals import BEFORE_ALL, Seal, Source

Line = Connection[Any]
TABLES = {Source.LINE: "audit_line", Source.EVENT: "case_event"}
COLUMNS = {
    Source.LINE: ("id", "at", "action", "account", "office", "actor", "address", "subject", "reason", "detail"),
    Source.EVENT: (
        *("id", "at", "case_id", "seq", "event", "from_state", "to_state", "actor", "account"),
        *("worker_id", "desk_code", "agency_id", "held_by", "held_minutes", "reason"),
        *("explanation", "detail"),
    ),
}
"""What of a row is hashed, in this order; `id` and `at` come first."""
PLAIN = """
    SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
           set_config('extra_float_digits', '1', true), set_config('client_encoding', 'UTF8', true)
"""
ROWS = 5000
"""In one seal at most."""
NOTHING = "1:1:"
"""The snapshot that sees no transaction."""
MINE = "SELECT pg_try_advisory_xact_lock(hashtext('wangge audit seal'))"
STORE = """
    INSERT INTO audit_seal (number, source, at, seen, month, rows, previous, ids, marks, hash)
    VALUES (%(number)s, %(source)s, %(at)s, %(seen)s, %(month)s, %(rows)s, %(previous)s, %(ids)s, %(marks)s, %(hash)s)
"""
HEAD = "SELECT number, hash, at FROM audit_seal ORDER BY number DESC LIMIT 1"


@dataclass
class Sealed:
    """How many rows and seals were added to the chain."""

    lines: int = 0
    events: int = 0
    seals: int = 0


@dataclass(frozen=True)
class Head:
    """The newest seal, to be kept elsewhere: with it a chain that was cut off or written anew is found out."""

    number: int = 0
    hash: bytes = BEFORE_ALL
    at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


class Chain:
    """The end of the chain, to which seals are added and then stored."""

    def __init__(self, last: dict[str, Any]) -> None:
        self.number = last["number"]
        self.hash = last["hash"] or BEFORE_ALL
        self.now, self.at = last["now"], last["at"]
        self.added: list[Seal] = []

    def add(self, source: Source, rows: Iterable[bytes]) -> None:
        """Seals over these rows, each over those of one month."""
        for month, group in groupby(rows, key=_month):
            for part in _parts(group):
                self.close(source, month, part)

    def close(self, source: Source, month: date | None, rows: list[bytes]) -> None:
        """One seal over these rows."""
        told = {"source": source, "at": self.at, "seen": self.now, "month": month, "previous": self.hash}
        seal = Seal(number=self.number + 1, rows=len(rows), **told).closed_over(rows)
        self.number, self.hash = seal.number, seal.hash
        self.added.append(seal)

    def store(self, connection: Line) -> Sealed:
        with connection.cursor() as cursor:
            cursor.executemany(STORE, (vars(seal) | {"ids": list(seal.ids or ())} for seal in self.added))
        rows = {source: sum(seal.rows for seal in self.added if seal.source is source) for source in Source}
        return Sealed(rows[Source.LINE], rows[Source.EVENT], len(self.added))


def seal(connection: Line) -> Sealed:
    """Chain what was committed since the last seal; nothing when another is just doing so.

    Raises: NotReady when the database was copied from another server without being adopted.
    """
    with connection.transaction():
        if not begin(connection):
            return Sealed()
        last = last_seals(connection)
        chain = Chain(last)
        for source in Source:
            if is_of_another(last[source], chain.now):
                raise NotReady("this database was copied from another server; run `wangge audit adopt`")
            told = {"before": last[source] or NOTHING, "now": chain.now}
            chain.add(source, copied(connection, statement("unsealed_rows", source), told))
        return chain.store(connection)


def adopt(connection: Line) -> Sealed:
    """Let the chain of a copied database go on here, over the rows that were not sealed there.

    Transactions are numbered anew on every server: what the copy brought counts as committed before all that happens here.
    Raises: Conflict when the chain is this server's own; NotReady when another is just sealing.
    """
    with connection.transaction():
        if not begin(connection):
            raise NotReady("another process is sealing; try again")
        last = last_seals(connection)
        if not any(is_of_another(last[source], last["now"]) for source in Source):
            raise Conflict("the chain is this server's own: there is nothing to adopt")
        chain = Chain(last)
        for source in Source:
            _renumber(connection, source, last["now"])
            rows = [row.split(b"\t", 1)[1] for row in without_seal(connection, source)]
            chain.add(source, rows)
            if not rows:
                chain.close(source, None, [])
        return chain.store(connection)


def _renumber(connection: Line, source: Source, now: str) -> None:
    table = Identifier(TABLES[source])
    with unguarded(connection, TABLES[source]):
        late = SQL("UPDATE {} SET txid = 3 WHERE txid >= pg_snapshot_xmax(%s::pg_snapshot)::text::bigint")
        connection.execute(late.format(table), [now])


@contextmanager
def unguarded(connection: Line, table: str) -> Iterator[None]:
    """Within a transaction of the owner: the trigger that refuses changes of this very table rests."""
    names = {"table": Identifier(table), "trigger": Identifier(f"{table}_append_only")}
    connection.execute(SQL("ALTER TABLE ONLY {table} DISABLE TRIGGER {trigger}").format(**names))
    yield
    connection.execute(SQL("ALTER TABLE ONLY {table} ENABLE ALWAYS TRIGGER {trigger}").format(**names))


def begin(connection: Line) -> bool:
    """In a transaction: be the only sealer until its end; False when another is. Texts come in their plain form from here."""
    row = connection.execute(MINE).fetchone()
    connection.execute(PLAIN)
    return bool(row and row[0])


def last_seals(connection: Line) -> dict[str, Any]:
    """`now`, `at`, `number` and `hash` of the last seal, and for each source how far it is sealed."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql("last_seals")).fetchall()[0]


def head(connection: Line) -> Head:
    """The newest seal; number 0 before the first."""
    row = connection.execute(HEAD).fetchone()
    return Head(*row) if row else Head()


def statement(name: str, source: Source) -> Composed:
    """The statement in `data/sql/<name>.sql` for the table of a source."""
    columns = SQL(", ").join(map(Identifier, COLUMNS[source]))
    return SQL(sql(name)).format(columns=columns, table=Identifier(TABLES[source]))


def copied(connection: Line, statement: Composed, told: dict[str, Any]) -> Iterator[bytes]:
    """Row by row what a COPY writes."""
    with connection.cursor() as cursor, cursor.copy(statement, told) as copy:
        yield from map(bytes, copy)


def without_seal(connection: Line, source: Source) -> Iterator[bytes]:
    """Rows that no seal names, each after `1` when its source is sealed beyond it, else `0`, and a tab."""
    return copied(connection, statement("rows_without_seal", source), {"source": source})


def is_of_another(seen: str | None, now: str) -> bool:
    """Whether a snapshot has seen more transactions than this server made."""
    return int((seen or NOTHING).split(":")[1]) > int(now.split(":")[1])


def _month(row: bytes) -> date:
    return date.fromisoformat(row.split(b"\t", 2)[1][:7].decode() + "-01")


def _parts(rows: Iterable[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    for row in rows:
        part.append(row)
        if len(part) == ROWS:
            yield part
            part = []
    if part:
        yield part
