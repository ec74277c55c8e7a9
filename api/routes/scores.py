"""Scores of cases: figures, how they come about, and the cases behind them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.caching import JSON, answer_bytes
from api.caller import CallerDep
from api.dependencies import MAX_ID, MAX_ROWS, NEWS, After, ConnectionDep, Limit, RowId, SnapshotDep, Text, talk
from api.models.scores import (
    CasesBehind,
    Day,
    Dimension,
    Exclusion,
    FigureDefinitions,
    NewExclusion,
    Period,
    Reckoned,
    Reckoning,
    ScoreList,
)
from api.responses import ready_made, refusals
from api.routes.moves import REFUSED, CaseId
from data import exclusions, reckoning, scope, score_lists, score_rows
from data.database import driver_connection

router = APIRouter(prefix="/api", tags=["scores"])


@router.get("/scores", responses=ready_made(ScoreList) | refusals(404, 409))
async def list_scores(
    *,
    request: Request,
    connection: ConnectionDep,
    period: Annotated[Period, Query(description="Of which the latest run is wanted")] = "month",
    day: Annotated[Day | None, Query(description="A day of the period; default: the last that was reckoned")] = None,
    run: Annotated[int | None, Query(ge=1, le=MAX_ID, description="This run instead")] = None,
    dimension: Annotated[Dimension, Query(description="By what the cases are taken together")] = "all",
    key: Annotated[Text | None, Query(description="One code only")] = None,
    after: After = None,
    limit: Limit = MAX_ROWS,
) -> Response:
    """Figures of a period by key, each with its numerator and denominator; 409 `not_ready` when it was never reckoned."""
    chosen = run or await score_lists.latest(connection, period, day)
    found = await score_lists.figures(connection, chosen, dimension, key=key, after=after or "", limit=limit)
    return answer_bytes(request, found, media_type=JSON)


@router.post("/scores", responses=refusals(400, 413))
def reckon(connection: SnapshotDep, wanted: Reckoning) -> Reckoned:
    """Reckon a period now, from the events of all. A run with the same figures stays."""
    scope.lift_sync(driver_connection(connection))
    (found,) = reckoning.run(connection, *reckoning.wanted(wanted.period, wanted.first, wanted.to))
    return Reckoned.model_validate(found)


@router.get("/scores/figures", responses=ready_made(FigureDefinitions) | refusals())
async def list_figures(request: Request) -> Response:
    """Every figure, and what it is made of."""
    return answer_bytes(request, score_lists.definitions(), media_type=JSON)


@router.get("/scores/{run}/{dimension}/{key}/{figure}/rows", responses=refusals(404))
def list_rows(
    *,
    connection: SnapshotDep,
    run: Annotated[RowId, Path(description="`run` of the scores", examples=[12])],
    dimension: Annotated[Dimension, Path(description="By what the cases are taken together")],
    key: Annotated[Text, Path(description="The code; `all` for all", examples=["110199001000"])],
    figure: Annotated[Text, Path(description="The figure", examples=["on_time_rate"])],
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="`next` of the page before")] = 0,
    limit: Limit = 1000,
) -> CasesBehind:
    """The cases that a figure is taken over, by id, and which of them it counts."""
    found: dict[str, Any] = score_rows.page(connection, run, dimension, key, figure, after=after, limit=limit)
    return CasesBehind.model_validate(found)


@router.post("/cases/{case_id}/exclusion", status_code=201, dependencies=[NEWS], responses=REFUSED)
async def exclude_case(connection: ConnectionDep, case_id: CaseId, given: NewExclusion, me: CallerDep) -> Exclusion:
    """Leave a case out of scores, by decision of a street's or the district's desk. Later reckonings go by it."""
    return Exclusion.model_validate(await talk(connection, exclusions.decide(case_id, given.reason, me)))


@router.delete("/cases/{case_id}/exclusion", dependencies=[NEWS], responses=REFUSED)
async def include_case(connection: ConnectionDep, case_id: CaseId, me: CallerDep) -> Exclusion:
    """Let a case count in scores again. The decision stays on record with its end."""
    return Exclusion.model_validate(await talk(connection, exclusions.end(case_id, me)))
