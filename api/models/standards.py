"""Floor-area standards and what checks against them found. Floor areas are m²."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from api.models.base import Shape, example
from api.models.geojson import Next
from api.models.ground import AreaClass, Outcome

LIMITS = {"new": 350.0, "old_city": 230.0}
STANDARD = {
    "name": "by-area-class",
    "title": "社区服务站面积标准（分区）",
    "title_en": "Floor area by class of area",
    "sharing": "by_households",
    "source": "district plan 2009",
    "valid_from": "2009-01-01",
    "valid_to": None,
    "limits": LIMITS,
}
FIGURES = {"checked": 148, "meets": 135, "short": 13, "unknown": 0}
RUN = {"run": 4, "standard": STANDARD, "checked_at": "2026-05-03T10:32:00+08:00", "figures": FIGURES}
FINDING = {
    "community_code": "110199001001",
    "community_name": "柳荫社区",
    "outcome": "short",
    "area_class": "old_city",
    "required_m2": 230.0,
    "actual_m2": 180.0,
    "missing_m2": 50.0,
    "detail": {"stations": [{"code": "S001", "share_m2": 180.0}]},
}


class StandardEdition(Shape):
    """One dated edition of a standard. `limits` by area class; class `any` stands for all."""

    model_config = example(**STANDARD)

    name: str
    title: str
    title_en: str
    sharing: str
    source: str
    valid_from: date
    valid_to: date | None
    limits: dict[str, float]


class StandardList(Shape):
    model_config = example(standards=[STANDARD])

    standards: list[StandardEdition]


class Figures(Shape):
    model_config = example(**FIGURES)

    checked: int
    meets: int
    short: int
    unknown: int


class CheckRun(Shape):
    model_config = example(**RUN)

    run: int
    standard: StandardEdition
    checked_at: datetime
    figures: Figures


class Finding(Shape):
    model_config = example(**FINDING)

    community_code: str
    community_name: str | None
    outcome: Outcome
    area_class: AreaClass | None
    required_m2: float | None
    actual_m2: float | None
    missing_m2: float | None
    detail: dict[str, Any]


class FindingList(Shape):
    model_config = example(run=4, findings=[FINDING], next=None)

    run: int
    findings: list[Finding]
    next: Next


CHANGE = {"community_code": "110199001001", "community_name": "柳荫社区", "before": "short", "after": "meets"}


class Change(Shape):
    """A community whose outcome differs; null where one of the runs does not have it."""

    model_config = example(**CHANGE)

    community_code: str
    community_name: str | None
    before: Outcome | None
    after: Outcome | None


class Comparison(Shape):
    model_config = example(before=RUN, after=RUN | {"run": 5}, changes=[CHANGE])

    before: CheckRun
    after: CheckRun
    changes: list[Change]
