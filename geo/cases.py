"""A case, a move that somebody wants, and the case as it will be. Plain values; nothing is stored or looked up here.

Minutes are wall-clock minutes; positions are longitude and latitude in EPSG:4490. Actors are written as in `geo.callers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from geo.callers import DUTY_DESK
from geo.errors import BadInput
from geo.lifecycle import Event, State


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as it is, with what of its surroundings a move depends on. Times are aware."""

    id: int
    seq: int
    state: State
    category: str
    filed_at: datetime
    now: datetime
    """The moment at which it was read, by the database's clock."""
    outcome: str | None = None
    level: str = "cell"
    category_code: str | None = None
    dispatched_at: datetime | None = None
    held_since: datetime | None = None
    closed_at: datetime | None = None
    holder: str | None = None
    lead: str | None = None
    handler: str | None = None
    refused_by: list[str] | None = None
    time_limit: str | None = None
    due_at: datetime | None = None
    is_provisional: bool = False
    remaining_minutes: float | None = None
    asked_limit: str | None = None
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None
    stages_late: int = 0
    escalated_at: datetime | None = None
    hops: int = 0
    returns: int = 0
    returns_before: int = 0
    reworks: int = 0
    parent_id: int | None = None
    community_code: str | None = None
    street_code: str | None = None
    lon: float | None = None
    lat: float | None = None
    is_helper: bool = False
    """Whether the one who acts was asked for help and has not answered."""
    is_called: bool = False
    """Whether he was called to the spot and has not reported in."""
    is_reporter: bool = False
    """Whether he reported it."""

    def desk(self, level: str) -> str:
        """The desk of its community, street or district; of the next above where there is none."""
        district = self.street_code and f"{self.street_code[:6]}000000"
        units = {"community": self.community_code, "street": self.street_code, "district": district}
        levels = list(units)[list(units).index(level) :]
        return next((f"desk:{units[name]}" for name in levels if units[name]), DUTY_DESK)


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What is said of a closed case: was it answered, was it solved, how satisfied from 1 to 5."""

    is_answered: bool
    is_solved: bool
    satisfaction: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A move that somebody wants. `point` is where he stands, `place` where the case is to lie."""

    event: Event
    seq: int | None = None
    """The last event that he has seen."""
    reason: str | None = None
    to: str | None = None
    verifier: str | None = None
    category: str | None = None
    place: tuple[float, float] | None = None
    limit: str | None = None
    outcome: str | None = None
    parent: int | None = None
    above: frozenset[int] = frozenset()
    """The `parent` and all that it is a double of."""
    point: tuple[float, float] | None = None
    photos: tuple[int, ...] = ()
    rating: Rating | None = None
    is_undo: bool = False
    """Takes an assignment back: a change of hands less, and nobody is blamed for it."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else the event is to tell."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A case as it will be, with its event."""

    before: Case
    after: Case
    event: Event
    actor: str
    held_by: str | None
    held_minutes: float | None
    reason: str | None
    point: tuple[float, float] | None
    detail: dict[str, Any]


def refuse(name: str, value: Any, message: str) -> BadInput:
    """What is wrong with one member of a wish."""
    return BadInput(f"{name}: {message}", fields=[{"field": name, "value": value, "message": message}])
