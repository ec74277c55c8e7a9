"""Cases that may be the same thing, and those who follow one. Distances in metres, points in EPSG:4490."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from api.models.base import Shape, example
from api.models.incidents import MAX_DESCRIPTION, Source, State, without_controls

SIMILAR = {
    "id": 50501,
    "seq": 2,
    "state": "dispatched",
    "stage": "dispatch",
    "category": "E0101",
    "category_name": "暴露垃圾",
    "category_name_en": "Exposed rubbish",
    "description": "巷口有暴露垃圾",
    "filed_at": "2026-05-03T10:32:05.120000+08:00",
    "due_at": "2026-05-03T15:32:05.600000+08:00",
    "followers": 1,
    "lon": 116.372451,
    "lat": 39.913204,
    "distance_m": 12.4,
}


class Similar(Shape):
    """An open case of the same category."""

    model_config = example(**SIMILAR)

    id: int
    seq: int
    state: State
    stage: str
    category: str
    category_name: str
    category_name_en: str
    description: str
    filed_at: datetime
    due_at: datetime | None
    followers: int
    lon: float
    lat: float
    distance_m: float


class SimilarCases(Shape):
    """What may be the same thing: within `radius_m`, filed within the last `hours`."""

    model_config = example(radius_m=50.0, hours=24.0, cases=[SIMILAR])

    radius_m: float
    hours: float
    cases: list[Similar]


class NewFollower(Shape):
    """What a second reporter tells of a case that is known already."""

    model_config = example(note="我也看到了", source="resident")

    note: Annotated[str, Field(max_length=MAX_DESCRIPTION), AfterValidator(without_controls)] = ""
    source: Source = "resident"


class Followed(Shape):
    model_config = example(id=7, case_id=50501, followed_at="2026-05-03T10:40:11.020000+08:00")

    id: int
    case_id: int
    followed_at: datetime
