"""A street calls departments to the spot (街道吹哨), and they report in (部门报到). Points in EPSG:4490, distances in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import sealing
from data.dialogues import Dialogue, Row, ask
from data.moves import move, store
from data.moves.preconditions import known_actors
from data.parameters import numbers
from data.scope import beyond
from data.settings import settings
from geo.callers import Caller
from geo.cases import Wish, refuse
from geo.errors import Conflict, NotFound
from geo.lifecycle import Event, Role
from geo.persons import Kind

CALL = ("agency", "name", "due_at", "reported_in_at", "means", "distance_m", "signature", "missed_at")
"""Columns of whistle_calls.sql that are of one department."""


@dataclass(frozen=True, kw_only=True)
class Summons:
    """Who is to come, when, where to and what for. `point`: where to, if not to where the case is."""

    agencies: Sequence[str]
    meet_at: datetime
    place: str = ""
    request: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A department has come: where it stands, or who signed for it; a desk names the department."""

    agency: str | None = None
    point: tuple[float, float] | None = None
    signature: str | None = None


def call(case_id: int, summons: Summons, caller: Caller) -> Dialogue[dict[str, Any]]:
    """Call departments; returns the whistle with its `calls`. Raises: what a move raises; BadInput for what can't be."""
    case = yield from store.read(case_id, caller)
    if summons.meet_at <= case.now:
        raise refuse("meet_at", summons.meet_at.isoformat(), "lies in the past")
    known = yield from known_actors(summons.agencies)
    if strange := [agency for agency in summons.agencies if agency not in known]:
        raise refuse("agencies", strange[0], "no agency that is there today")
    limits = yield from numbers("report_in_minutes")
    stored = yield ask("store_whistle", **_stored(case_id, summons, caller), minutes=limits["report_in_minutes"])
    told = {"whistle": stored[0]["id"], "agencies": list(summons.agencies), "meet_at": summons.meet_at}
    yield from move(case_id, Wish(event=Event.WHISTLE, reason=summons.request or None, detail=told), caller)
    return (yield from get(stored[0]["id"]))


def _stored(case_id: int, summons: Summons, caller: Caller) -> dict[str, Any]:
    x, y = summons.point or (None, None)
    ids = [_agency_id(agency) for agency in summons.agencies]
    told = {"meet_at": summons.meet_at, "place": summons.place, "request": summons.request}
    return {"id": case_id, "called_by": caller.actor, "x": x, "y": y, "agencies": ids} | told


def report_in(whistle_id: int, arrival: Arrival, caller: Caller) -> Dialogue[dict[str, Any]]:
    """Note that a department has come; returns the whistle with its `calls`.

    Raises: NotFound; Conflict for one that was not called or has reported in; BadInput for one too far away; what a move raises.
    """
    agency = _who_came(arrival, caller)
    found = yield from _awaited(whistle_id, agency, arrival)
    limits = yield from numbers("report_in_distance_m")
    distance_m, most_m = found["distance_m"], limits["report_in_distance_m"]
    if distance_m is not None and distance_m > most_m:
        raise refuse("at_lon", arrival.point, f"{distance_m:.0f} m from the meeting place; at most {most_m:.0f} m")
    means = "position" if arrival.point else "signature"
    told = {"whistle": whistle_id, "agency": agency, "means": means, "distance_m": distance_m}
    yield from move(found["case_id"], Wish(event=Event.REPORT_IN, point=arrival.point, detail=told), caller)
    given = {"means": means, "distance_m": distance_m} | sealing.seal(Kind.NAME, arrival.signature).columns("signature")
    if not (yield ask("report_in", id=whistle_id, agency_id=_agency_id(agency), **given)):
        raise Conflict(f"{agency} has reported in already", agency=agency)
    return (yield from get(whistle_id))


def get(whistle_id: int) -> Dialogue[dict[str, Any]]:
    """A whistle with its `calls`."""
    rows = yield ask("whistle_calls", id=whistle_id)
    whole = {name: value for name, value in rows[0].items() if name not in CALL}
    return whole | {"calls": [{name: row[name] for name in CALL} for row in rows]}


def _who_came(arrival: Arrival, caller: Caller) -> str:
    if caller.role == Role.AGENCY:
        if arrival.agency not in (None, caller.actor):
            raise refuse("agency", arrival.agency, "an agency reports in for itself")
        return caller.actor
    if arrival.agency is None or arrival.signature is None:
        raise refuse("agency", arrival.agency, "who keeps the list names the agency and who signed for it")
    return arrival.agency


def _awaited(whistle_id: int, agency: str, arrival: Arrival) -> Dialogue[Row]:
    x, y = arrival.point or (None, None)
    asked = {"agency_id": _agency_id(agency), "x": x, "y": y, "metric_srid": settings().metric_srid}
    found = yield from beyond(_one("whistle", id=whistle_id, **asked))
    if not found:
        raise NotFound(f"no whistle {whistle_id}", id=whistle_id)
    if not found[0]["is_called"]:
        raise Conflict(f"{agency} was not called", agency=agency)
    if found[0]["reported_in_at"]:
        raise Conflict(f"{agency} has reported in already", agency=agency)
    return found[0]


def _one(name: str, **parameters: Any) -> Dialogue[list[Row]]:
    return (yield ask(name, **parameters))


def _agency_id(actor: str) -> int:
    return int(actor.removeprefix("agency:"))
