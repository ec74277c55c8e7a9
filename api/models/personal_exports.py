"""Tables of people's whole data: asked for, decided on, taken once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.dependencies import UnitCode
from api.models.base import Named, Shape, example
from api.models.moves import Reason
from api.models.personal import Why

What = Literal["reporters", "workers"]
SHOWN = {
    "id": 12,
    "what": "reporters",
    "area": {"code": "110199001000", "name": "柳荫街道"},
    "wanted": {"since": "2026-04-01", "until": "2026-04-30"},
    "reason": "四月回访抽样",
    "asked_by": "li.na",
    "asked_as": "desk:110199001000",
    "asked_at": "2026-05-03T10:32:05+08:00",
    "state": "asked",
    "decided_by": None,
    "decided_at": None,
    "note": None,
    "expires_at": None,
    "taken_at": None,
    "rows": None,
    "can_decide": False,
    "can_take": False,
}


class NewExport(Shape):
    """Who is asked for, on which ground, and what for. `since`, `until`: days on which the cases of reporters were filed."""

    model_config = example(
        what="reporters", area="110199001000", since="2026-04-01", until="2026-04-30", reason="四月回访抽样"
    )

    what: What
    area: UnitCode
    since: date | None = None
    until: date | None = None
    reason: Why


class Decision(Shape):
    model_config = example(is_approved=True, note="同意")

    is_approved: bool
    note: Annotated[Reason, Field(max_length=500)] = ""


class PersonalExport(Shape):
    """One table that was asked for, where it stands, and what the caller may do."""

    model_config = example(**SHOWN)

    id: int
    what: What
    area: Named
    wanted: dict[str, Any]
    reason: str
    asked_by: str
    asked_as: str
    asked_at: datetime
    state: Literal["asked", "refused", "approved", "expired", "taken"]
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    expires_at: Annotated[datetime | None, Field(description="Until when it can be taken")]
    taken_at: datetime | None
    rows: int | None
    can_decide: bool
    can_take: bool


class PersonalExports(Shape):
    model_config = example(exports=[SHOWN])

    exports: list[PersonalExport]
