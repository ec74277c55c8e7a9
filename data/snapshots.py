"""Places in the stream of case events, as text: which transactions a reader has seen. No units.

`x` sees the transactions of snapshot x (PostgreSQL's `xmin:xmax:running`); `x/y/n` also those events of y with ids up to n.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from geo.errors import BadInput

SNAPSHOT = r"[0-9]{1,19}:[0-9]{1,19}:(?:[0-9]{1,19}(?:,[0-9]{1,19})*)?"
CURSOR = re.compile(rf"({SNAPSHOT})(?:/({SNAPSHOT})/([0-9]{{1,18}}))?")


@dataclass(frozen=True)
class Snapshot:
    """What was committed at one moment."""

    text: str

    @cached_property
    def _parts(self) -> tuple[int, int, frozenset[int]]:
        first, last, running = self.text.split(":")
        return int(first), int(last), frozenset(map(int, filter(None, running.split(","))))

    def sees(self, txid: int) -> bool:
        first, last, running = self._parts
        return txid < first or (txid < last and txid not in running)

    @property
    def end(self) -> int:
        """The first transaction that had not begun."""
        return self._parts[1]


@dataclass(frozen=True)
class Cursor:
    """All that `before` sees has been read, and of what `now` sees the events up to `after`."""

    before: Snapshot
    now: Snapshot | None = None
    after: int = 0

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises: BadInput for a text that is no cursor."""
        found = CURSOR.fullmatch(text)
        if found is None:
            raise BadInput("since: is not a cursor of this stream", fields=[{"field": "since", "value": text[:100]}])
        before, now, after = found.groups()
        return cls(Snapshot(before), Snapshot(now) if now else None, int(after or 0))

    def covers(self, txid: int, event_id: int) -> bool:
        """Whether an event has been read."""
        return self.before.sees(txid) or (self.now is not None and self.now.sees(txid) and event_id <= self.after)

    def __str__(self) -> str:
        return f"{self.before.text}/{self.now.text}/{self.after}" if self.now else self.before.text
