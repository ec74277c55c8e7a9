"""Decisions that a case does not count in scores: who, when, why; on record for ever, and as a note in the case's history."""

from __future__ import annotations

from typing import Any

from data.dialogues import Dialogue, Row, ask
from data.moves import move
from geo.callers import Caller
from geo.cases import Wish
from geo.errors import Conflict, Forbidden
from geo.lifecycle import SENIOR, Event


def decide(case_id: int, reason: str, caller: Caller) -> Dialogue[Row]:
    """Leave a case out of scores. Raises: Forbidden, NotFound; Conflict when it is left out already."""
    _require_senior(caller)
    wish = Wish(event=Event.NOTE, reason=reason, detail={"is_excluded": True})
    yield from move(case_id, wish, caller)
    rows = yield ask("decide_exclusion", case_id=case_id, reason=reason, actor=caller.actor)
    if not rows:
        raise Conflict(f"case {case_id} is left out of scores already", id=case_id)
    return rows[0]


def end(case_id: int, caller: Caller) -> Dialogue[dict[str, Any]]:
    """Let a case count again. Raises: Forbidden, NotFound; Conflict when it counts already."""
    _require_senior(caller)
    rows = yield ask("end_exclusion", case_id=case_id, actor=caller.actor)
    reason = rows[0]["reason"] if rows else "-"
    yield from move(case_id, Wish(event=Event.NOTE, reason=reason, detail={"is_excluded": False}), caller)
    if not rows:
        raise Conflict(f"case {case_id} is not left out of scores", id=case_id)
    return rows[0]


def _require_senior(caller: Caller) -> None:
    if caller.role not in SENIOR:
        raise Forbidden("only a street's or the district's desk decides what counts in scores", actor=caller.actor)
