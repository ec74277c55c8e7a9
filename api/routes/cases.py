"""What the street office's desk reads: the board, lists, and everything about one case."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.caching import JSON, answer_bytes
from api.caller import CallerDep
from api.case_queries import Sort, WantedDep
from api.dependencies import After, ConnectionDep, SightDep
from api.models.cases import Board, CaseCount, CaseDetail, CaseList
from api.responses import ready_made, refusals
from api.routes.moves import CaseId, Language
from data import case_board, case_details, case_lists
from data.settings import settings

router = APIRouter(prefix="/api/cases", tags=["cases"])
Rows = Annotated[int, Query(ge=1, le=500, description="Rows of one page")]


@router.get("", responses=ready_made(CaseList) | refusals(404))
async def list_cases(
    *,
    request: Request,
    connection: ConnectionDep,
    me: CallerDep,
    sight: SightDep,
    wanted: WantedDep,
    sort: Sort = "due",
    after: After = None,
    limit: Rows = 50,
) -> Response:
    """Cases that the caller may see, a page at a time."""
    body = await case_lists.list_cases(connection, wanted, me, sight, sort=sort, after=after, limit=limit)
    return answer_bytes(request, body, media_type=JSON)


@router.get("/count", response_model=CaseCount, responses=refusals(404))
async def count_cases(connection: ConnectionDep, me: CallerDep, sight: SightDep, wanted: WantedDep) -> Any:
    """How many cases there are: of closed ones no more than 1,000 are counted, and `is_exact` says so."""
    return await case_lists.count_cases(connection, wanted, me, sight)


@router.get("/board", responses=ready_made(Board) | refusals(404))
async def show_board(
    request: Request, connection: ConnectionDep, me: CallerDep, sight: SightDep, wanted: WantedDep
) -> Response:
    """The seven stages, with counts by the time that is left, and the first 30 cases of each by when they are due."""
    return answer_bytes(request, await case_board.board(connection, wanted, me, sight), media_type=JSON)


@router.get("/{case_id}", responses=ready_made(CaseDetail) | refusals(404))
async def get_case(
    *,
    request: Request,
    connection: ConnectionDep,
    me: CallerDep,
    case_id: CaseId,
    lang: Language = None,
) -> Response:
    """Everything about one case, and what the caller may do with it now."""
    body = await case_details.get_case(connection, case_id, me, language=lang or settings().language)
    return answer_bytes(request, body, media_type=JSON)
