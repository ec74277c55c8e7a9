"""What each event changes of a case besides its state. Actors are written as in `geo.callers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geo.callers import DUTY_DESK
from geo.cases import Case, Wish, refuse
from geo.errors import Conflict
from geo.lifecycle import Event

Values = Mapping[str, Any]
UP = {"cell": "community", "community": "street", "street": "district"}
"""Where a case goes that could not be settled."""
STOPPED = {"time_limit": None, "due_at": None, "is_provisional": False, "remaining_minutes": None, "asked_limit": None}
"""No clock: the next dispatch starts it anew."""
NOT_TOLD = {"reminded_at": None, "overdue_at": None, "stages_late": 0, "escalated_at": None}
"""Nothing on record of a clock that is no more."""
BY_HAND = ("by_decision", "duplicate")
"""How a case may be closed that was not solved."""


def _file(case: Case, wish: Wish) -> Values:
    return {"filed_at": case.now}


def _dismiss(case: Case, wish: Wish) -> Values:
    return {"outcome": "dismissed", "closed_at": case.now}


def _give(case: Case, wish: Wish) -> Values:
    """To another holder, by hand."""
    if wish.to == case.holder:
        raise refuse("to", wish.to, "has the case already")
    return _given(case, str(wish.to)) | ({"hops": case.hops - 1} if wish.is_undo else {})


def _given(case: Case, holder: str) -> dict[str, Any]:
    lead = case.lead or case.holder or holder
    return {"holder": holder, "lead": lead, "dispatched_at": case.now, "hops": case.hops + 1, "asked_limit": None}


def _return(case: Case, wish: Wish) -> Values:
    refused = [*(case.refused_by or []), *([case.holder] if case.holder else [])]
    returned = {"returns": case.returns + 1, "refused_by": list(dict.fromkeys(refused)), "asked_limit": None}
    return {"holder": None} | returned


def _escalate(case: Case, wish: Wish) -> Values:
    if case.level not in UP:
        raise Conflict(f"case {case.id} has come to the district; it can't go further up", id=case.id, level=case.level)
    level = UP[case.level]
    up = {"level": level, "escalated_at": case.now, "returns_before": case.returns, "reminded_at": None}
    return _given(case, case.desk(level)) | up


def _reclassify(case: Case, wish: Wish) -> Values:
    """Another category, another place or both; the dispatcher decides anew, and nobody is passed over any more."""
    category = None if wish.category == case.category else wish.category
    if category is None and wish.place is None:
        raise refuse("category", wish.category, "neither another category nor another place is given")
    lon, lat = wish.place or (case.lon, case.lat)
    changed = {"category": category or case.category, "category_code": category or case.category_code}
    return {"holder": None, "refused_by": None, "lon": lon, "lat": lat} | changed | STOPPED | NOT_TOLD


def _finish(case: Case, wish: Wish) -> Values:
    return {"handler": case.holder, "holder": case.desk("street"), "asked_limit": None}


def _check(case: Case, wish: Wish) -> Values:
    if wish.verifier and wish.verifier == case.handler:
        raise refuse("verifier", wish.verifier, "did the work; somebody else has to verify it")
    return {"holder": wish.verifier or _another_desk(case)}


def _another_desk(case: Case) -> str:
    """The desk of the community, of the next above where that one did the work."""
    desks = [case.desk(level) for level in ("community", "street", "district")]
    return next((desk for desk in desks if desk != case.handler), DUTY_DESK)


def _reject(case: Case, wish: Wish) -> Values:
    return {"holder": case.handler or case.holder, "reworks": case.reworks + 1}


def _verify(case: Case, wish: Wish) -> Values:
    return {"outcome": "solved", "closed_at": case.now}


def _close(case: Case, wish: Wish) -> Values:
    outcome = wish.outcome or BY_HAND[0]
    return {"outcome": outcome, "closed_at": case.now} | STOPPED


def _reopen(case: Case, wish: Wish) -> Values:
    """The clock starts anew with the next dispatch; a double stands on its own from now on."""
    ended = {"holder": None, "handler": None, "outcome": None, "closed_at": None, "parent_id": None, "refused_by": None}
    return ended | {"reworks": case.reworks + 1} | STOPPED | NOT_TOLD


def _ask_extension(case: Case, wish: Wish) -> Values:
    return {"asked_limit": wish.limit}


def _refuse_extension(case: Case, wish: Wish) -> Values:
    if case.asked_limit is None:
        raise Conflict(f"nobody asked for more time for case {case.id}", id=case.id)
    return {"asked_limit": None}


def _ask_help(case: Case, wish: Wish) -> Values:
    if wish.to == case.holder:
        raise refuse("to", wish.to, "has the case already")
    return {}


def _link(case: Case, wish: Wish) -> Values:
    if case.id in wish.above:
        raise Conflict(f"case {wish.parent} is case {case.id} or a double of it", id=case.id, parent=wish.parent)
    return {"parent_id": wish.parent}


def _unlink(case: Case, wish: Wish) -> Values:
    if case.parent_id is None:
        raise Conflict(f"case {case.id} is no double of another", id=case.id)
    return {"parent_id": None}


EFFECTS: dict[Event, Callable[[Case, Wish], Values]] = {
    Event.FILE: _file,
    Event.DISMISS: _dismiss,
    Event.ASSIGN: _give,
    Event.RETURN: _return,
    Event.HAND_OVER: _give,
    Event.RECLASSIFY: _reclassify,
    Event.ESCALATE: _escalate,
    Event.FINISH: _finish,
    Event.CHECK: _check,
    Event.VERIFY: _verify,
    Event.REJECT: _reject,
    Event.CLOSE: _close,
    Event.REOPEN: _reopen,
    Event.ASK_EXTENSION: _ask_extension,
    Event.REFUSE_EXTENSION: _refuse_extension,
    Event.REMIND: lambda case, wish: {"reminded_at": case.now},
    Event.OVERDUE: lambda case, wish: {"overdue_at": case.now},
    Event.ASK_HELP: _ask_help,
    Event.LINK: _link,
    Event.UNLINK: _unlink,
}
"""Events that are not here change the state alone, or nothing."""
