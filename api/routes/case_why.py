"""Why a case is with its holder."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.caller import CallerDep
from api.dependencies import ConnectionDep, SnapshotDep
from api.models.why import CaseWhy
from api.responses import refusals
from api.routes.moves import CaseId, Language
from data import case_details, why
from data.database import driver_connection
from data.settings import settings

router = APIRouter(prefix="/api/cases", tags=["cases"])
Replayed = Annotated[bool, Query(description="Decide again with the data of then, and compare")]


@router.get("/{case_id}/why", response_model=CaseWhy, responses=refusals(404))
async def why_case(
    *,
    connection: ConnectionDep,
    line: SnapshotDep,
    me: CallerDep,
    case_id: CaseId,
    replay: Replayed = False,
    lang: Language = None,
) -> Any:
    """By which cell, rule, roster and calendar it was dispatched. Worked out in a thread: a replay locates anew."""
    await case_details.require(connection, case_id, me)
    return await asyncio.to_thread(
        why.tell, driver_connection(line), case_id, lang or settings().language, is_replayed=replay
    )
