"""What a grid worker's phone keeps for the way without signal, in one bundle: EPSG:4490, 6 decimals; lengths in metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from data.days import today
from data.dialogues import Dialogue, Row, ask
from data.geojson import feature
from data.parameters import numbers
from data.settings import settings
from geo.callers import Caller
from geo.errors import NotFound

KB = 1000
PARAMETERS = {
    "border_tolerance_m": "border_tolerance_m",
    "walk_m_per_min": "walk_speed_m_per_min",
    "due_soon_share": "due_soon_share",
    "detour_m": "work_detour_m",
}
"""What the phone reckons with, by its name there; the parameter."""
LIMITS = ("work_bundle_kb", "work_margin_m", "work_usual_days", "work_usual")
LANDMARKS, OUTER_STREETS, STREETS = "landmarks", "outer_streets", "streets"
REASONS_FOR = {"return": "return", "ask_help": "help", "unmask": "unmask"}
"""What a list of reasons is called on the phone, by its move."""
Bundle = dict[str, Any]


def bundle(caller: Caller) -> Dialogue[bytes]:
    """The bundle of a worker as JSON, within `work_bundle_kb`: what had to go is named in `left_out`. Raises: NotFound."""
    known = yield from numbers(*PARAMETERS.values(), *LIMITS)
    me = yield from _me(int(caller.actor.partition(":")[2]))
    cells = yield from _cells(me["id"], caller, known["border_tolerance_m"])
    around, own = [row["id"] for row in cells], [row["id"] for row in cells if row["role"]]
    place = {"around": around, "margin_m": known["work_margin_m"]}
    streets = yield ask("work_streets", own=own, **place)
    told = _worker(me) | _ground(cells)
    told |= {
        "stations": (yield from _stations(me["community"], place)),
        "landmarks": (yield from _landmarks(place)),
        "colleagues": (yield from _colleagues(me)),
        "usual": (yield from _usual(around, known)),
        "reasons": (yield from _reasons()),
        "parameters": {name: known[parameter] for name, parameter in PARAMETERS.items()},
    }
    return _within(told, streets, limit=int(known["work_bundle_kb"] * KB))


def network(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """`nodes`, points, and `edges`: id, place of both ends in `nodes`, `length_m`, kind, name, and the points between."""
    nodes: dict[int, int] = {}
    points: list[Any] = []
    edges: list[Any] = []
    for row in rows:
        line = orjson.loads(row["line"])["coordinates"]
        for end, point in ((row["source_id"], line[0]), (row["target_id"], line[-1])):
            if end not in nodes:
                nodes[end] = len(points)
                points.append(point)
        ends = [nodes[row["source_id"]], nodes[row["target_id"]]]
        edges.append([row["id"], *ends, row["length_m"], row["kind"], row["name"], line[1:-1]])
    return {"nodes": points, "edges": edges}


def _me(worker_id: int) -> Dialogue[Row]:
    rows = yield ask("work_me", worker_id=worker_id)
    if not rows:
        raise NotFound(f"no worker {worker_id}", id=worker_id)
    return rows[0]


def _worker(me: Row) -> Bundle:
    community = {"code": me["community"], "name": me["community_name"]}
    return {
        "worker": {name: me[name] for name in ("id", "actor", "code", "name")} | {"community": community},
        "desk": {"actor": f"desk:{me['community']}", "name": me["community_name"]},
    }


def _cells(worker_id: int, caller: Caller, tolerance_m: float) -> Dialogue[list[Row]]:
    given = {"worker_id": worker_id, "cells": list(caller.cells), "today": today(), "tolerance_m": tolerance_m}
    return (yield ask("work_cells", metric_srid=settings().metric_srid, **given))


def _ground(cells: Sequence[Row]) -> Bundle:
    shown = [
        feature(row["code"], row["geometry"], **{name: row[name] for name in ("code", "name", "role")}) for row in cells
    ]
    return {
        "cells": [one for one in shown if one["properties"]["role"]],
        "neighbours": [one for one in shown if not one["properties"]["role"]],
    }


def _stations(community: str, place: Mapping[str, Any]) -> Dialogue[list[Bundle]]:
    rows = yield ask("work_stations", community=community, today=today(), **place)
    named = ("code", "name", "level", "address")
    return [feature(row["code"], row["geometry"], **{name: row[name] for name in named}) for row in rows]


def _landmarks(place: Mapping[str, Any]) -> Dialogue[list[Bundle]]:
    rows = yield ask("work_landmarks", **place)
    return [feature(row["id"], row["geometry"], kind=row["kind"], name=row["name"]) for row in rows]


def _colleagues(me: Row) -> Dialogue[list[Row]]:
    rows = yield ask("work_people", community=me["community"])
    others = [row for row in rows if row["id"] != me["id"]]
    return [{name: row[name] for name in ("actor", "code", "name", "role")} for row in others]


def _usual(around: list[int], known: Mapping[str, float]) -> Dialogue[list[str]]:
    given = {"days": int(known["work_usual_days"]), "most": int(known["work_usual"])}
    return [row["code"] for row in (yield ask("work_usual", around=around, **given))]


def _reasons() -> Dialogue[dict[str, list[Row]]]:
    """By what they are for."""
    found: dict[str, list[Row]] = {}
    for row in (yield ask("ready_reasons", today=today())):
        found.setdefault(REASONS_FOR[row["move"]], []).append({name: row[name] for name in ("code", "name", "name_en")})
    return found


def _within(told: Bundle, streets: Sequence[Row], *, limit: int) -> bytes:
    """The bundle with as much as goes into `limit` bytes: first landmarks go, then streets outside his cells, then all streets."""
    inner = [row for row in streets if not row["is_outer"]]
    body, left_out = b"", []
    for gone in (None, LANDMARKS, OUTER_STREETS, STREETS):
        left_out += [gone] if gone else []
        shown = {None: streets, LANDMARKS: streets, OUTER_STREETS: inner, STREETS: []}[gone]
        landmarks = [] if left_out else told["landmarks"]
        body = orjson.dumps(told | {"streets": network(shown), "landmarks": landmarks, "left_out": left_out})
        if len(body) <= limit:
            break
    return body
