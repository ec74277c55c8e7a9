"""Small towns with everything that files are bad at: strategies for hypothesis. EPSG:4490.

Three streets (a boundary with a hole and an island, a point, a bare code), communities and cells that share borders, and people,
places and lines on them; texts with quotes, formulas, line ends, leading zeros and more; coordinates with all their digits.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from hypothesis import assume
from hypothesis import strategies as st
from shapely.affinity import translate

STREET, BESIDE, BARE = "110199001000", "110199002000", "110199003000"
EAST, WEST = "110199001001", "110199001002"
NASTY = (
    '他说:"好"',
    "=1+1",
    "@SUM(A1)",
    "-5",
    "+86 138",
    "'=quoted",
    "''",
    "007",
    "1.0",
    "1e5",
    "第一行\n第二行",
    "a,b;c|d",
    "a\tb",
    "2024-01-01",
    "2024/01/02 10:00",
    "true",
    "null",
    "NA",
    "[1, 2]",
    '{"a": 1}',
    "_x000D_",
    "<b>&amp;</b>",
    "网格员—№①",
    "C:\\temp\\",
    "%s %(x)s {0}",
    "长" * 84,
)
EVERYDAY = st.text(st.characters(codec="gbk", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=12)
TEXTS = st.sampled_from(NASTY) | EVERYDAY
"""In every encoding, without spaces at their ends, which an import takes off."""
COUNTS = st.integers(0, 2**31 - 1)
VARIED = 8
"""Different names that a town has at least: the simplest of all towns shows nothing."""
PLACE = st.floats(0, 0.001, allow_subnormal=False)
Row = dict[str, Any]
Town = dict[str, list[Row]]


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Kind → rows as an import takes them, each with a `shape` or none."""
    at = (draw(PLACE), draw(PLACE))
    town = {
        "streets": _streets(draw, at),
        "communities": _communities(draw, at),
        "cells": _cells(draw, at),
        "facilities": _facilities(draw, at),
        "residences": [_home(draw, at, number) for number in range(3)],
        "workers": _workers(draw),
        "network": _network(draw, at),
        "incidents": [_incident(draw, at, number) for number in range(4)],
        "calendar": [
            {"day": f"2031-05-0{n}", "is_working": n == 1, "name": draw(TEXTS), "source": draw(TEXTS)} for n in (1, 2)
        ],
    }
    assume(len({row["name"] for rows in town.values() for row in rows if row.get("name")}) >= VARIED)
    return town


def box(at: tuple[float, float], west: float, south: float, east: float, north: float) -> Any:
    return translate(shapely.box(116 + west, 39.5 + south, 116 + east, 39.5 + north), *at)


def _spot(draw: st.DrawFn, at: tuple[float, float]) -> Any:
    return shapely.Point(116.001 + at[0] + draw(PLACE), 39.501 + at[1] + draw(PLACE))


def _streets(draw: st.DrawFn, at: tuple[float, float]) -> list[Row]:
    island, hole = box(at, 0.03, 0, 0.031, 0.001), box(at, 0.004, 0.004, 0.005, 0.006)
    ground = shapely.MultiPolygon([box(at, 0, 0, 0.02, 0.01) - hole, island])
    shapes = {STREET: ground, BESIDE: _spot(draw, at), BARE: None}
    return [_area(draw, code) | {"shape": shape} for code, shape in shapes.items()]


def _communities(draw: st.DrawFn, at: tuple[float, float]) -> list[Row]:
    shapes = {EAST: box(at, 0.01, 0, 0.02, 0.01), WEST: box(at, 0, 0, 0.01, 0.01), "110199001003": _spot(draw, at)}
    return [_area(draw, code) | {"shape": shape} for code, shape in shapes.items()]


def _area(draw: st.DrawFn, code: str) -> Row:
    return {
        "code": code,
        "name": draw(TEXTS),
        "name_en": draw(_maybe(TEXTS)),
        "area_class": draw(_maybe(st.sampled_from(("new", "old_city")))),
        "households": draw(_maybe(COUNTS)),
        "residents": draw(_maybe(COUNTS)),
        "source": draw(_maybe(TEXTS)),
        "备注": draw(_maybe(TEXTS)),
    }


