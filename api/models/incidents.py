"""Incidents as they are reported and as they are told about. Coordinates as given, and converted to EPSG:4490."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, Strict

from api.models.base import Degrees, Named, Shape, example
from api.models.geojson import POINT_EXAMPLE, Next, Point

MAX_DESCRIPTION = 2000
Located = Literal["inside", "border", "gap", "picked", "none"]
State = Literal[
    "collected", "filed", "dispatched", "handling", "suspended", "fed_back", "verifying", "closed", "evaluated"
]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Source = Literal["grid_worker", "hotline", "resident", "video", "superior", "system"]


def without_controls(text: str) -> str:
    """Invisible control characters go, line breaks and tabs stay; NUL is refused, for it is never an accident."""
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


Told = Annotated[str, AfterValidator(without_controls)]


class NewContact(Shape):
    """How to reach who reports; any of it may be left out. Kept sealed, shown masked, deleted some time after closing."""

    model_config = example(name="张三丰", phone="13800001234")

    name: Annotated[Told, Field(max_length=40)] | None = None
    phone: Annotated[Told, Field(max_length=30, pattern=r"^[0-9+()\- ]*$")] | None = None
    home: Annotated[Told, Field(max_length=200)] | None = None


class NewIncident(Shape):
    """What somebody reports."""

    model_config = example(lon=116.372451, lat=39.913204, datum="gcj02", category="E0101", description="巷口有暴露垃圾")

    lon: Annotated[Degrees, Strict(), Field(ge=-180, le=180, description="Longitude in `datum`, degrees")]
    lat: Annotated[Degrees, Strict(), Field(ge=-90, le=90, description="Latitude in `datum`, degrees")]
    datum: Annotated[Datum, Field(description="Phones give wgs84, Chinese web maps gcj02, Baidu bd09")]
    category: Annotated[
        str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$", description="A code of /api/categories")
    ]
    description: Annotated[str, Field(max_length=MAX_DESCRIPTION), AfterValidator(without_controls)] = ""
    source: Annotated[Source, Field(description="A grid worker's report is always grid_worker")] = "resident"
    contact: NewContact | None = None
    cell: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{13,20}$",
            description="The code of one of the cells within the tolerance, picked on the spot",
        ),
    ] = None
    accuracy_m: Annotated[float | None, Field(ge=0, le=100_000, description="How exact the place is")] = None
    observed_at: Annotated[
        AwareDatetime | None, Field(description="When it was seen; what lies in the future counts as now")
    ] = None


class Candidate(Shape):
    """Another cell within the tolerance."""

    code: str
    distance_m: float


PLACES = {
    "street": {"code": "110199001000", "name": "柳荫街道"},
    "community": {"code": "110199001001", "name": "柳荫社区"},
    "cell": {"code": "110199001001003", "name": "柳荫社区第三网格"},
}
REPORTED = {
    "id": 50501,
    **PLACES,
    "located": "inside",
    "candidates": [],
    "state": "filed",
    "reported_at": "2026-05-03T10:32:05.120000+08:00",
}


class Standing(Shape):
    """Where an incident lies and what its state is."""

    model_config = example(**REPORTED)

    id: int
    street: Named | None
    community: Named | None
    cell: Named | None
    located: Annotated[Located | None, Field(description="null: an imported incident that is not dispatched yet")]
    candidates: list[Candidate]
    state: State
    reported_at: datetime


class Reported(Standing):
    """What the reporter is told, with the link by which he comes back to rate."""

    model_config = example(**REPORTED, link="/rate/50501.Jm3hYtq0V7xkQ2sZbn4T")

    link: str


class Holder(Shape):
    """Who has the case now: a worker, name masked, the desk of an area, or an agency."""

    model_config = example(kind="worker", code="W0012", name="张*")

    kind: Literal["worker", "desk", "agency"]
    code: str
    name: str | None


class CaseEvent(Shape):
    at: datetime
    event: str
    from_state: State | None
    to_state: State
    actor: str


class Why(Shape):
    """Why this holder, for people and for programs."""

    sentence: str
    explanation: dict[str, Any]


HOLDER = {"kind": "worker", "code": "W0012", "name": "张*"}


class IncidentDetail(Standing):
    model_config = example(
        **REPORTED | {"state": "dispatched"},
        category="E0101",
        category_name="暴露垃圾",
        description="巷口有暴露垃圾",
        lon=116.372451,
        lat=39.913204,
        datum="gcj02",
        geometry=POINT_EXAMPLE,
        accuracy_m=12.0,
        observed_at="2026-05-03T10:21:40+08:00",
        holder=HOLDER,
        history=[
            {
                "at": "2026-05-03T10:32:05.6+08:00",
                "event": "dispatch",
                "from_state": "filed",
                "to_state": "dispatched",
                "actor": "dispatcher",
            }
        ],
        why={"sentence": "落在柳荫社区第三网格内，由当班网格员张*处理。", "explanation": {"step": "cell_worker"}},
    )

    category: str
    category_name: str
    description: str
    lon: float
    lat: float
    datum: Datum
    geometry: Point
    accuracy_m: float | None
    observed_at: datetime | None
    holder: Holder | None
    history: list[CaseEvent]
    why: Why | None


class IncidentProperties(Shape):
    id: int
    state: State
    category: str
    category_name: str
    reported_at: datetime
    dispatched_at: datetime | None
    cell: Named | None
    holder: Holder | None
    located: Located | None


INCIDENT_FEATURE = {
    "type": "Feature",
    "id": 50501,
    "geometry": POINT_EXAMPLE,
    "properties": {
        "id": 50501,
        "state": "dispatched",
        "category": "E0101",
        "category_name": "暴露垃圾",
        "reported_at": "2026-05-03T10:32:05.120000+08:00",
        "dispatched_at": "2026-05-03T10:32:05.600000+08:00",
        "cell": PLACES["cell"],
        "holder": HOLDER,
        "located": "inside",
    },
}


class IncidentFeature(Shape):
    model_config = example(**INCIDENT_FEATURE)

    type: Literal["Feature"]
    id: int
    geometry: Point
    properties: IncidentProperties


class IncidentCollection(Shape):
    model_config = example(type="FeatureCollection", features=[INCIDENT_FEATURE], next=None)

    type: Literal["FeatureCollection"]
    features: list[IncidentFeature]
    next: Next
