"""Grants: which office an account holds, on which ground, from when to when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from data import audit
from data.dialogues import Dialogue, Row, ask
from data.scope import beyond
from data.search import escaped
from geo.audit import Action
from geo.errors import BadInput, Conflict, NotFound
from geo.offices import ADMINISTRATORS, KINDS, LEVELS, Office

MAX_ID = 2**63 - 1
MOST_GROUNDS = 20
COLUMNS = {
    "desk": "unit_code",
    "planner": "unit_code",
    "worker": "worker_id",
    "agency": "agency_id",
    "station": "facility_id",
}
NOTHING = dict.fromkeys(COLUMNS.values())
GROUND = re.compile(r"[0-9]{1,19}")
WANTED = {
    "desk": "unit",
    "planner": "unit",
    "worker": "worker by his id",
    "agency": "agency by its id",
    "station": "facility by its id",
}
"""What the ground of an office is."""


def grant(
    account_id: int,
    office: Office,
    ground: str | None = None,
    *,
    cells: Sequence[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: str | None = None,
) -> Dialogue[Row]:
    """Grant `office` on `ground`: a unit's code, or the id of a worker, agency or facility; none for an administrator.

    Returns: `id`, `actor`, `valid_from`, `valid_to` (excluded). Raises: BadInput for ground that does not go with the office;
    NotFound for ground that does not exist; Conflict for a grant that is there already, or an administrator's beside any other.
    """
    columns = yield from _columns(office, ground)
    actor = f"{KINDS[office]}:{account_id if office in ADMINISTRATORS else ground}"
    dated = {"cells": list(cells), "valid_from": valid_from, "valid_to": valid_to, "granted_by": by}
    rows = yield ask("grant_store", account_id=account_id, office=str(office), actor=actor, **columns, **dated)
    if not rows:
        yield from _refuse(account_id, actor)
    told = {"office": str(office), "actor": actor, "until": valid_to and valid_to.isoformat()}
    yield from audit.record(Action.GRANT_GIVEN, f"account:{rows[0]['account']}", told, account=by)
    return rows[0]


def revoke(account_id: int, grant_id: int, *, by: str | None = None) -> Dialogue[Row]:
    """End a grant at once: `id`, `office`, `actor`. Raises: NotFound for one that has ended, or is another's."""
    rows = yield ask("grant_end", account_id=account_id, id=grant_id, by=by)
    if not rows:
        raise NotFound(f"there is no grant {grant_id} to end", id=grant_id)
    told = {"office": rows[0]["office"], "actor": rows[0]["actor"]}
    yield from audit.record(Action.GRANT_ENDED, f"account:{rows[0]['account']}", told, account=by)
    return rows[0]


def of_account(account_id: int) -> Dialogue[list[Row]]:
    """Every grant of an account, past and to come too, the newest first."""
    return (yield ask("grants_of", account_id=account_id))


def grounds(office: Office, typed: str) -> Dialogue[list[Row]]:
    """What `office` may be granted on today, by a part of a name or code; nothing for the public and administrators.

    Who grants sees no people: workers have no name.
    """
    if office not in KINDS:
        return []
    told = {"kind": KINDS[office], "levels": sorted(LEVELS.get(office, ())), "part": f"%{escaped(typed.strip())}%"}
    return (yield from beyond(_found(told)))


def _found(told: dict[str, Any]) -> Dialogue[list[Row]]:
    return (yield ask("grounds", **told, most=MOST_GROUNDS))


def _columns(office: Office, ground: str | None) -> Dialogue[dict[str, Any]]:
    """The ground in its own column."""
    if office in ADMINISTRATORS:
        if ground:
            raise BadInput(f"{office} has no ground", office=str(office))
        return NOTHING
    kind = KINDS.get(office)
    if kind is None or not ground or not GROUND.fullmatch(ground):
        raise BadInput(
            f"{office} needs {WANTED.get(kind or '', 'to be an office that can be granted')}", office=str(office)
        )
    is_unit = office in LEVELS
    code, id_ = (ground, None) if is_unit else (None, min(int(ground), MAX_ID))
    rows = yield ask("grant_ground", kind=kind, code=code, id=id_)
    if not rows:
        raise NotFound(f"there is no {WANTED[kind]} {ground} today", ground=ground)
    if is_unit and rows[0]["level"] not in LEVELS[office]:
        allowed = " or ".join(sorted(LEVELS[office]))
        raise BadInput(f"{ground} is a {rows[0]['level']}; {office} needs a {allowed}", ground=ground)
    return NOTHING | {COLUMNS[kind]: code or id_}


def _refuse(account_id: int, actor: str) -> Dialogue[None]:
    """Raises: Conflict, with the reason for which the constraints of the table let nothing in."""
    held = yield from of_account(account_id)
    if any(row["actor"] == actor for row in held):
        raise Conflict("the account holds this already at that time", actor=actor)
    raise Conflict("who administers holds no other office: the three administrators are separate persons", actor=actor)
