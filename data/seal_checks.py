"""The whole chain read again and held against what is on record, as of one moment and within little memory."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import psycopg
from psycopg.rows import dict_row

from data import seals
from data.database import connect
from data.seals import Head, Line, copied, statement
from geo.audit import Action
from geo.errors import BadInput
from geo.seals import Fault, Finding, Seal, Source, check, row_id

SEALS = "SELECT number, source, at, seen, month, rows, previous, ids, marks, hash FROM audit_seal ORDER BY number"
AT_ONCE = 200
"""So many seals are fetched at a time."""
FAST = "SELECT set_config('work_mem', '128MB', true), set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)"
DROPPED = "SELECT detail->>'month' FROM audit_line WHERE action = %s"
LIMIT = 100
"""No more faults are told."""


@dataclass
class Verdict:
    """What a verification found: figures, and the faults in the order of the chain, then rows that no seal names."""

    lines: int = 0
    events: int = 0
    seals: int = 0
    pending: int = 0
    """Rows that are not sealed yet."""
    dropped: list[date] = field(default_factory=list)
    """Months that were dropped on record."""
    head: Head = field(default_factory=Head)
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        return not self.findings


def verify(kept: Sequence[str] = (), *, url: str | None = None) -> Verdict:
    """Read everything, of the configured database unless `url` names another.

    `kept` are heads noted elsewhere, `number:hash` or the hash alone: the chain must hold them.
    Raises: BadInput for a head that is none.
    """
    begun, heads = time.perf_counter(), [_parse(text) for text in kept]
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(url=url)) for _ in range(3)]
        _see_the_same(lines)
        sealed = {source: Rows(line, source) for source, line in zip(Source, lines[1:], strict=True)}
        for rows in sealed.values():
            stack.callback(rows.close)  # before its connection, which else would wait for the rest
        verdict = Reader(lines[0], sealed).read(heads)
    verdict.seconds = round(time.perf_counter() - begun, 3)
    return verdict


def _see_the_same(lines: Sequence[Line]) -> None:
    """Put all connections into transactions with one snapshot."""
    first, *others = lines
    for line in lines:
        line.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        line.read_only = True
    (snapshot,) = first.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
    for line in others:
        line.execute(psycopg.sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
    for line in lines:
        line.execute(seals.PLAIN)
        line.execute(FAST)


def _parse(text: str) -> tuple[int | None, bytes]:
    number, _, digest = text.strip().rpartition(":")
    try:
        hash_ = bytes.fromhex(digest)
        return int(number) if number else None, hash_
    except ValueError as error:
        raise BadInput(f"--head {text}: write NUMBER:HASH as `wangge audit head` prints it", head=text) from error


class Rows:
    """The sealed rows of a source, handed out seal by seal."""

    def __init__(self, line: Line, source: Source) -> None:
        self._rows = read_rows(line, source)
        self._next = next(self._rows, None)

    def of(self, seal: Seal) -> list[list[bytes]]:
        """For each of its ids the rows that there are."""
        found: list[list[bytes]] = [[] for _ in seal.ids or ()]
        while self._next and self._next[0] == seal.number:
            _, place, row = self._next
            if not row.startswith(b"\\N") and place <= len(found):  # two seals may have been given one number
                found[place - 1].append(row)
            self._next = next(self._rows, None)
        return found

    def close(self) -> None:
        self._rows.close()


class Reader:
    """Walks the chain on connections that see the same."""

    def __init__(self, main: Line, rows: Mapping[Source, Rows]) -> None:
        self.main, self.rows = main, rows
        self.verdict = Verdict(dropped=_dropped(main))
        self.is_certain = True
        """Whether the seal before fits its rows."""

    def read(self, heads: Sequence[tuple[int | None, bytes]]) -> Verdict:
        missing = list(heads)
        for seal in read_seals(self.main):
            self._walk(seal)
            missing = [told for told in missing if told not in ((seal.number, seal.hash), (None, seal.hash))]
        self._add(Finding(Fault.HEAD_MISSING, number) for number, _ in missing)
        for source in Source:
            self._without_seal(source)
        return self.verdict

    def _walk(self, seal: Seal) -> None:
        before = self.verdict.head
        self._add(Finding(Fault.SEAL_MISSING, number) for number in range(before.number + 1, seal.number))
        found = self._check(seal) if seal.number > before.number else [Finding(Fault.SEAL_CHANGED, seal.number)]
        if self.is_certain and not found and seal.number == before.number + 1 and seal.previous != before.hash:
            self._add([Finding(Fault.SEAL_CHANGED, max(before.number, 1))])
        self._add(found)
        self.is_certain = not found
        self._count(seal)

    def _check(self, seal: Seal) -> list[Finding]:
        if seal.ids is not None:
            return check(seal, self.rows[seal.source].of(seal))
        is_on_record = seal.source is Source.LINE and seal.month in self.verdict.dropped
        return [] if is_on_record else [Finding(Fault.SEAL_CHANGED, seal.number, seal.source)]

    def _count(self, seal: Seal) -> None:
        verdict = self.verdict
        verdict.head = Head(seal.number, seal.hash, seal.at)
        verdict.seals += 1
        if seal.source is Source.EVENT:
            verdict.events += seal.rows
        elif seal.ids is not None:
            verdict.lines += seal.rows

    def _without_seal(self, source: Source) -> None:
        """Rows that no seal names: not sealed yet, or put in behind the sealer's back."""
        for row in seals.without_seal(self.main, source):
            was_seen, told = row.split(b"\t", 1)
            if was_seen == b"1":
                self._add([Finding(Fault.INSERTED, source=source, id=row_id(told))])
            else:
                self.verdict.pending += 1

    def _add(self, findings: Iterable[Finding]) -> None:
        room = LIMIT - len(self.verdict.findings)
        self.verdict.findings += islice(findings, room)


def _dropped(line: Line) -> list[date]:
    rows = line.execute(DROPPED, [Action.AUDIT_DROPPED]).fetchall()
    return sorted({date.fromisoformat(month) for (month,) in rows})


def read_seals(line: Line) -> Iterator[Seal]:
    """In the order of the chain."""
    with line.cursor("seals", row_factory=dict_row) as cursor:
        cursor.itersize = AT_ONCE
        for row in cursor.execute(SEALS, binary=True):
            yield Seal(**row | {"source": Source(row["source"])})


def read_rows(line: Line, source: Source) -> Generator[tuple[int, int, bytes]]:
    """The sealed rows of a source in the order of the chain: number of the seal, place in it from 1, and the row."""
    for row in copied(line, statement("sealed_rows", source), {"source": source}):
        number, place, told = row.split(b"\t", 2)
        yield int(number), int(place), told
