"""One move of many cases, and what came of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import Field, model_validator

from api.errors import bad_field
from api.models.base import Shape, example
from api.models.callers import ActorText
from api.models.moves import CaseId, Limit, Reason
from data.bulk import MAX_CASES

REFUSAL = {"code": "illegal_move", "message": "desk:110199001000 can't assign a case that is closed"}
MOVED = {"id": 50501, "ok": True, "seq": 4, "error": None}
NOT_MOVED = {"id": 50502, "ok": False, "seq": None, "error": REFUSAL}


class NewBulk(Shape):
    """What is to be done to many cases, with one reason."""

    model_config = example(event="assign", ids=[50501, 50502], to="agency:7", reason="集中整治")

    event: Literal["assign", "extend", "link", "close", "remind", "suspend", "resume"]
    ids: Annotated[tuple[CaseId, ...] | None, Field(min_length=1, description=f"At most {MAX_CASES:,}")] = None
    where: Annotated[
        dict[str, Any] | None, Field(description="Instead of `ids`: the filters of GET /api/cases, at least one")
    ] = None
    reason: Annotated[Reason, Field(min_length=1)]
    to: ActorText | None = None
    limit: Limit | None = None
    parent: CaseId | None = None
    outcome: Literal["by_decision", "duplicate"] | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if (self.ids is None) == (not self.where):
            raise ValueError("either ids or where")
        return self

    def filters(self) -> dict[str, str]:
        """`where` as it would stand in an address: lists joined by commas, a polygon as text. Raises: BadInput."""
        return {name: _text(name, value) for name, value in (self.where or {}).items()}


def _text(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    try:
        return orjson.dumps(value).decode() if isinstance(value, dict) else str(value)
    except TypeError as error:  # a number beyond 64 bits, or brackets without end
        raise bad_field(f"where.{name}", None, "is no polygon") from error


class Refusal(Shape):
    model_config = example(**REFUSAL)

    code: str
    message: str


class Result(Shape):
    """What came of one case: `seq` of its event, or why it was not moved."""

    model_config = example(**MOVED)

    id: int
    ok: bool
    seq: int | None = None
    error: Refusal | None = None


class Bulk(Shape):
    model_config = example(id=9, event="assign", moved=1, results=[MOVED, NOT_MOVED])

    id: int
    event: str
    moved: int
    results: list[Result]
