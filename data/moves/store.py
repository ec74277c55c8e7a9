"""Read cases for a move and write what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import orjson

from data import calendars
from data.dialogues import Ask, Dialogue, Row, ask
from geo.calendars import Calendar
from geo.callers import Caller
from geo.cases import Case, Change
from geo.errors import NotFound
from geo.lifecycle import Event, State
from geo.moving import no_business
from geo.pausing import CLOCK_EFFECTS

KNOWN = [field.name for field in fields(Case)]
KINDS = {"worker": "worker_id", "desk": "desk_code", "agency": "agency_id"}
"""Columns of a holder by what an actor's text begins with."""


def read(case_id: int, caller: Caller) -> Dialogue[Case]:
    """Raises: NotFound; Forbidden for a case that is out of the caller's sight."""
    found = yield from read_all([case_id], caller)
    if not found:
        if (yield from hidden([case_id])):
            raise no_business(case_id, caller)
        raise NotFound(f"no case {case_id}", id=case_id)
    return found[0]


def read_all(case_ids: Sequence[int], caller: Caller) -> Dialogue[list[Case]]:
    """Those of the cases that there are, by id."""
    rows = yield ask("read_cases", ids=list(case_ids), actor=caller.actor)
    return [_case(row) for row in rows]


def hidden(case_ids: Sequence[int]) -> Dialogue[set[int]]:
    """Those of the cases that there are, in the caller's sight or not."""
    rows = yield ask("are_there", kind="case", ids=list(case_ids))
    return {row["id"] for row in rows}


def _case(row: Row) -> Case:
    return Case(**{name: row[name] for name in KNOWN} | {"state": State(row["state"])})


def calendar(event: Event) -> Dialogue[Calendar | None]:
    """What the clock is counted by, for the events that touch it."""
    if event not in CLOCK_EFFECTS:
        return None
    days = yield Ask(str(calendars.DAYS), {})
    return calendars.made_of([tuple(day.values()) for day in days])


def last(case: Case) -> Dialogue[dict[str, Any] | None]:
    """The newest event of a case: `event`, `actor`, `at`."""
    rows = yield ask("last_event", id=case.id)
    return {**rows[0], "at": rows[0]["at"].isoformat()} if rows else None


def write(changes: Sequence[Change]) -> Dialogue[list[Row]]:
    """Those of the cases that nobody moved meanwhile: `id`, `seq`, `event_id`."""
    return (yield ask("move_cases", changes=orjson.dumps([_told(change) for change in changes]).decode()))


def _told(change: Change) -> dict[str, Any]:
    """What move_cases.sql reads: the case as it will be, and its event."""
    before, after = change.before, change.after
    lon, lat = change.point or (None, None)
    event = {"event": change.event, "actor": change.actor, "at": before.now, "reason": change.reason}
    held = {"from_state": before.state, "held_by": change.held_by, "held_minutes": change.held_minutes}
    told = {"stood_lon": lon, "stood_lat": lat, "detail": change.detail or None}
    return vars(after) | holder_columns(after.holder) | event | held | told


def holder_columns(actor: str | None) -> dict[str, Any]:
    """`worker_id`, `desk_code`, `agency_id`, of which one is filled."""
    kind, _, key = (actor or ":").partition(":")
    return dict.fromkeys(KINDS.values()) | ({KINDS[kind]: key if kind == "desk" else int(key)} if actor else {})
