"""What is reported twice: cases that may be the same thing, and those who follow one. Points in EPSG:4490, distances in metres."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.days import today
from data.dialogues import Dialogue, Row, ask
from data.moves import move, store
from data.scope import beyond
from data.settings import settings
from geo.callers import Caller
from geo.cases import Wish, refuse
from geo.errors import KeyReused
from geo.lifecycle import STAGES, Event, State
from geo.masking import mask_numbers

MOST = 20


@dataclass(frozen=True)
class Follower:
    """Somebody who told what is known already."""

    id: int
    case_id: int
    followed_at: datetime
    is_replayed: bool = False
    """Stored by an earlier call with the same key."""


def nearby(point: tuple[float, float], category: str) -> Dialogue[dict[str, Any]]:
    """`radius_m` and `hours` of the rule, and the open `cases` within both, nearest first.

    Raises: BadInput for an unknown category.
    """
    found = yield ask("duplicate_rule", category=category, today=today())
    if not found:
        raise refuse("category", category, "no such category, or no rule for doubles today")
    rule, (x, y) = found[0], point
    given = {"x": x, "y": y, "category": category, "metric_srid": settings().metric_srid, "most": MOST}
    cases = yield ask("nearby_cases", **given, **rule)
    return rule | {"cases": [_near(row) for row in cases]}


def _near(row: Row) -> Row:
    return row | {"stage": str(STAGES[State(row["state"])]), "description": mask_numbers(row["description"])}


def follow(case_id: int, caller: Caller, *, note: str, source: str, key: str | None) -> Dialogue[Follower]:
    """Let a second reporter follow a case instead of opening another, wherever it lies: he is told nothing of it.

    Raises: NotFound; IllegalMove for a case that is closed; KeyReused for a known key with another content.
    """
    return (yield from beyond(_follow(case_id, caller, note=note, source=source, key=key)))


def _follow(case_id: int, caller: Caller, *, note: str, source: str, key: str | None) -> Dialogue[Follower]:
    yield from store.read(case_id, caller)
    stored = yield ask("store_follower", id=case_id, key=key, source=source, note=note)
    if not stored:
        return (yield from _replayed(case_id, note=note, source=source, key=key))
    yield from move(case_id, Wish(event=Event.FOLLOW, reason=note or None, detail={"source": source}), caller)
    return Follower(stored[0]["id"], case_id, stored[0]["followed_at"])


def _replayed(case_id: int, *, note: str, source: str, key: str | None) -> Dialogue[Follower]:
    rows = yield ask("stored_follower", key=key)
    if not rows or (rows[0]["case_id"], rows[0]["note"], rows[0]["source"]) != (case_id, note, source):
        raise KeyReused("this idempotency key belongs to something else", key=key)
    row = rows[0]
    return Follower(row["id"], case_id, row["followed_at"], is_replayed=True)
