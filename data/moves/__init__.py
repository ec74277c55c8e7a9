"""Everything that happens to a case after its dispatch, but for what the system does by the batch. Positions in EPSG:4490.

A move reads the case, works out in `geo.moving` what it does, and writes case and event by one statement that is guarded by the
number of events seen. Whoever was slower reads again and tries again. The transaction is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from data.dialogues import Dialogue, ask, hold
from data.live import CHANNEL
from data.moves import keys, store
from data.moves.consequences import follow
from data.moves.preconditions import check, check_photos
from geo.callers import Caller
from geo.cases import Case, Wish
from geo.errors import IllegalMove, Unavailable
from geo.lifecycle import STEADY
from geo.moving import illegal, permit, plan

TRIES = 20
"""Each try that fails is another's move that went through."""


@dataclass(frozen=True)
class Moved:
    """The case as it is now; `is_replayed` when the same key had done it before."""

    case: Case
    is_replayed: bool = False


def move_once(case_id: int, wish: Wish, caller: Caller, key: str | None) -> Dialogue[Moved]:
    """`move` under an idempotency key. Raises besides: KeyReused for a known key with another content."""
    if (yield from keys.claim(key, caller, case_id, wish)):
        return Moved((yield from store.read(case_id, caller)), is_replayed=True)
    return Moved((yield from move(case_id, wish, caller)))


def apply(connection: Connection[Any], case_id: int, wish: Wish, caller: Caller) -> Case:
    """Move a case and notify; returns it as it is afterwards.

    Raises: NotFound, and what `geo.moving.plan` raises; IllegalMove also tells the `last` event.
    """
    moved = hold(connection, move(case_id, wish, caller))
    connection.execute(f"NOTIFY {CHANNEL}")
    return moved


def move(case_id: int, wish: Wish, caller: Caller) -> Dialogue[Case]:
    """The dialogue of one move, with all that follows from it."""
    wish = yield from check(wish)
    calendar = yield from store.calendar(wish.event)
    for _ in range(TRIES):
        case = yield from store.read(case_id, caller)
        yield from check_photos(case, wish)
        try:
            yield from _is_as_seen(case, wish, caller)
            change = plan(case, wish, caller, calendar)
        except IllegalMove as error:
            error.detail["last"] = yield from store.last(case)
            raise
        if (yield from store.write([change])):
            yield from follow(change, wish, caller, move)
            return change.after
    raise Unavailable(f"case {case_id} is moved by many at once; try again", id=case_id)


def _is_as_seen(case: Case, wish: Wish, caller: Caller) -> Dialogue[None]:
    """Raises: IllegalMove when something happened since what the caller saw that he has to know of."""
    if wish.seq is None or wish.seq == case.seq:
        return
    later = yield ask("events_since", id=case.id, seq=wish.seq)
    if any(row["event"] not in STEADY for row in later):
        permit(case, wish.event, caller)
        raise illegal(case, wish.event, caller, f"case {case.id} has moved since event {wish.seq}")
