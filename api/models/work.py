"""What a grid worker's phone keeps. EPSG:4490, 6 decimals; lengths are metres."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models.base import Named, Shape, example
from api.models.geojson import AREA_EXAMPLE, POINT_EXAMPLE, Geometry, Point, Position
from api.models.ground import LANDMARK_FEATURE, LandmarkFeature
from api.models.incidents import PLACES

Role = Literal["head", "worker", "substitute"]


class NamedCandidate(Shape):
    """Another cell within the tolerance."""

    code: str
    name: str
    distance_m: float


class LocatedPoint(Shape):
    """Where a report from a point would lie."""

    model_config = example(
        located="inside",
        **PLACES,
        candidates=[{"code": "110199001001004", "name": "柳荫社区第四网格", "distance_m": 12.4}],
    )

    located: Literal["inside", "border", "gap", "none"]
    street: Named | None
    community: Named | None
    cell: Named | None
    candidates: list[NamedCandidate]


class BundleOwner(Shape):
    id: int
    actor: str
    code: str
    name: Annotated[str, Field(description="Masked")]
    community: Named


class WorkCellProperties(Shape):
    code: str
    name: str
    role: Annotated[Role | None, Field(description="The worker's in this cell; null: a neighbour")]


class WorkCell(Shape):
    type: Literal["Feature"]
    id: str
    geometry: Geometry
    properties: WorkCellProperties


Edge = tuple[int, int, int, float, str, str | None, list[Position]]
"""Id, places of its ends among the nodes, length in metres, kind, name, and the points between the ends."""


class Streets(Shape):
    """Streets that people walk on."""

    nodes: list[Position]
    edges: list[Edge]


class WorkStationProperties(Shape):
    code: str
    name: str
    level: Literal["district_centre", "street_centre", "station"]
    address: str | None


class WorkStation(Shape):
    type: Literal["Feature"]
    id: str
    geometry: Point
    properties: WorkStationProperties


class Colleague(Shape):
    """Another worker of the community, name masked."""

    actor: str
    code: str
    name: str
    role: Role | None


class Desk(Shape):
    actor: str
    name: str | None


class ReadyReason(Shape):
    """A reason that is offered, in both languages."""

    code: str
    name: str
    name_en: str


BUNDLE = {
    "worker": {
        "id": 12,
        "actor": "worker:12",
        "code": "W0012",
        "name": "张*",
        "community": {"code": "110199001001", "name": "柳荫社区"},
    },
    "desk": {"actor": "desk:110199001001", "name": "柳荫社区"},
    "cells": [
        {
            "type": "Feature",
            "id": "110199001001003",
            "geometry": AREA_EXAMPLE,
            "properties": {"code": "110199001001003", "name": "柳荫社区第三网格", "role": "head"},
        }
    ],
    "neighbours": [],
    "streets": {
        "nodes": [[116.366251, 39.911803], [116.367301, 39.911803]],
        "edges": [[7, 0, 1, 89.8, "residential", "柳荫胡同", []]],
    },
    "stations": [
        {
            "type": "Feature",
            "id": "S001",
            "geometry": POINT_EXAMPLE,
            "properties": {"code": "S001", "name": "柳荫社区服务站", "level": "station", "address": None},
        }
    ],
    "landmarks": [LANDMARK_FEATURE],
    "colleagues": [{"actor": "worker:13", "code": "W0013", "name": "李*", "role": "worker"}],
    "usual": ["E0101"],
    "reasons": {"return": [{"code": "other_ground", "name": "不在我的网格内", "name_en": "It lies outside my cell"}]},
    "parameters": {"border_tolerance_m": 30.0, "walk_m_per_min": 80.0, "due_soon_share": 0.25, "detour_m": 80.0},
    "left_out": [],
}


class Bundle(Shape):
    """What the phone keeps for the way without signal."""

    model_config = example(**BUNDLE)

    worker: BundleOwner
    desk: Desk
    cells: list[WorkCell]
    neighbours: list[WorkCell]
    streets: Streets
    stations: list[WorkStation]
    landmarks: list[LandmarkFeature]
    colleagues: list[Colleague]
    usual: Annotated[list[str], Field(description="Categories reported most in these cells lately")]
    reasons: Annotated[
        dict[str, list[ReadyReason]], Field(description="Offered for a return, a call for help, or an unmasking")
    ]
    parameters: dict[str, float]
    left_out: list[Literal["landmarks", "outer_streets", "streets"]]
