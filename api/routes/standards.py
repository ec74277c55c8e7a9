"""Floor-area standards, and what checks against them found."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.caching import JSON, answer, answer_bytes
from api.dependencies import MAX_ID, MAX_ROWS, After, ConnectionDep, Limit, RowId
from api.models.ground import Outcome
from api.models.standards import CheckRun, Comparison, FindingList, StandardList
from api.responses import ready_made, refusals
from api.routes.areas import DEFAULT_STANDARD, StandardName
from data import checks, versions

router = APIRouter(prefix="/api", tags=["standards"])
Run = Annotated[int, Query(ge=1, le=MAX_ID, description="`run` of a check")]


@router.get("/standards", responses=ready_made(StandardList) | refusals())
async def list_standards(request: Request, connection: ConnectionDep) -> Response:
    """Every edition of every standard, with its limits and its source."""
    return answer_bytes(request, await checks.standards(connection), media_type=JSON)


@router.get("/checks/latest", responses=ready_made(CheckRun) | refusals(404, 409))
async def latest_check(
    request: Request, connection: ConnectionDep, standard: StandardName = DEFAULT_STANDARD
) -> Response:
    """The newest check against a standard; 409 `not_ready` when there was none yet."""
    return answer_bytes(request, await checks.latest(connection, standard), media_type=JSON)


@router.get("/checks/compare", responses=ready_made(Comparison) | refusals(404))
async def compare_checks(request: Request, connection: ConnectionDep, before: Run, after: Run) -> Response:
    """Two checks beside each other, with the communities whose outcome differs."""
    return answer_bytes(request, await checks.compare(connection, before, after), media_type=JSON)


@router.get("/checks/{run}/findings", responses=ready_made(FindingList) | refusals(404))
async def list_findings(
    *,
    request: Request,
    connection: ConnectionDep,
    run: Annotated[RowId, Path(description="`run` of a check", examples=[4])],
    outcome: Outcome | None = None,
    after: After = None,
    limit: Limit = MAX_ROWS,
) -> Response:
    """What a check found, by community code."""
    return await answer(
        request,
        await versions.ground(connection),
        lambda: checks.findings(connection, run, outcome=outcome, after=after, limit=limit),
        media_type=JSON,
    )
