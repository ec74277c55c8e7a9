"""A grid worker's round as his phone tells of it and is told of it. Positions in degrees; lengths and distances in metres."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, Strict

from api.models.base import Shape, example
from api.models.incidents import Datum
from api.models.moves import Lat, Lon

MAX_FIXES = 600
Accuracy = Annotated[
    float, Strict(), Field(ge=0, le=100_000, description="Within how many metres the position is right")
]
PLACE = {
    "id": 3,
    "cell_code": "110199001001003",
    "kind": "fire_exit",
    "name": "柳荫里东门消防通道",
    "every_days": 7,
    "last_at": "2026-04-22T09:10:00+08:00",
    "lon": 116.372451,
    "lat": 39.913204,
    "gcj02": [116.378691, 39.914607],
    "due_on": "2026-04-29",
    "days_over": 4,
}
WALKED = {
    "today": 0.31,
    "week": 0.74,
    "streets_m": 4120,
    "edges_today": [4711],
    "edges_week": [4711, 4712],
    "edges_open": [4713],
}
LIMITS = {"check_in_m": 50.0, "position_accuracy_m": 50.0, "duty_hours_max": 12.0}
DUTY = {"id": 12, "began_at": "2026-05-03T08:30:00+08:00"}


class NewDuty(Shape):
    """On duty from a moment, or off it."""

    model_config = example(is_on=True, at="2026-05-03T08:30:00+08:00")

    is_on: Annotated[bool, Strict()]
    at: AwareDatetime


class NewTrack(Shape):
    """Where a phone was while its owner was on duty: `[lon, lat, accuracy_m, at]` each."""

    model_config = example(points=[[116.372451, 39.913204, 8.0, "2026-05-03T08:31:00+08:00"]], datum="wgs84")

    points: Annotated[list[tuple[Lon, Lat, Accuracy, AwareDatetime]], Field(min_length=1, max_length=MAX_FIXES)]
    datum: Datum = "wgs84"


class NewCheckIn(Shape):
    """Where somebody stands who says that he is at a place."""

    model_config = example(lon=116.372451, lat=39.913204, accuracy_m=8.0, at="2026-05-03T09:10:00+08:00")

    lon: Lon
    lat: Lat
    datum: Datum = "wgs84"
    accuracy_m: Accuracy
    at: AwareDatetime


class Duty(Shape):
    """A duty that runs."""

    model_config = example(**DUTY)

    id: int
    began_at: datetime


class DutyState(Shape):
    """The duty that the caller is on, if he is on one."""

    model_config = example(duty=DUTY)

    duty: Duty | None


class Taken(Shape):
    """What became of a track."""

    model_config = example(taken=58, off_duty=0, vague=2, edges=[4711, 4712], is_replayed=False)

    taken: int
    off_duty: int
    vague: int
    edges: list[int]
    is_replayed: bool


class Walked(Shape):
    """How much of his cells' streets the caller walked, for himself alone."""

    model_config = example(**WALKED)

    today: float | None
    week: float | None
    streets_m: int
    edges_today: list[int]
    edges_week: list[int]
    edges_open: list[int]


class VisitPlace(Shape):
    """A place that must be visited."""

    model_config = example(**PLACE)

    id: int
    cell_code: str
    kind: str
    name: str
    every_days: int
    last_at: datetime | None
    lon: float
    lat: float
    gcj02: tuple[float, float]
    due_on: date
    days_over: int


class Limits(Shape):
    """By what a phone judges before it sends."""

    model_config = example(**LIMITS)

    check_in_m: float
    position_accuracy_m: float
    duty_hours_max: float


class Patrol(Shape):
    model_config = example(
        duty=DUTY,
        walked=WALKED,
        places=[PLACE],
        limits=LIMITS,
    )

    duty: Duty | None
    walked: Walked
    places: list[VisitPlace]
    limits: Limits
