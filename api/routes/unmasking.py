"""One record shown whole, with a reason, on record."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.caller import CallerDep
from api.dependencies import ConnectionDep, RowId, talk
from api.models.personal import Unmasking, WholeCase, WholeWorker
from api.responses import refusals
from api.routes.moves import CaseId
from data import case_details, contacts

router = APIRouter(prefix="/api", tags=["people"])
REFUSED = refusals(400, 403, 404, 413)
NEVER_KEPT = "no-store"


@router.post("/cases/{case_id}/unmask", response_model=WholeCase, responses=REFUSED)
async def unmask_case(
    connection: ConnectionDep, response: Response, case_id: CaseId, given: Unmasking, me: CallerDep
) -> Any:
    """Who reported a case, who signed in it, and the description with its numbers, whole."""
    await case_details.require(connection, case_id, me)
    response.headers["Cache-Control"] = NEVER_KEPT
    return await talk(connection, contacts.unmask_case(case_id, given.reason))


@router.post("/workers/{worker_id}/unmask", response_model=WholeWorker, responses=REFUSED)
async def unmask_worker(
    connection: ConnectionDep,
    response: Response,
    worker_id: Annotated[RowId, Path(description="`id` of a grid worker", examples=[12])],
    given: Unmasking,
    me: CallerDep,
) -> Any:
    """Name and telephone number of a grid worker, whole: for the desks of his ground, and for himself."""
    response.headers["Cache-Control"] = NEVER_KEPT
    return await talk(connection, contacts.unmask_worker(worker_id, given.reason, me))
