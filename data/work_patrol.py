"""A grid worker's round: on and off duty, the track, streets walked, places to visit. EPSG:4490; lengths in metres.

What a phone sends is matched to streets and made coarse here; no position that it sent is stored. Each change takes an
idempotency key and is done once, however often it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from data.days import today
from data.dialogues import Dialogue, Row, ask
from data.moves import keys
from data.parameters import numbers, typed
from data.settings import settings
from data.work_ground import Ground, Streets, degrees, metric, read_ground, read_streets, worker_id
from geo import datum, patrol
from geo.callers import Caller
from geo.cases import refuse
from geo.errors import Conflict, NotFound
from geo.patrol import Fixes, Flags, PatrolNumbers

AHEAD = timedelta(minutes=5)
"""What the clock of a phone may be ahead."""
LIMITS = ("check_in_m", "position_accuracy_m", "duty_hours_max")


@dataclass(frozen=True)
class Fix:
    """Where a phone was, in EPSG:4490, how exact that is, and when."""

    lon: float
    lat: float
    accuracy_m: float
    at: datetime


def read(caller: Caller) -> Dialogue[Row]:
    """`duty`, `walked` and `places` of the caller, with the `limits` by which a phone judges beforehand; see docs/api.md."""
    rule = yield from _rule()
    ground = yield from read_ground(caller)
    streets = yield from read_streets(ground)
    running = yield from duty(caller)
    places = yield ask("work_places", cells=ground.codes, id=None)
    shown = sorted(map(_place, places), key=lambda place: (-place["days_over"], place["name"]))
    walked = yield from _walked(caller, streets, rule)
    limits = {name: getattr(rule, name) for name in LIMITS}
    return {"duty": running, "walked": walked, "places": shown, "limits": limits}


def duty(caller: Caller) -> Dialogue[Row | None]:
    """The duty that the caller is on: `id`, `began_at`."""
    rule = yield from _rule()
    rows = yield ask("work_duty", worker_id=worker_id(caller), hours_max=rule.duty_hours_max)
    return rows[0] if rows else None


def set_duty(caller: Caller, *, is_on: bool, at: datetime, key: str | None) -> Dialogue[bool]:
    """Begin or end the caller's duty; who is on, or off, already stays so. Whether the key had done it before.

    Raises: BadInput for a moment that lies ahead or too far back; KeyReused.
    """
    rule = yield from _rule()
    if (yield from keys.claim(key, caller, "duty", is_on, at)):
        return True
    _check_moment(at, rule)
    told = {"worker_id": worker_id(caller), "at": at, "hours_max": rule.duty_hours_max}
    yield ask("work_duty_end", **told, is_lapsed=is_on)
    if is_on:
        yield ask("work_duty_begin", worker_id=worker_id(caller), at=at)
    return False


def track(caller: Caller, fixes: Sequence[Fix], key: str | None) -> Dialogue[Row]:
    """Take in where the caller went while on duty: `taken`, `off_duty` and `vague` count the fixes, `edges` are the streets walked.

    Fixes off duty, or too uncertain, are dropped. Raises: Conflict when none was made on duty; KeyReused.
    """
    rule = yield from _rule()
    told = sorted(fixes, key=lambda fix: fix.at)
    asked = [(fix.lon, fix.lat, fix.accuracy_m, fix.at) for fix in fixes]
    if (yield from keys.claim(key, caller, "track", asked)):
        return _taken(is_replayed=True)
    duties = yield ask(
        "work_duties",
        worker_id=worker_id(caller),
        first=told[0].at,
        last=told[-1].at,
        hours_max=rule.duty_hours_max,
    )
    on_duty = [(row["id"], fix) for fix in told for row in duties if row["began_at"] <= fix.at <= row["ended_at"]]
    if not on_duty:
        raise Conflict("nobody is followed who is not on duty", off_duty=len(fixes))
    exact = [(id_, fix) for id_, fix in on_duty if fix.accuracy_m <= rule.position_accuracy_m]
    edges = (yield from _take(caller, exact, rule)) if exact else []
    return _taken(taken=len(exact), off_duty=len(told) - len(on_duty), vague=len(on_duty) - len(exact), edges=edges)


def check_in(place_id: int, fix: Fix, caller: Caller, key: str | None) -> Dialogue[tuple[Row, bool]]:
    """Note that the caller is at a place; the place as it is then, and whether the key had done it before.

    Raises: NotFound for a place of other cells; Conflict when he is too far away, or does not know where he is; KeyReused.
    """
    rule = yield from _rule()
    ground = yield from read_ground(caller)
    place = yield from _one_place(ground, place_id)
    if (yield from keys.claim(key, caller, "check_in", place_id, fix.lon, fix.lat, fix.at)):
        return _place(place), True
    _check_moment(fix.at, rule)
    ends = metric(np.array([fix.lon, place["lon"]]), np.array([fix.lat, place["lat"]]))
    distance_m = float(np.hypot(*(ends[1] - ends[0])))
    patrol.check_distance(distance_m, fix.accuracy_m, rule)
    yield ask("work_check_in", place_id=place_id, worker_id=worker_id(caller), at=fix.at, distance_m=round(distance_m))
    return _place((yield from _one_place(ground, place_id))), False


def _rule() -> Dialogue[PatrolNumbers]:
    names = [field.name for field in fields(PatrolNumbers)]
    return typed(PatrolNumbers, (yield from numbers(*names)))


def _check_moment(at: datetime, rule: PatrolNumbers) -> None:
    now = datetime.now(UTC)
    if at > now + AHEAD:
        raise refuse("at", at.isoformat(), "lies ahead: the clock of the phone is wrong")
    if at < now - timedelta(hours=rule.late_report_hours):
        raise refuse("at", at.isoformat(), f"is more than {rule.late_report_hours:.0f} hours ago")


def _take(caller: Caller, exact: list[tuple[int, Fix]], rule: PatrolNumbers) -> Dialogue[list[int]]:
    """Keep the squares of each duty, and the streets of each day; the streets that were walked."""
    for id_ in sorted({id_ for id_, _ in exact}):
        yield _squares(id_, [fix for other, fix in exact if other == id_], rule)
    streets = yield from read_streets((yield from read_ground(caller)))
    if streets is None:
        return []
    found: set[int] = set()
    for day in sorted({_day(fix.at) for _, fix in exact}):
        made = _fixes([fix for _, fix in exact if _day(fix.at) == day])
        edges = [int(edge) for edge in patrol.walked(streets.network, made, rule)]
        yield ask("work_walked_store", worker_id=worker_id(caller), day=day, edges=edges)
        found.update(edges)
    return sorted(found)


def _squares(duty_id: int, fixes: list[Fix], rule: PatrolNumbers) -> Any:
    thinned = patrol.thin(_fixes(fixes), grid_m=rule.track_grid_m, minutes=rule.track_minutes)
    lon, lat = degrees(thinned.xy)
    moments = [datetime.fromtimestamp(at_s, UTC) for at_s in thinned.at_s]
    told = {"moments": moments, "lons": lon.tolist(), "lats": lat.tolist()}
    return ask("work_track_store", duties=[duty_id] * len(thinned), **told)


def _fixes(fixes: Sequence[Fix]) -> Fixes:
    xy = metric(np.array([fix.lon for fix in fixes]), np.array([fix.lat for fix in fixes]))
    return Fixes(xy, np.array([fix.at.timestamp() for fix in fixes]))


def _walked(caller: Caller, streets: Streets | None, rule: PatrolNumbers) -> Dialogue[Row]:
    """Shares of the streets' length, null where there is no street; the streets by number."""
    if streets is None:
        return {"today": None, "week": None, "streets_m": 0, "edges_today": [], "edges_week": [], "edges_open": []}
    rows = yield ask("work_walked", worker_id=worker_id(caller), since=patrol.week_of(today()))
    is_of = streets.is_of_cells(rule.cell_street_m)
    ids, length_m = streets.network.edge_ids[is_of], streets.network.length_m[is_of]
    is_today = np.isin(ids, [row["edge_id"] for row in rows if row["day"] == today()])
    is_week = np.isin(ids, [row["edge_id"] for row in rows])
    return {
        "today": patrol.share(length_m, is_today),
        "week": patrol.share(length_m, is_week),
        "streets_m": round(float(length_m.sum())),
        "edges_today": _numbers(ids, is_today),
        "edges_week": _numbers(ids, is_week),
        "edges_open": _numbers(ids, ~is_week),
    }


