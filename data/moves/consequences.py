"""What follows from a move besides the case and its event, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from data.dialogues import Dialogue, ask
from data.scope import beyond
from data.settings import settings
from geo.callers import Caller
from geo.cases import Case, Change, Wish
from geo.lifecycle import Event, Role

Move = Callable[[int, Wish, Caller], Dialogue[Case]]


def follow(change: Change, wish: Wish, caller: Caller, move: Move) -> Dialogue[None]:
    """`move` is by which other cases are moved."""
    if change.event in (Event.VERIFY, Event.CLOSE):
        yield from beyond(_close_children(change, caller, move))
    if change.event == Event.RECLASSIFY and wish.place:
        lon, lat = wish.place
        yield ask("move_incident", id=change.after.id, lon=lon, lat=lat, metric_srid=settings().metric_srid)
    if change.event == Event.ASK_HELP:
        yield ask("ask_help", id=change.after.id, helper=wish.to, asked_by=caller.actor, request=wish.reason or "")
    if change.event == Event.RATE and wish.rating:
        yield ask("store_rating", id=change.after.id, rated_by=caller.actor, **vars(wish.rating))
    if change.event == Event.HELP:
        yield ask("give_help", id=change.after.id, helper=caller.actor, report=wish.reason)


def _close_children(change: Change, caller: Caller, move: Move) -> Dialogue[None]:
    """Doubles close with the case that they are doubles of, each by an event of its own that names it.

    Whoever closes a case closes its doubles too, whatever he might do to them otherwise.
    """
    by_rule = replace(caller, role=Role.SYSTEM)
    children = yield ask("open_children", id=change.after.id)
    for child in children:
        reason = f"with case {change.after.id}"
        closing = Wish(event=Event.CLOSE, outcome="with_parent", parent=change.after.id, reason=reason)
        yield from move(child["id"], closing, by_rule)
