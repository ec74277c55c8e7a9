"""Cases as the desk sees them. Coordinates are degrees in EPSG:4490; minutes are wall-clock minutes unless said otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.models.base import Named, Shape, example
from api.models.geojson import Next
from api.models.incidents import PLACES, Candidate, Datum, Located, Source, State, Why

Stage = Literal["collect", "file", "dispatch", "handle", "feed_back", "verify", "evaluate"]
TimeLeft = Literal["late", "soon", "ok", "none", "stopped", "done"]
Outcome = Literal["solved", "dismissed", "duplicate", "with_parent", "by_decision"]

WORKER: dict[str, Any] = {"kind": "worker", "actor": "worker:12", "code": "W0012", "name": "张*"}
CASE: dict[str, Any] = {
    "id": 50501,
    "seq": 3,
    "state": "handling",
    "stage": "handle",
    "outcome": None,
    "category": "E0101",
    "category_name": "暴露垃圾",
    "category_name_en": "Exposed rubbish",
    "description": "巷口有暴露垃圾",
    "source": "resident",
    "filed_at": "2026-05-03T10:32:05.120000+08:00",
    "dispatched_at": "2026-05-03T10:32:05.600000+08:00",
    "closed_at": None,
    "due_at": "2026-05-03T14:32:05.600000+08:00",
    "is_provisional": False,
    "time_left": "ok",
    "level": "cell",
    "hops": 1,
    "returns": 0,
    "reworks": 0,
    "held_since": "2026-05-03T10:40:00+08:00",
    "holder": WORKER,
    "lead": WORKER,
    **PLACES,
    "lon": 116.366251,
    "lat": 39.911803,
    "located": "inside",
    "parent_id": None,
}


class Actor(Shape):
    """Somebody who holds a case or did something to it; the names of workers are masked."""

    model_config = example(**WORKER)

    kind: Annotated[
        str, Field(description="worker, desk, agency; of an event also reporter, dispatcher, sweeper, import")
    ]
    actor: str
    code: str | None
    name: str | None


class CaseRow(Shape):
    model_config = example(**CASE)

    id: int
    seq: Annotated[int, Field(description="The number of its events; give it with a move")]
    state: State
    stage: Stage
    outcome: Outcome | None
    category: str
    category_name: str
    category_name_en: str
    description: str
    source: Source
    filed_at: datetime
    dispatched_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    is_provisional: bool
    time_left: TimeLeft
    level: Literal["cell", "community", "street", "district"]
    hops: int
    returns: int
    reworks: int
    held_since: datetime
    holder: Actor | None
    lead: Actor | None
    cell: Named | None
    community: Named | None
    street: Named | None
    lon: float
    lat: float
    located: Located | None
    parent_id: int | None


class CaseList(Shape):
    model_config = example(cases=[CASE], next=None)

    cases: list[CaseRow]
    next: Next


class CaseCount(Shape):
    model_config = example(count=412, is_exact=True)

    count: int
    is_exact: bool


COLUMN: dict[str, Any] = {
    "stage": "handle",
    "count": 1,
    "late": 0,
    "soon": 0,
    "ok": 1,
    "none": 0,
    "stopped": 0,
    "done": 0,
    "cases": [CASE],
}


class Column(Shape):
    """One stage of the board: its cases by the time that is left, and the first of them."""

    model_config = example(**COLUMN)

    stage: Stage
    count: int
    late: int
    soon: int
    ok: int
    none: int
    stopped: int
    done: int
    cases: list[CaseRow]


class Board(Shape):
    model_config = example(at="2026-05-03T10:50:00+08:00", is_exact=True, stages=[COLUMN])

    at: datetime
    is_exact: Annotated[bool, Field(description="false: of closed cases only the first 1,000 are counted")]
    stages: list[Column]


class Ledger(Shape):
    """One event of a case; `held_by` had it until then, for `held_minutes`."""

    seq: int
    at: datetime
    event: str
    stage: Stage
    from_state: State | None
    to_state: State
    actor: Actor
    holder: Annotated[Actor | None, Field(description="To whom the event gave the case")]
    held_by: Actor | None
    held_minutes: float | None
    reason: str | None
    lon: float | None
    lat: float | None
    detail: dict[str, Any] | None


class ClockStage(Shape):
    limit: str
    due_at: datetime


class Clock(Shape):
    """The time limit and how it was counted; `steps` has a line for every day that counts or is skipped."""

    limit: str | None
    due_at: datetime | None
    is_provisional: bool
    remaining_minutes: Annotated[float | None, Field(description="Of a suspended case")]
    asked_limit: str | None
    steps: list[dict[str, Any]]
    stages: list[ClockStage]


class Photo(Shape):
    id: int
    width: int
    height: int
    taken_by: Actor
    stored_at: datetime


class Helper(Shape):
    helper: Actor
    asked_by: Actor
    asked_at: datetime
    request: str
    reported_at: datetime | None
    report: str | None


class Follower(Shape):
    id: int
    source: Source
    note: str
    followed_at: datetime


class Child(Shape):
    """A case that is a double of this one and closes with it."""

    id: int
    state: State
    filed_at: datetime


class Call(Shape):
    agency: Actor
    due_at: datetime
    reported_in_at: datetime | None
    means: Literal["position", "signature"] | None
    distance_m: float | None
    missed_at: datetime | None


class WhistleOf(Shape):
    """A call to the spot: where, when, what for, and who came."""

    id: int
    called_by: Actor
    called_at: datetime
    meet_at: datetime
    place: str
    request: str
    lon: float
    lat: float
    calls: list[Call]


class RatingOf(Shape):
    is_answered: bool
    is_solved: bool
    satisfaction: int
    comment: str
    rated_at: datetime


class MaskedContact(Shape):
    """How to reach the reporter, masked; null members were not told. The whole is shown by `/unmask`."""

    name: str | None
    phone: str | None
    home: str | None


class LegalMove(Shape):
    """What the caller may do now, and what he has to tell with it."""

    event: str
    needs: list[str]


class CaseDetail(CaseRow):
    model_config = example(
        **CASE,
        lon_given=116.372451,
        lat_given=39.913204,
        datum="gcj02",
        candidates=[],
        clock={
            "limit": "4wh",
            "due_at": CASE["due_at"],
            "is_provisional": False,
            "remaining_minutes": None,
            "asked_limit": None,
            "steps": [],
            "stages": [{"limit": "4wh", "due_at": CASE["due_at"]}],
        },
        history=[
            {
                "seq": 2,
                "at": CASE["dispatched_at"],
                "event": "dispatch",
                "stage": "dispatch",
                "from_state": "filed",
                "to_state": "dispatched",
                "actor": {"kind": "dispatcher", "actor": "dispatcher", "code": None, "name": None},
                "holder": WORKER,
                "held_by": None,
                "held_minutes": 0.01,
                "reason": None,
                "lon": None,
                "lat": None,
                "detail": None,
            }
        ],
        why={"sentence": "位于柳荫社区第三网格内，由当班网格长张*处理。", "explanation": {"step": "cell_head"}},
        photos=[],
        helpers=[],
        followers=[],
        children=[],
        whistles=[],
        rating=None,
        contact={"name": "张*", "phone": "138****1234", "home": None},
        moves=[{"event": "finish", "needs": []}, {"event": "return", "needs": ["reason"]}],
    )

    lon_given: float
    lat_given: float
    datum: Datum
    candidates: list[Candidate]
    clock: Clock
    history: list[Ledger]
    why: Why | None
    photos: list[Photo]
    helpers: list[Helper]
    followers: list[Follower]
    children: list[Child]
    whistles: list[WhistleOf]
    rating: RatingOf | None
    contact: MaskedContact | None
    moves: list[LegalMove]
