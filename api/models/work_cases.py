"""A grid worker's cases as his phone keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.models.base import Shape, example
from api.models.cases import CASE, CaseRow, LegalMove, MaskedContact
from api.models.photos import StoredPhoto

WORK_CASE = CASE | {
    "moves": [{"event": "finish", "needs": []}, {"event": "return", "needs": ["reason"]}],
    "contact": {"name": "张*", "phone": "138****1234", "home": None},
    "photos": [{"id": 12, "width": 1600, "height": 1200}],
    "gcj02": [116.372451, 39.913204],
}


class WorkCase(CaseRow):
    model_config = example(**WORK_CASE)

    moves: list[LegalMove]
    contact: MaskedContact | None
    photos: list[StoredPhoto]
    gcj02: Annotated[
        tuple[float, float], Field(description="Longitude and latitude in GCJ-02, for map apps that want it")
    ]


class WorkCases(Shape):
    """The caller's open cases and those where he was asked for help, in one state of things."""

    model_config = example(cases=[WORK_CASE], cursor="8012:8012:", at="2026-05-03T10:50:00+08:00")

    cases: list[WorkCase]
    cursor: Annotated[str, Field(description="`since` for /api/live: what happened after this answer")]
    at: datetime
