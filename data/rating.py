"""What a reporter says of a closed case, by a link without an account, and whether he wants it opened again."""

from __future__ import annotations

from typing import Any

from data.dialogues import Dialogue, Row, ask
from data.moves import move
from data.parameters import numbers
from geo.callers import REPORTER
from geo.cases import Rating, Wish
from geo.errors import Conflict, NotFound
from geo.lifecycle import STAGES, Event, State
from geo.masking import mask_texts

SAID = ("is_answered", "is_solved", "satisfaction", "comment", "rated_at")


def look(case_id: int) -> Dialogue[dict[str, Any]]:
    """What the reporter sees: the case, its `rating` if given, `can_rate`, `can_reopen`, `reopen_until`, `reopen_days`."""
    limits = yield from numbers("reopen_days")
    row = yield from _read(case_id, limits["reopen_days"])
    told = {name: mask_texts(value) for name, value in row.items() if name not in SAID}
    said = {name: mask_texts(row[name]) for name in SAID} if row["rated_at"] else None
    days = {"stage": str(STAGES[State(row["state"])]), "reopen_days": limits["reopen_days"]}
    return told | days | {"rating": said, "can_rate": row["state"] == State.CLOSED}


def rate(case_id: int, rating: Rating) -> Dialogue[dict[str, Any]]:
    """Raises: IllegalMove for a case that is not closed, or rated already."""
    yield from move(case_id, Wish(event=Event.RATE, rating=rating), REPORTER)
    return (yield from look(case_id))


def reopen(case_id: int, reason: str) -> Dialogue[dict[str, Any]]:
    """Raises: IllegalMove for a case that is not closed; Conflict when that was too long ago."""
    limits = yield from numbers("reopen_days")
    row = yield from _read(case_id, limits["reopen_days"])
    if row["closed_at"] and not row["can_reopen"]:
        days = limits["reopen_days"]
        raise Conflict(f"case {case_id} was closed more than {days:g} days ago; report it anew", id=case_id, days=days)
    yield from move(case_id, Wish(event=Event.REOPEN, reason=reason), REPORTER)
    return (yield from look(case_id))


def _read(case_id: int, days: float) -> Dialogue[Row]:
    rows = yield ask("rated_case", id=case_id, days=days)
    if not rows:
        raise NotFound("this link leads nowhere")
    return rows[0]