def _cells(draw: st.DrawFn, at: tuple[float, float]) -> list[Row]:
    split = shapely.MultiPolygon([box(at, 0, 0.005, 0.004, 0.01), box(at, 0.006, 0.005, 0.01, 0.01)])
    shapes = {f"{WEST}001": box(at, 0, 0, 0.01, 0.005), f"{WEST}002": split, f"{EAST}001": box(at, 0.01, 0, 0.02, 0.01)}
    return [
        {
            "code": code,
            "name": draw(TEXTS),
            "kind": draw(st.sampled_from(("ordinary", "dedicated"))),
            "households": draw(_maybe(COUNTS)),
            "residents": draw(_maybe(COUNTS)),
            "source": draw(_maybe(TEXTS)),
            "shape": shape,
        }
        for code, shape in shapes.items()
    ]


def _facilities(draw: st.DrawFn, at: tuple[float, float]) -> list[Row]:
    return [
        {
            "code": code,
            "name": draw(TEXTS),
            "level": level,
            "floor_area_m2": draw(_maybe(st.floats(20, 20000))),
            "staff": draw(_maybe(COUNTS)),
            "address": draw(_maybe(TEXTS)),
            "serves": serves,
            "电话": draw(_maybe(TEXTS)),
            "shape": _spot(draw, at),
        }
        for code, level, serves in (
            ("0012", "station", f"{EAST}=0.3333333333333333;{WEST}=0.1"),
            ("=A1", "street_centre", EAST),
            ("3", "station", None),
        )
    ]


def _home(draw: st.DrawFn, at: tuple[float, float], number: int) -> Row:
    told = {"address": draw(_maybe(TEXTS)), "residents": draw(_maybe(COUNTS)), "source": draw(_maybe(TEXTS))}
    return {"external_id": f"00{number}", "households": draw(COUNTS), **told, "shape": _spot(draw, at)}


def _workers(draw: st.DrawFn) -> list[Row]:
    cells = {"0001": f"{WEST}001:head;{WEST}002:substitute", "W-2": f"{EAST}001:worker", "W-3": None}
    return [
        {
            "code": code,
            "name": draw(TEXTS),
            "phone": draw(_maybe(st.sampled_from(("13800138000", "010-1234", "+86 10", "007")))),
            "kind": draw(st.sampled_from(("full_time", "part_time"))),
            "community_code": EAST,
            "is_active": draw(st.booleans()),
            "cells": held,
        }
        for code, held in cells.items()
    ]


def _network(draw: st.DrawFn, at: tuple[float, float]) -> list[Row]:
    spots = [_spot(draw, at) for _ in range(3)]
    return [
        {
            "external_id": f"0{number}",
            "source_id": -(10**17) - number,
            "target_id": 10**17 - number - 1,
            "kind": draw(st.sampled_from(("residential", "footway", "motorway"))),
            "name": draw(_maybe(TEXTS)),
            "length_m": draw(
                st.floats(0, 10000, allow_subnormal=False).filter(lambda metres: metres == 0 or metres > 1e-3)
            ),
            "is_oneway": draw(st.booleans()),
            "shape": shapely.LineString(
                [start, translate(start, 0.001, 0.002), translate(start, draw(PLACE) + 0.003, 0)]
            ),
        }
        for number, start in enumerate(spots)
    ]


def _incident(draw: st.DrawFn, at: tuple[float, float], number: int) -> Row:
    return {
        "external_id": f"0{number}",
        "category": draw(st.sampled_from(("井盖缺损", "C0102", "Street lamp out", "噪声=扰民", "UFO"))),
        "parent_category": draw(_maybe(st.just("外星"))),
        "description": draw(_maybe(TEXTS)),
        "channel": draw(st.sampled_from(("hotline", "grid_worker", "system"))),
        "reported_at": f"2025-0{number + 1}-03T10:20:30+08:00",
        "closed_at": draw(_maybe(st.just("2025-12-01T00:00:00Z"))),
        "网格": draw(_maybe(TEXTS)),
        "shape": _spot(draw, at),
    }


def write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """As CSV with WKT of the test's own; what would be read without an apostrophe has one more."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = [name for name in rows[0] if name != "shape"]
        writer.writerow([*names, "wkt"])
        for row in rows:
            shape = row.get("shape")
            wkt = shapely.to_wkt(shape, rounding_precision=20) if shape is not None else None
            writer.writerow([*(_escaped(row[name]) for name in names), wkt])
    return path


def _escaped(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith("'") else value
