"""How to reach who reported a case: stored sealed, shown masked, opened one record at a time, with a reason, on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data import audit, sealing
from data.database import sql
from data.dialogues import Ask, Dialogue, Row, ask
from geo.audit import Action
from geo.callers import Caller
from geo.errors import Forbidden, NotFound
from geo.lifecycle import DESKS
from geo.persons import Kind

KINDS = {"name": Kind.NAME, "phone": Kind.PHONE, "home": Kind.HOME}


@dataclass(frozen=True)
class Contact:
    """What a reporter tells of himself; any of it may be missing."""

    name: str | None = None
    phone: str | None = None
    home: str | None = None


def store(case_id: int, contact: Contact) -> Dialogue[None]:
    """Keep it beside the case."""
    given: dict[str, Any] = {"id": case_id}
    for name, kind in KINDS.items():
        given |= sealing.seal(kind, getattr(contact, name)).columns(name)
    yield Ask(sql("store_contact"), given)


def unmask_case(case_id: int, reason: str) -> Dialogue[Row]:
    """The whole `contact` (`name`, `phone`, `home`), `description` and `signatures` of a case that the caller may see."""
    row = (yield ask("sealed_of_case", id=case_id))[0]
    opened = {name: sealing.open_(kind, row[f"{name}_sealed"]) for name, kind in KINDS.items()}
    signed = [{"agency": one["agency"], "name": _signed(one)} for one in row["signatures"]]
    shown = [name for name, value in opened.items() if value] + ["signature"] * bool(signed)
    yield from audit.record(Action.UNMASK, f"case:{case_id}", {"shown": shown}, reason=reason)
    contact = opened if any(opened.values()) else None
    return {"contact": contact, "description": row["description"], "signatures": signed}


def unmask_worker(worker_id: int, reason: str, caller: Caller) -> Dialogue[Row]:
    """The whole `name` and `phone` of a worker: for the desks of his ground and for himself. Raises: NotFound; Forbidden."""
    rows = yield ask("sealed_of_worker", id=worker_id)
    if not rows and not (yield ask("are_there", kind="worker", ids=[worker_id])):
        raise NotFound(f"no worker {worker_id}", id=worker_id)
    is_above = rows and caller.role in DESKS and caller.covers(rows[0]["community_code"])
    if not (is_above or (rows and caller.actor == f"worker:{worker_id}")):
        raise Forbidden(f"worker {worker_id} is not on the ground of {caller.actor}", actor=caller.actor)
    yield from audit.record(Action.UNMASK, f"worker:{worker_id}", {"shown": ["name", "phone"]}, reason=reason)
    return {name: sealing.open_(KINDS[name], rows[0][f"{name}_sealed"]) for name in ("name", "phone")}


def _signed(row: Row) -> str | None:
    return sealing.open_(Kind.NAME, bytes.fromhex(row["sealed"].removeprefix("\\x")))
