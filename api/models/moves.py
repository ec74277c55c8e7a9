"""Moves of cases as they are asked for. Positions in degrees of the datum that goes with them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from api.models.base import Shape, example
from api.models.callers import ActorText
from api.models.incidents import MAX_DESCRIPTION, Datum, without_controls

Move = Literal[
    "file", "dismiss", "assign", "accept", "return", "hand_over", "reclassify", "escalate", "finish", "check", "verify",
    "reject", "suspend", "resume", "close", "rate", "reopen", "ask_extension", "extend", "refuse_extension", "remind",
    "ask_help", "help", "link", "unlink", "note",
]  # fmt: skip
Reason = Annotated[str, Field(max_length=MAX_DESCRIPTION), AfterValidator(without_controls)]
Lon = Annotated[float, Strict(), Field(ge=-180, le=180)]
Lat = Annotated[float, Strict(), Field(ge=-90, le=90)]
CaseId = Annotated[int, Strict(), Field(ge=1, lt=2**63)]
Limit = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}(wh|wd|m|h|d)$", examples=["4wh"])]


class NewRating(Shape):
    """What is said of a closed case."""

    model_config = example(is_answered=True, is_solved=True, satisfaction=5, comment="很快")

    is_answered: Annotated[bool, Strict()]
    is_solved: Annotated[bool, Strict()]
    satisfaction: Annotated[int, Strict(), Field(ge=1, le=5)]
    comment: Reason = ""


class NewMove(Shape):
    """What somebody wants to do to a case."""

    model_config = example(event="return", reason="不属于本单位职责", seq=3)

    event: Move
    seq: Annotated[
        int | None, Strict(), Field(ge=1, lt=2**31, description="The last event that the caller has seen")
    ] = None
    reason: Reason | None = None
    note: Reason | None = None
    to: ActorText | None = None
    verifier: ActorText | None = None
    category: Annotated[str | None, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$")] = None
    lon: Lon | None = None
    lat: Lat | None = None
    datum: Datum | None = None
    limit: Limit | None = None
    outcome: Literal["by_decision", "duplicate"] | None = None
    parent: CaseId | None = None
    at_lon: Lon | None = None
    at_lat: Lat | None = None
    at_datum: Annotated[Datum, Field(description="Of at_lon and at_lat: phones give wgs84, mini programs gcj02")] = (
        "wgs84"
    )
    rating: NewRating | None = None
    photos: Annotated[tuple[CaseId, ...], Field(max_length=9)] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        place = {name for name in ("lon", "lat", "datum") if getattr(self, name) is not None}
        if place not in ({"lon", "lat", "datum"}, set()):
            raise ValueError("lon, lat and datum belong together")
        if (self.at_lon is None) != (self.at_lat is None):
            raise ValueError("at_lon and at_lat belong together")
        return self
