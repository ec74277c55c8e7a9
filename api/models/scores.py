"""Scores: figures with numerator and denominator, and the cases behind them. Lengths of time are minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.models.base import Shape, example
from api.models.moves import Reason

Period = Literal["day", "week", "month", "quarter", "year", "custom"]
Dimension = Literal["all", "district", "street", "community", "cell", "department", "category"]
EARLIEST, LATEST = date(1900, 1, 1), date(2299, 12, 31)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]

DEFINITION = {"figure": "on_time_rate", "how": "share", "unit": "share", "numerator": "on_time", "denominator": "owed"}
ON_TIME = {"value": 0.842105, "numerator": 16, "denominator": 19}
RUN = {
    "run": 12,
    "period": "month",
    "from": "2026-04-01",
    "to": "2026-04-30",
    "cut": "2026-05-01T00:00:00+08:00",
    "reckoned_at": "2026-05-01T02:50:03+08:00",
    "cases": 50210,
}
SCORE: dict[str, Any] = {
    "key": "110199001000",
    "name": "柳荫街道",
    "name_en": "Liuyin",
    "figures": {"on_time_rate": ON_TIME},
}
ROW: dict[str, Any] = {
    "id": 50501,
    "counts": True,
    "value": None,
    "is_late": False,
    "outcome": "solved",
    "filed_at": "2026-04-03T10:32:05.120000Z",
    "dispatched_at": "2026-04-03T10:32:05.600000Z",
    "accepted_at": "2026-04-03T10:52:05.600000Z",
    "given_at": "2026-04-03T10:32:05.600000Z",
    "returned_at": None,
    "escalated_at": None,
    "finished_at": "2026-04-03T12:00:00.000000Z",
    "reworked_at": None,
    "rated_at": None,
    "closed_at": "2026-04-03T12:40:00.000000Z",
    "due_at": "2026-04-04T02:32:05.600000Z",
    "cell": "110199001001003",
    "community": "110199001001",
    "street": "110199001000",
    "district": "110199000000",
    "department": None,
    "category": "E0101",
}


class FigureDefinition(Shape):
    """How a figure comes about; `numerator` and `denominator` are what cases are marked with or measured by."""

    model_config = example(**DEFINITION)

    figure: str
    how: Literal["count", "share", "mean", "p50", "p90"]
    unit: str
    numerator: str
    denominator: str | None


class FigureDefinitions(Shape):
    model_config = example(figures=[DEFINITION])

    figures: list[FigureDefinition]


class FigureValue(Shape):
    """A count has no denominator, a percentile no numerator; nothing to reckon with has no value."""

    model_config = example(**ON_TIME)

    value: float | None
    numerator: int | None
    denominator: int | None


class ScoreRun(Shape):
    """A reckoning of a period, up to the `cut`."""

    model_config = example(**RUN)

    run: int
    period: Period
    first: Annotated[date, Field(alias="from")]
    to: Annotated[date, Field(description="The last day that belongs to it")]
    cut: datetime
    reckoned_at: datetime
    cases: int


class Score(Shape):
    model_config = example(**SCORE)

    key: str
    name: str | None
    name_en: str | None
    figures: dict[str, FigureValue]


class ScoreList(Shape):
    model_config = example(run=RUN, dimension="street", scores=[SCORE], next=None)

    run: ScoreRun
    dimension: Dimension
    scores: list[Score]
    next: str | None


class Reckoning(Shape):
    """What is to be reckoned: a period by any day of it, or a custom one by its first and last day."""

    model_config = example(period="custom", **{"from": "2026-04-03", "to": "2026-04-09"})

    period: Annotated[Period, Field(description="custom: from `from` to `to`")] = "month"
    first: Annotated[Day | None, Field(alias="from", description="A day of the period; default yesterday")] = None
    to: Annotated[Day | None, Field(description="The last day, of a custom period only")] = None


class Reckoned(Shape):
    """`is_new`: false when the latest run has the same figures up to the same cut and stays. `scores`: rows stored."""

    model_config = example(
        **{name: RUN[name] for name in ("run", "period", "from", "to", "cut", "cases")}, is_new=True, scores=861
    )

    run: int
    is_new: bool
    period: Period
    first: Annotated[date, Field(alias="from")]
    to: date
    cut: datetime
    cases: int
    scores: int


class CaseBehind(Shape):
    """A case that a figure is taken over, as its events told it at the cut. `counts`: it is in the numerator."""

    model_config = example(**ROW)

    id: int
    counts: bool
    value: Annotated[float | None, Field(description="The case's own measure, minutes for lengths of time")]
    is_late: bool
    outcome: Literal["solved", "dismissed", "duplicate", "with_parent", "by_decision"] | None
    filed_at: datetime | None
    dispatched_at: datetime | None
    accepted_at: datetime | None
    given_at: datetime | None
    returned_at: datetime | None
    escalated_at: datetime | None
    finished_at: datetime | None
    reworked_at: datetime | None
    rated_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    cell: str | None
    community: str | None
    street: str | None
    district: str | None
    department: str | None
    category: str | None


EXCLUSION = {
    "id": 5,
    "case_id": 50501,
    "reason": "重复派单，经街道核实",
    "decided_by": "desk:110199001000",
    "decided_at": "2026-05-03T12:10:00+08:00",
    "ended_by": None,
    "ended_at": None,
}


class NewExclusion(Shape):
    """Why a case is not to count."""

    model_config = example(reason=EXCLUSION["reason"])

    reason: Annotated[Reason, Field(min_length=1)]


class Exclusion(Shape):
    """A decision that a case does not count; it stays on record when it has ended."""

    model_config = example(**EXCLUSION)

    id: int
    case_id: int
    reason: str
    decided_by: str
    decided_at: datetime
    ended_by: str | None
    ended_at: datetime | None


class CasesBehind(Shape):
    model_config = example(rows=[ROW], next=None)

    rows: list[CaseBehind]
    next: int | None
