"""Why a case is with its holder, and whether the same comes out when it is decided again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from api.models.base import Shape, example


class CellThen(Shape):
    """The version of the cell that decided."""

    id: int
    code: str
    name: str
    valid_from: date | None
    valid_to: date | None


class RuleThen(Shape):
    """The edition of the rule that decided."""

    id: int
    code: str
    handler: str
    time_limit: str | None
    basis: str
    valid_from: date | None
    valid_to: date | None


class OnRoster(Shape):
    worker_id: int
    name: str
    role: str
    is_on_duty: bool


class CalendarThen(Shape):
    digest: str
    is_current: Annotated[bool, Field(description="false: the calendar was changed since")]


class Difference(Shape):
    then: Any
    again: Any


class Replay(Shape):
    """The same decision taken again with the data of then."""

    agrees: bool
    sentence: str
    decision: dict[str, Any]
    differences: dict[str, Difference]
    from_record: list[str]


CELL = {"id": 7, "code": "110199001001003", "name": "柳荫社区第三网格", "valid_from": "2020-01-01", "valid_to": None}
RULE = {
    "id": 20,
    "code": "exposed-rubbish",
    "handler": "cell_worker",
    "time_limit": "4wh",
    "basis": "Example limits of one district: exposed rubbish 4 working hours",
    "valid_from": "2009-01-01",
    "valid_to": None,
}


class CaseWhy(Shape):
    """Everything by which a case was dispatched; all but the sentence is null while it waits."""

    model_config = example(
        sentence="位于柳荫社区第三网格内，规则“exposed-rubbish”要求由网格员处理，由当班网格长张*处理。",
        explanation={"located": "inside", "step": "cell_head", "worker_id": 12},
        decided_at="2026-05-06T10:00:00+08:00",
        cell=CELL,
        rule=RULE,
        roster=[{"worker_id": 12, "name": "张*", "role": "head", "is_on_duty": True}],
        calendar={"digest": "09e04a2809788684", "is_current": True},
        replay=None,
    )

    sentence: str
    explanation: dict[str, Any] | None
    decided_at: datetime | None
    cell: CellThen | None
    rule: RuleThen | None
    roster: list[OnRoster] | None
    calendar: CalendarThen | None
    replay: Replay | None
