"""The chain over what is on record: every row hashed with all that was sealed before it. Hashes are SHA-256, 32 bytes.

A seal closes a run of rows of one source. It opens with the hash of the seal before and what it says of itself; each row's hash
is that of the hash before it and of the row as PostgreSQL's COPY writes it; the last is the seal's own. Of each hash on the way
a mark is kept, whole for lines and in part for events, by which the row that was tampered with is named.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from hashlib import sha256

HASH_BYTES = 32
BEFORE_ALL = bytes(HASH_BYTES)
"""The hash before the first seal."""
FORM = "wangge-seal-1"


class Source(StrEnum):
    """What is sealed: lines of the audit, events of cases."""

    LINE = "line"
    EVENT = "event"

    @property
    def mark_bytes(self) -> int:
        """Events are many; eight bytes name the one that was tampered with, and the seal's hash protects all."""
        return HASH_BYTES if self is Source.LINE else 8


class Fault(StrEnum):
    """What may be wrong with a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    SWAPPED = "swapped"
    INSERTED = "inserted"
    SEAL_CHANGED = "seal_changed"
    SEAL_MISSING = "seal_missing"
    HEAD_MISSING = "head_missing"


@dataclass(frozen=True)
class Finding:
    """One fault: of the row `id`, or of the seal `number` itself. `other` is the row that stands in its place."""

    fault: Fault
    number: int | None = None
    source: Source | None = None
    id: int | None = None
    other: int | None = None


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a seal says of its rows. `seen` is the snapshot up to which its source is sealed with it."""

    number: int
    source: Source
    at: datetime
    seen: str
    month: date | None
    """In which all its rows lie, in UTC, so that a whole month can go; null where it has none."""
    rows: int
    previous: bytes
    ids: Sequence[int] | None = None
    """Of the rows in order; null when their month has been dropped."""
    marks: bytes | None = field(default=None, repr=False)
    hash: bytes = b""

    @property
    def opening(self) -> bytes:
        """The hash before the first row."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        told = (FORM, str(self.number), self.source, at, self.seen, str(self.month or ""), str(self.rows))
        return sha256(self.previous + "\t".join(told).encode()).digest()

    def fits(self, place: int, hash_: bytes) -> bool:
        """Whether the mark at `place` is of this hash: 0 is the opening, the rows follow."""
        size = self.source.mark_bytes
        return (self.marks or b"")[place * size : (place + 1) * size] == hash_[:size]

    def closed_over(self, rows: Sequence[bytes]) -> Seal:
        """The same with ids, marks and hash of its rows."""
        chain = hashes(self.opening, rows)
        return replace(self, ids=array("q", map(row_id, rows)), marks=self.marked(chain), hash=chain[-1])

    def marked(self, chain: Iterable[bytes]) -> bytes:
        """The marks of these hashes."""
        size = self.source.mark_bytes
        return b"".join(hash_[:size] for hash_ in chain)


def hashes(opening: bytes, rows: Iterable[bytes]) -> list[bytes]:
    """The opening, then for each row the hash of the one before and the row."""
    found = [opening]
    for row in rows:
        found.append(sha256(found[-1] + row).digest())
    return found


def row_id(row: bytes) -> int:
    """The first column of a row as COPY writes it."""
    return int(row[: row.index(b"\t")])


def check(seal: Seal, rows: Sequence[Sequence[bytes]]) -> list[Finding]:
    """What is wrong with a seal and its rows, the first of them named.

    `rows` holds for each of `seal.ids` the rows with that id: as a rule one.
    """
    if _is_whole(seal, rows):
        return []
    return list(_faults(seal, rows))


def _is_whole(seal: Seal, rows: Sequence[Sequence[bytes]]) -> bool:
    if seal.rows != len(rows) or any(len(here) != 1 for here in rows):
        return False
    chain = hashes(seal.opening, (here[0] for here in rows))
    return chain[-1] == seal.hash and seal.marked(chain) == seal.marks


def _faults(seal: Seal, rows: Sequence[Sequence[bytes]]) -> Iterator[Finding]:
    found, hash_ = partial(Finding, number=seal.number, source=seal.source), seal.opening
    if seal.rows != len(rows) or not seal.fits(0, hash_):
        yield found(Fault.SEAL_CHANGED)
        return
    for place, here in enumerate(rows, 1):
        fitting = next((row for row in here if seal.fits(place, _link(hash_, row))), None)
        if fitting is None:
            yield _name(seal, rows, place, hash_)
            return
        hash_ = _link(hash_, fitting)
        yield from (found(Fault.INSERTED, id=row_id(row)) for row in here if row is not fitting)
    if hash_ != seal.hash or len(seal.marks or b"") != (len(rows) + 1) * seal.source.mark_bytes:
        yield found(Fault.SEAL_CHANGED)


def _name(seal: Seal, rows: Sequence[Sequence[bytes]], place: int, before: bytes) -> Finding:
    """What became of the row at `place`, where none fits after the hash `before`."""
    found = partial(Finding, number=seal.number, source=seal.source)
    here, id_ = rows[place - 1], (seal.ids or ())[place - 1]
    if here and _goes_on(seal, rows, place, _link(before, here[0])):
        return found(Fault.SEAL_CHANGED)
    for other in (row for others in rows for row in others if row not in here):
        if any(seal.fits(place, _link(before, row)) for row in (other, _renamed(other, id_))):
            return found(Fault.SWAPPED, id=id_, other=row_id(other))
    return found(Fault.CHANGED if here else Fault.MISSING, id=id_)


def _goes_on(seal: Seal, rows: Sequence[Sequence[bytes]], place: int, hash_: bytes) -> bool:
    """Whether the chain fits again after the row at `place`: then not the row was changed but its mark."""
    if place == len(rows):
        return hash_ == seal.hash
    return any(seal.fits(place + 1, _link(hash_, row)) for row in rows[place])


def _link(before: bytes, row: bytes) -> bytes:
    return sha256(before + row).digest()


def _renamed(row: bytes, id_: int) -> bytes:
    """The same row under another id."""
    return str(id_).encode() + row[row.index(b"\t") :]
