"""Areas, cells, facilities, service areas and landmarks as GeoJSON. Floor areas and areas are m²."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from api.models.base import Named, Shape, example
from api.models.geojson import AREA_EXAMPLE, POINT_EXAMPLE, Geometry, MultiPolygon, Next, Point

Level = Literal["city", "district", "street", "community"]
AreaClass = Literal["new", "old_city"]
FacilityLevel = Literal["district_centre", "street_centre", "station"]
Outcome = Literal["meets", "short", "unknown"]
Method = Literal["network", "radius"]


class Check(Shape):
    """What the latest check of a standard found in a community."""

    standard: str
    outcome: Outcome
    required_m2: float | None
    actual_m2: float | None
    missing_m2: float | None


class Coverage(Shape):
    """How much of a community lies within walking time of a station, along the streets."""

    households: int
    households_covered: int
    area_m2: float
    area_covered_m2: float


AREA = {
    "code": "110199001001",
    "name": "柳荫社区",
    "name_en": "Liuyin",
    "level": "community",
    "parent_code": "110199001000",
    "area_class": "old_city",
    "households": 1690,
    "residents": 4310,
    "is_derived": True,
    "source": "demo",
    "valid_from": "2026-01-01",
    "valid_to": None,
    "check": {
        "standard": "by-area-class",
        "outcome": "short",
        "required_m2": 230.0,
        "actual_m2": 180.0,
        "missing_m2": 50.0,
    },
    "coverage": {"households": 1690, "households_covered": 1612, "area_m2": 231000.0, "area_covered_m2": 224000.0},
}


class AreaProperties(Shape):
    model_config = example(**AREA)

    code: str
    name: str
    name_en: str | None
    level: Level
    parent_code: str | None
    area_class: AreaClass | None
    households: int | None
    residents: int | None
    is_derived: bool
    source: str | None
    valid_from: date
    valid_to: date | None
    check: Check | None
    coverage: Coverage | None


AREA_FEATURE = {"type": "Feature", "id": AREA["code"], "geometry": AREA_EXAMPLE, "properties": AREA}


class AreaFeature(Shape):
    model_config = example(**AREA_FEATURE)

    type: Literal["Feature"]
    id: str
    geometry: MultiPolygon | None
    properties: AreaProperties


class AreaCollection(Shape):
    model_config = example(type="FeatureCollection", features=[AREA_FEATURE], next=None)

    type: Literal["FeatureCollection"]
    features: list[AreaFeature]
    next: Next


class CellWorker(Shape):
    """A worker's name is masked."""

    model_config = example(name="张*", role="head")

    name: str
    role: Literal["head", "worker", "substitute"]


CELL = {
    "code": "110199001001003",
    "name": "柳荫社区第三网格",
    "kind": "ordinary",
    "community_code": "110199001001",
    "households": 402,
    "residents": 1010,
    "valid_from": "2026-01-01",
    "valid_to": None,
    "workers": [{"name": "张*", "role": "head"}],
    "open_cases": 2,
}


class CellProperties(Shape):
    model_config = example(**CELL)

    code: str
    name: str
    kind: Literal["ordinary", "dedicated"]
    community_code: str
    households: int | None
    residents: int | None
    valid_from: date
    valid_to: date | None
    workers: list[CellWorker]
    open_cases: int


CELL_FEATURE = {"type": "Feature", "id": CELL["code"], "geometry": AREA_EXAMPLE, "properties": CELL}


class CellFeature(Shape):
    model_config = example(**CELL_FEATURE)

    type: Literal["Feature"]
    id: str
    geometry: MultiPolygon
    properties: CellProperties


class CellCollection(Shape):
    model_config = example(type="FeatureCollection", features=[CELL_FEATURE], next=None)

    type: Literal["FeatureCollection"]
    features: list[CellFeature]
    next: Next


FACILITY = {
    "code": "S001",
    "name": "柳荫社区服务站",
    "level": "station",
    "floor_area_m2": 360.0,
    "staff": 8,
    "address": "柳荫胡同5号",
    "serves": [{"code": "110199001001", "name": "柳荫社区"}],
}


class FacilityProperties(Shape):
    model_config = example(**FACILITY)

    code: str
    name: str
    level: FacilityLevel
    floor_area_m2: float | None
    staff: int | None
    address: str | None
    serves: list[Named]


FACILITY_FEATURE = {"type": "Feature", "id": "S001", "geometry": POINT_EXAMPLE, "properties": FACILITY}


class FacilityFeature(Shape):
    model_config = example(**FACILITY_FEATURE)

    type: Literal["Feature"]
    id: str
    geometry: Point
    properties: FacilityProperties


class FacilityCollection(Shape):
    model_config = example(type="FeatureCollection", features=[FACILITY_FEATURE], next=None)

    type: Literal["FeatureCollection"]
    features: list[FacilityFeature]
    next: Next


LANDMARK_FEATURE = {
    "type": "Feature",
    "id": 7,
    "geometry": AREA_EXAMPLE,
    "properties": {"kind": "water", "name": "柳河"},
}


class LandmarkProperties(Shape):
    kind: str
    name: str | None


class LandmarkFeature(Shape):
    model_config = example(**LANDMARK_FEATURE)

    type: Literal["Feature"]
    id: int
    geometry: Geometry
    properties: LandmarkProperties


class LandmarkCollection(Shape):
    model_config = example(type="FeatureCollection", features=[LANDMARK_FEATURE], next=None)

    type: Literal["FeatureCollection"]
    features: list[LandmarkFeature]
    next: Next


SERVICE_AREA = {
    "facility_code": "S001",
    "facility_name": "柳荫社区服务站",
    "method": "network",
    "minutes": 20.0,
    "households": 5230,
    "residents": 13100,
    "area_m2": 4_310_000.0,
}
BUILD = {
    "id": 3,
    "built_at": "2026-05-03T10:32:00+08:00",
    "method": "network",
    "minutes": 20.0,
    "speed_m_per_min": 80.0,
    "figures": {"facilities": 148, "built": 148, "failed": 0, "households_covered_pct": 96.4},
    "is_stale": False,
}


class ServiceAreaProperties(Shape):
    model_config = example(**SERVICE_AREA)

    facility_code: str
    facility_name: str
    method: Method
    minutes: float
    households: int
    residents: int | None
    area_m2: float


SERVICE_AREA_FEATURE = {"type": "Feature", "id": "S001", "geometry": AREA_EXAMPLE, "properties": SERVICE_AREA}


class ServiceAreaFeature(Shape):
    model_config = example(**SERVICE_AREA_FEATURE)

    type: Literal["Feature"]
    id: str
    geometry: MultiPolygon
    properties: ServiceAreaProperties


class Build(Shape):
    """The run that made these areas; stale when facilities have changed since."""

    model_config = example(**BUILD)

    id: int
    built_at: datetime
    method: Method
    minutes: float
    speed_m_per_min: float
    figures: dict[str, Any]
    is_stale: bool


class ServiceAreaCollection(Shape):
    model_config = example(type="FeatureCollection", features=[SERVICE_AREA_FEATURE], next=None, build=BUILD)

    type: Literal["FeatureCollection"]
    features: list[ServiceAreaFeature]
    next: Next
    build: Build | None
