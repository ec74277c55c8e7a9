"""What a grid worker has in hand."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.caching import JSON
from api.caller import CallerDep
from api.dependencies import ConnectionDep
from api.models.work_cases import WorkCases
from api.responses import Responses, ready_made, refusals
from data import work_cases

router = APIRouter(prefix="/api/work", tags=["work"])
SHOWN: Responses = {200: ready_made(WorkCases)[200]}


@router.get("/cases", responses=SHOWN | refusals())
async def list_work_cases(connection: ConnectionDep, me: CallerDep) -> Response:
    """The caller's open cases and those where he was asked for help, at most 500, by due time."""
    return Response(orjson.dumps(await work_cases.list_cases(connection, me)), media_type=JSON)