def _numbers(ids: patrol.Ints, which: Flags) -> list[int]:
    return [int(number) for number in ids[which]]


def _one_place(ground: Ground, place_id: int) -> Dialogue[Row]:
    rows = yield ask("work_places", cells=ground.codes, id=place_id)
    if not rows:
        raise NotFound(f"no place {place_id} in the cells of the caller", id=place_id)
    return rows[0]


def _place(row: Row) -> Row:
    """A place with `gcj02`, `due_on` and `days_over`: above zero when it is late."""
    last = _day(row["last_at"]) if row["last_at"] else None
    due = patrol.due_on(last, row["listed_on"], row["every_days"])
    shown = {name: row[name] for name in ("id", "cell_code", "kind", "name", "every_days", "last_at", "lon", "lat")}
    x, y = datum.convert(row["lon"], row["lat"], source="cgcs2000", target="gcj02")
    return shown | {
        "gcj02": [round(float(x), 6), round(float(y), 6)],
        "due_on": due,
        "days_over": (today() - due).days,
    }


def _day(at: datetime) -> date:
    """In the city."""
    return at.astimezone(ZoneInfo(settings().timezone)).date()


def _taken(
    *, taken: int = 0, off_duty: int = 0, vague: int = 0, edges: Sequence[int] = (), is_replayed: bool = False
) -> Row:
    counts = {"taken": taken, "off_duty": off_duty, "vague": vague}
    return counts | {"edges": list(edges), "is_replayed": is_replayed}
