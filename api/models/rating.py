"""What a reporter sees of his case, and what he says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.models.base import Shape, example
from api.models.incidents import State
from api.models.moves import Reason

SAID = {
    "is_answered": True,
    "is_solved": True,
    "satisfaction": 5,
    "comment": "很快",
    "rated_at": "2026-05-04T09:00:00+08:00",
}


class Said(Shape):
    """What was said of the last closing."""

    model_config = example(**SAID)

    is_answered: bool
    is_solved: bool
    satisfaction: int
    comment: str
    rated_at: datetime


class RatedCase(Shape):
    """A case as its reporter sees it."""

    model_config = example(
        id=50501,
        state="evaluated",
        stage="evaluate",
        outcome="solved",
        filed_at="2026-05-03T10:32:05.120000+08:00",
        closed_at="2026-05-03T16:20:00+08:00",
        category_name="暴露垃圾",
        category_name_en="Exposed rubbish",
        description="巷口有暴露垃圾",
        community="柳荫社区",
        rating=SAID,
        can_rate=False,
        can_reopen=True,
        reopen_until="2026-05-10T16:20:00+08:00",
        reopen_days=7.0,
    )

    id: int
    state: State
    stage: str
    outcome: Literal["solved", "dismissed", "duplicate", "with_parent", "by_decision"] | None
    filed_at: datetime
    closed_at: datetime | None
    category_name: str
    category_name_en: str
    description: str
    community: str | None
    rating: Said | None
    can_rate: bool
    can_reopen: bool
    reopen_until: datetime | None
    reopen_days: float


class Reopening(Shape):
    """Why the case is to be opened again."""

    model_config = example(reason="垃圾还在")

    reason: Annotated[Reason, Field(min_length=1)]


class Link(Shape):
    """Where the reporter rates."""

    model_config = example(url="/rate/50501.Jm3hYtq0V7xkQ2sZbn4T")

    url: str
