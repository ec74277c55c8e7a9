"""Tables of people's whole data: asked for with a reason, decided by a second person, taken once, with who, when and number on it.

The file is written within the transaction that notes its taking: either it was taken, or it still can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from data import audit, sealing
from data.dialogues import Dialogue, Row, ask
from data.parameters import numbers
from data.settings import settings
from geo.audit import Action
from geo.callers import Caller, scope_of
from geo.cases import refuse
from geo.errors import Conflict, Forbidden, NotFound
from geo.masking import mask_texts
from geo.offices import DESKS, SENIOR, Office
from geo.persons import Kind

SEALED = {
    "reporters": {"name": Kind.NAME, "phone": Kind.PHONE, "home": Kind.HOME},
    "workers": {"name": Kind.NAME, "phone": Kind.PHONE},
}
"""What each table holds, and of that what is opened."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`what` (reporters, workers) of which ground; reporters of cases that were filed from `since` to `until`, both included."""

    what: str
    area: str
    since: date | None
    until: date | None
    reason: str


@dataclass(frozen=True)
class Taken:
    """An approved table: who took it when, and its rows as texts and numbers."""

    id: int
    what: str
    account: str
    approved_by: str
    at: datetime
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def request(wanted: Wanted, caller: Caller) -> Dialogue[Row]:
    """Ask for a table of one's own ground. Raises: Forbidden for who is no desk, and on other ground; BadInput; NotFound."""
    if caller.account is None or caller.office not in DESKS:
        raise Forbidden("tables of people are asked for by desks", actor=caller.actor)
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise refuse("until", wanted.until.isoformat(), "lies before since")
    _require_ground((yield from _digits(wanted.area)), wanted.area, caller)
    narrowed = {"since": wanted.since and wanted.since.isoformat(), "until": wanted.until and wanted.until.isoformat()}
    given = {"what": wanted.what, "area": wanted.area, "reason": wanted.reason, "account": caller.account}
    rows = yield ask("export_request", **given, actor=caller.actor, wanted=Jsonb(narrowed))
    told = {"what": wanted.what, "area": wanted.area}
    yield from audit.record(Action.EXPORT_ASKED, _subject(rows[0]["id"]), told, reason=wanted.reason)
    return (yield from _read(rows[0]["id"], caller))


def listed(caller: Caller) -> Dialogue[list[Row]]:
    """The caller's own, and those that he may decide; the newest first."""
    rows = yield ask("export_list", account=caller.account, scope=_decides_over(caller))
    return [_told(row, caller) for row in rows]


def decide(export_id: int, caller: Caller, *, is_approved: bool, note: str) -> Dialogue[Row]:
    """Approve or refuse what another account asked for. Raises: NotFound; Forbidden; Conflict when it is decided already."""
    row = yield from _read(export_id, caller)
    if row["asked_by"] == caller.account:
        raise Forbidden("a second person decides", id=export_id)
    if not row["can_decide"] and row["decided_at"] is None:
        raise Forbidden(f"{caller.actor} does not decide on this ground", actor=caller.actor)
    hours = (yield from numbers("export_hours"))["export_hours"]
    given = {"account": caller.account, "is_approved": is_approved, "note": note or None, "hours": hours}
    if not (yield ask("export_decide", id=export_id, **given)):
        raise Conflict(f"export {export_id} is decided already", id=export_id)
    action = Action.EXPORT_APPROVED if is_approved else Action.EXPORT_REFUSED
    yield from audit.record(action, _subject(export_id), {"asked_by": row["asked_by"]}, reason=note or None)
    return (yield from _read(export_id, caller))


def take(export_id: int, caller: Caller) -> Dialogue[Taken]:
    """Take an approved table, once. Raises: NotFound; Forbidden for who did not ask for it; Conflict when it can't be taken."""
    row = yield from _read(export_id, caller)
    if row["asked_by"] != caller.account:
        raise Forbidden("who asked for it takes it", id=export_id)
    found = yield ask("export_take", id=export_id, account=caller.account)
    if not found:
        raise Conflict(
            f"export {export_id} is {row['state']}: it is taken once, when it is approved, in time", id=export_id
        )
    rows = yield from _rows(row)
    yield ask("export_count", id=export_id, rows=len(rows))
    told = {"what": row["what"], "area": row["area"]["code"], "rows": len(rows), "approved_by": row["decided_by"]}
    yield from audit.record(Action.EXPORT, _subject(export_id), told, reason=row["reason"])
    columns = list(rows[0]) if rows else []
    told_rows = [list(one.values()) for one in rows]
    return Taken(export_id, row["what"], row["asked_by"], row["decided_by"], found[0]["taken_at"], columns, told_rows)


def _rows(row: Row) -> Dialogue[list[Row]]:
    digits = yield from _digits(row["area"]["code"])
    narrowed = {name: row["wanted"].get(name) for name in ("since", "until")}
    kinds, most = SEALED[row["what"]], settings().export_max_rows
    found = yield ask(f"people_{row['what']}", digits=digits, most=most, **narrowed)
    return [one | {name: sealing.open_(kind, one[name]) for name, kind in kinds.items()} for one in found]


def _read(export_id: int, caller: Caller) -> Dialogue[Row]:
    """Raises: NotFound, also for one that is nothing to the caller."""
    rows = yield ask("export_list", account=caller.account, scope=_decides_over(caller))
    found = next((row for row in rows if row["id"] == export_id), None)
    if found is None:
        raise NotFound(f"no export {export_id}", id=export_id)
    return _told(found, caller)


def _told(row: Row, caller: Caller) -> Row:
    area = {"code": row.pop("area_code"), "name": row.pop("area_name")}
    is_open = row["state"] == "asked" and row["asked_by"] != caller.account
    can_decide = is_open and row.pop("is_over") and caller.account is not None
    can_take = row["state"] == "approved" and row["asked_by"] == caller.account
    row.pop("is_over", None)
    said = {"reason": mask_texts(row["reason"]), "note": mask_texts(row["note"])}
    return row | said | {"area": area, "can_decide": can_decide, "can_take": can_take}


def _decides_over(caller: Caller) -> str | None:
    """The digits of the ground over whose exports somebody decides; None: over none."""
    if caller.office is Office.SECURITY_ADMIN:
        return ""
    return caller.scope if caller.office in SENIOR else None


def _digits(area: str) -> Dialogue[str]:
    rows = yield ask("unit_level", code=area)
    if not rows:
        raise NotFound(f"no area {area}", code=area)
    return scope_of(area, rows[0]["level"])


def _require_ground(digits: str, area: str, caller: Caller) -> None:
    if not digits.startswith(caller.scope):
        raise Forbidden(f"{area} is not on the ground of {caller.actor}", actor=caller.actor)


def _subject(export_id: int) -> str:
    return f"personal_export:{export_id}"
