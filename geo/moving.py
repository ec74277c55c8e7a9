"""What a move does to a case: whether it may be done, and the case as it will be. Nothing is stored here.

Minutes are wall-clock minutes; positions are longitude and latitude in EPSG:4490.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from geo.calendars import Calendar
from geo.callers import Caller
from geo.cases import Case, Change, Wish
from geo.effects import EFFECTS
from geo.errors import BadInput, Forbidden, IllegalMove
from geo.lifecycle import HELD, MOVES, Event, Role, is_legal, legal, needs
from geo.pausing import CLOCK_EFFECTS

MINUTE = timedelta(minutes=1)
ANSWERS = ("is_answered", "is_solved", "satisfaction")
"""What the event of a rating tells of it, so that scores need nothing but events."""
CHANGES = ("outcome", "level", "due_at", "time_limit")
"""What an event tells as it was and as it is, where it differs."""
GIVEN: dict[Event, tuple[str, ...]] = {
    Event.ASK_EXTENSION: ("limit",),
    Event.EXTEND: ("limit",),
    Event.ASK_HELP: ("to",),
    Event.CLOSE: ("parent",),
    Event.LINK: ("parent",),
    Event.RATE: ("rating",),
}
"""What of a wish an event tells, besides photos."""


def plan(case: Case, wish: Wish, caller: Caller, calendar: Calendar | None = None) -> Change:
    """Work out a move. Moves in `geo.pausing.CLOCK_EFFECTS` need the `calendar`.

    Raises: Forbidden for a case on other ground; IllegalMove with the legal ones; BadInput for what is missing or makes no
    sense; Conflict when there is nothing that the move could change.
    """
    permit(case, wish.event, caller)
    require(wish, caller)
    values = _values(case, wish, calendar)
    after = replace(case, state=MOVES[case.state, wish.event].to, seq=case.seq + 1, **values)
    if after.lead is None:
        after = replace(after, lead=case.holder)
    is_moved = (after.holder, after.state) != (case.holder, case.state)
    is_ended = is_moved and case.state in HELD
    return Change(
        before=case,
        after=replace(after, held_since=_held_since(case, after)) if is_moved else after,
        event=wish.event,
        actor=caller.actor,
        held_by=case.holder if is_ended else None,
        held_minutes=(case.now - _had_since(case)) / MINUTE if is_ended else None,
        reason=wish.reason,
        point=wish.point,
        detail=_detail(case, after, wish),
    )


def _values(case: Case, wish: Wish, calendar: Calendar | None) -> Mapping[str, Any]:
    if wish.event in CLOCK_EFFECTS:
        assert calendar is not None, f"{wish.event} is counted by a calendar"
        return CLOCK_EFFECTS[wish.event](case, wish, calendar)
    return EFFECTS[wish.event](case, wish) if wish.event in EFFECTS else {}


def permit(case: Case, event: Event, caller: Caller) -> None:
    """Whether the caller may do this to this case now; anybody may follow any case. Raises: Forbidden, IllegalMove."""
    if event != Event.FOLLOW:
        require_known(case, caller)
    if not is_legal(case.state, event, caller.role, **standing(case, caller)):
        raise illegal(case, event, caller)


def require_known(case: Case, caller: Caller) -> None:
    """Raises: Forbidden when the case is no business of the caller's."""
    if not is_known_to(case, caller):
        raise no_business(case.id, caller)


def no_business(case_id: int, caller: Caller) -> Forbidden:
    """The error about a case that is not the caller's."""
    return Forbidden(f"case {case_id} does not lie on the ground of {caller.actor}", id=case_id, actor=caller.actor)


def is_known_to(case: Case, caller: Caller) -> bool:
    """Whether it lies on the caller's ground, he reported it, or has or had it in hand."""
    is_in_hand = caller.actor in (case.holder, case.lead, case.handler)
    is_involved = is_in_hand or case.is_helper or case.is_called or case.is_reporter
    return caller.role == Role.SYSTEM or is_involved or caller.covers(case.community_code)


def standing(case: Case, caller: Caller) -> dict[str, bool]:
    """What the caller is to the case, as `geo.lifecycle.is_legal` asks for it."""
    return {
        "is_holder": caller.actor == case.holder,
        "is_handler": caller.actor == case.handler,
        "is_helper": case.is_helper,
        "is_called": case.is_called,
    }


def illegal(case: Case, event: Event, caller: Caller, message: str = "") -> IllegalMove:
    """The error that names what the caller may do instead."""
    possible = [str(move) for move in legal(case.state, caller.role, **standing(case, caller))]
    told = {"id": case.id, "state": str(case.state), "seq": case.seq, "event": str(event), "legal": possible}
    return IllegalMove(message or f"{caller.actor} can't {event} a case that is {case.state}", **told)


def require(wish: Wish, caller: Caller) -> None:
    """Raises: BadInput naming what the move has to be told."""
    given = {**vars(wish), "at_lon": wish.point, "at_lat": wish.point}
    missing = [name for name in needs(wish.event, caller.role) if not given[name]]
    if missing:
        fields = [{"field": name, "message": f"{wish.event} needs it"} for name in missing]
        raise BadInput(f"{wish.event} needs {', '.join(missing)}", fields=fields)


def _held_since(case: Case, after: Case) -> datetime | None:
    return case.now if after.holder else None


def _had_since(case: Case) -> datetime:
    return case.held_since or case.dispatched_at or case.filed_at


def _detail(case: Case, after: Case, wish: Wish) -> dict[str, Any]:
    given = {name: getattr(wish, name) for name in ("photos", *GIVEN.get(wish.event, ()))}
    changed = {name: (getattr(case, name), getattr(after, name)) for name in CHANGES}
    if wish.event == Event.RECLASSIFY:
        changed |= {
            "category": (case.category, after.category),
            "place": ((case.lon, case.lat), (after.lon, after.lat)),
        }
    told = {name: {"from": was, "to": now} for name, (was, now) in changed.items() if was != now}
    said = {name: getattr(wish.rating, name) for name in ANSWERS} if wish.rating else {}
    return {name: value for name, value in given.items() if value} | told | said | dict(wish.detail)
