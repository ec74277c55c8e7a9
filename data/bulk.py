"""One move of many cases by one decision, with what came of each. The transaction is the caller's: all is stored, or nothing."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from data.dialogues import Dialogue, ask
from data.moves import keys, move, store
from data.moves.consequences import follow
from data.moves.preconditions import check, known_actors
from geo.calendars import Calendar
from geo.callers import Caller
from geo.cases import Case, Change, Wish
from geo.errors import Conflict, Forbidden, NotFound, OutsideRange, WanggeError
from geo.lifecycle import Event, Role
from geo.moving import no_business, plan, require

MAX_CASES = 5000
UNDO = "undo"
Result = dict[str, Any]
"""`id` and `ok`; of a case that moved `seq` of its event, `before` (who had it) and `state` (before); else `error`."""


@dataclass(frozen=True)
class Bulk:
    """What came of it, case by case in the order asked for."""

    id: int
    event: str
    actor: str
    results: list[Result]
    is_replayed: bool = False


def move_many(ids: Sequence[int], wish: Wish, caller: Caller, key: str | None = None) -> Dialogue[Bulk]:
    """Move all of the cases that the move is legal for.

    Raises: OutsideRange above `MAX_CASES`; what `geo.moving.plan` raises about the wish itself; KeyReused.
    """
    if len(ids) > MAX_CASES:
        raise OutsideRange(f"{len(ids):,} cases are more than {MAX_CASES:,} at once", rows=len(ids), limit=MAX_CASES)
    known = yield from keys.claim(key, caller, list(ids), wish)
    if known:
        return replace((yield from get(known["bulk_id"])), is_replayed=True)
    require(wish, caller)
    wish = yield from check(wish)
    done = yield from _move(dict.fromkeys(dict.fromkeys(ids), wish), caller)
    bulk = yield from _store(str(wish.event), wish.reason, done, caller)
    if key:
        yield ask("note_bulk_of_key", key=key, bulk_id=bulk.id)
    return bulk


def undo(bulk_id: int, caller: Caller) -> Dialogue[Bulk]:
    """Give each case of an assignment back to who had it before, if it has not moved since.

    Raises: NotFound; Forbidden for whom it is not, and who is not above; Conflict for what is no assignment or was undone.
    """
    bulk = yield from get(bulk_id)
    if caller.actor != bulk.actor and caller.role != Role.DISTRICT:
        raise Forbidden(f"only {bulk.actor} or the district may undo this", id=bulk_id, actor=caller.actor)
    if bulk.event != Event.ASSIGN:
        raise Conflict("only an assignment can be undone", id=bulk_id, event=bulk.event)
    if not (yield ask("undo_bulk", id=bulk_id)):
        raise Conflict("this assignment was undone already", id=bulk_id)
    moved = {result["id"]: _back(bulk_id, result) for result in bulk.results if result["ok"]}
    there = yield from known_actors({wish.to for wish in moved.values() if wish.to})
    done = yield from _move(moved, caller, there=there)
    return (yield from _store(UNDO, None, done, caller))


def get(bulk_id: int) -> Dialogue[Bulk]:
    """Raises: NotFound; Forbidden for another's."""
    rows = yield ask("bulk", id=bulk_id)
    if not rows:
        if (yield ask("are_there", kind="bulk", ids=[bulk_id])):
            raise Forbidden(f"bulk move {bulk_id} is another's", id=bulk_id)
        raise NotFound(f"no bulk move {bulk_id}", id=bulk_id)
    return Bulk(rows[0]["id"], rows[0]["event"], rows[0]["actor"], rows[0]["results"])


def _back(bulk_id: int, result: Result) -> Wish:
    """To who had it."""
    told = {"undoes": bulk_id}
    return Wish(event=Event.ASSIGN, to=result["before"], seq=result["seq"], reason="undone", is_undo=True, detail=told)


def _move(wishes: Mapping[int, Wish], caller: Caller, there: Container[str] | None = None) -> Dialogue[list[Result]]:
    """One wish per case. The cases are locked first, so that every change that is planned is written.

    `there`: who may be given a case; null: that was looked up before.
    """
    yield ask("lock_cases", ids=list(wishes))
    cases = {case.id: case for case in (yield from store.read_all(list(wishes), caller))}
    missing = [id_ for id_ in wishes if id_ not in cases]
    hidden = (yield from store.hidden(missing)) if missing else set()
    planner = _Planner(caller, (yield from store.calendar(_event(wishes))), there, hidden)
    planned = {id_: planner.plan(id_, cases.get(id_), wish) for id_, wish in wishes.items()}
    changes = {id_: change for id_, change in planned.items() if isinstance(change, Change)}
    if changes:
        yield from store.write(list(changes.values()))
    for id_, change in changes.items():
        yield from follow(change, wishes[id_], caller, move)
    return [_result(id_, outcome) for id_, outcome in planned.items()]


def _event(wishes: Mapping[int, Wish]) -> Event:
    """The event whose calendar is needed: one move has one, taking back needs none."""
    return next(iter(wishes.values())).event if wishes else Event.NOTE


@dataclass(frozen=True)
class _Planner:
    caller: Caller
    calendar: Calendar | None
    there: Container[str] | None
    hidden: Container[int]
    """Cases that lie elsewhere."""

    def plan(self, id_: int, case: Case | None, wish: Wish) -> Change | WanggeError:
        """The change, or why there is none."""
        if case is None:
            return no_business(id_, self.caller) if id_ in self.hidden else NotFound(f"no case {id_}", id=id_)
        if wish.seq not in (None, case.seq):
            return Conflict(f"case {id_} has moved since", id=id_, seq=case.seq)
        if self.there is not None and wish.to and wish.to not in self.there:
            return Conflict(f"{wish.to} is not there any more", id=id_, to=wish.to)
        try:
            return plan(case, wish, self.caller, self.calendar)
        except WanggeError as error:
            return error


def _result(id_: int, outcome: Change | WanggeError) -> Result:
    if isinstance(outcome, WanggeError):
        return {"id": id_, "ok": False, "error": {"code": outcome.code, "message": outcome.message}}
    before = outcome.before
    return {"id": id_, "ok": True, "seq": outcome.after.seq, "before": before.holder, "state": str(before.state)}


def _store(event: str, reason: str | None, results: list[Result], caller: Caller) -> Dialogue[Bulk]:
    told = orjson.dumps(results).decode()
    rows = yield ask("store_bulk", event=event, actor=caller.actor, reason=reason, results=told)
    return Bulk(rows[0]["id"], event, caller.actor, results)
