"""Calls to the spot. Points in EPSG:4490 in answers, in the datum told in questions; distances in metres."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from api.models.base import Shape, example
from api.models.incidents import Datum, without_controls
from api.models.moves import Lat, Lon, Reason

Agency = Annotated[str, Field(pattern=r"^agency:[1-9][0-9]{0,17}$")]
Line = Annotated[str, Field(max_length=200), AfterValidator(without_controls)]
CALL = {
    "agency": "agency:7",
    "name": "城管执法队",
    "due_at": "2026-05-03T14:30:00+08:00",
    "reported_in_at": "2026-05-03T14:03:20+08:00",
    "means": "position",
    "distance_m": 18.2,
    "signature": None,
    "missed_at": None,
}


class NewWhistle(Shape):
    """Who is to come, when, where to and what for."""

    model_config = example(
        agencies=["agency:7"], meet_at="2026-05-03T14:00:00+08:00", place="柳荫胡同口", request="联合清理占道经营"
    )

    agencies: Annotated[tuple[Agency, ...], Field(min_length=1, max_length=20)]
    meet_at: AwareDatetime
    place: Line = ""
    request: Reason = ""
    lon: Lon | None = None
    lat: Lat | None = None
    datum: Datum = "wgs84"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat belong together")
        if len(set(self.agencies)) < len(self.agencies):
            raise ValueError("an agency is named twice")
        return self


class NewArrival(Shape):
    """A department has come: by position or by signature. A desk that keeps the list names the agency."""

    model_config = example(at_lon=116.372451, at_lat=39.913204)

    agency: Agency | None = None
    at_lon: Lon | None = None
    at_lat: Lat | None = None
    signature: Annotated[
        str | None, Field(max_length=100), AfterValidator(lambda text: text and without_controls(text))
    ] = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.at_lon is None) != (self.at_lat is None):
            raise ValueError("at_lon and at_lat belong together")
        if (self.at_lon is None) == (not self.signature):
            raise ValueError("either at_lon and at_lat or a signature")
        return self


class CalledAgency(Shape):
    """One department that was called, and how it reported in."""

    model_config = example(**CALL)

    agency: str
    name: str
    due_at: datetime
    reported_in_at: datetime | None
    means: Literal["position", "signature"] | None
    distance_m: float | None
    signature: str | None
    missed_at: datetime | None


class Whistle(Shape):
    model_config = example(
        id=3,
        case_id=50501,
        called_by="desk:110199001000",
        called_at="2026-05-03T12:10:00+08:00",
        meet_at="2026-05-03T14:00:00+08:00",
        place="柳荫胡同口",
        request="联合清理占道经营",
        lon=116.372451,
        lat=39.913204,
        calls=[CALL],
    )

    id: int
    case_id: int
    called_by: str
    called_at: datetime
    meet_at: datetime
    place: str
    request: str
    lon: float
    lat: float
    calls: list[CalledAgency]
