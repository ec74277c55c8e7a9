"""Plain JSON lists: categories, search results, health."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from api.models.base import Shape, example
from api.models.ground import FacilityLevel, Level

CATEGORY: dict[str, Any] = {
    "code": "event",
    "parent_code": None,
    "kind": "event",
    "name": "市容环境",
    "name_en": "Street scene",
    "source": "demo",
    "children": [],
}


class CategoryNode(Shape):
    model_config = example(**CATEGORY)

    code: str
    parent_code: str | None
    kind: Literal["component", "event"]
    name: str
    name_en: str
    source: str
    children: list[CategoryNode]


class CategoryTree(Shape):
    model_config = example(categories=[CATEGORY])

    categories: list[CategoryNode]


FOUND = {
    "kind": "area",
    "level": "community",
    "code": "110199001001",
    "name": "柳荫社区",
    "bbox": [116.36, 39.91, 116.37, 39.92],
    "point": [116.365, 39.915],
}


class Found(Shape):
    model_config = example(**FOUND)

    kind: Literal["area", "cell", "facility"]
    level: Level | FacilityLevel | None
    code: str
    name: str
    bbox: Annotated[list[float], Field(min_length=4, max_length=4)] | None
    point: Annotated[list[float], Field(min_length=2, max_length=2)] | None


class SearchResults(Shape):
    model_config = example(results=[FOUND])

    results: list[Found]


class Alive(Shape):
    model_config = example(status="alive")

    status: Literal["alive"]


class Readiness(Shape):
    model_config = example(
        status="ready", checks={"database": {"is_ok": True}, "migrations": {"is_ok": True, "applied": "0002"}}
    )

    status: Literal["ready", "not_ready"]
    checks: dict[str, dict[str, Any]]
