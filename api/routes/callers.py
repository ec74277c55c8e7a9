"""Who calls: told, and remembered in a cookie."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.caller import COOKIE, CallerDep
from api.dependencies import ConnectionDep, Text
from api.models.callers import Choices, Claim, Me
from api.responses import refusals
from data import callers

router = APIRouter(prefix="/api/me", tags=["callers"])
YEAR_S = 365 * 24 * 3600


@router.get("", response_model=Me, responses=refusals(404))
async def get_me(connection: ConnectionDep, me: CallerDep) -> Any:
    """Who the caller is and for which area he acts."""
    return await callers.describe(connection, me)


@router.put("", response_model=Me, responses=refusals(400, 404, 413))
async def put_me(connection: ConnectionDep, given: Claim, response: Response) -> Any:
    """Act for somebody from now on; remembered by the browser."""
    me = await callers.identify(connection, given.actor)
    response.set_cookie(COOKIE, me.actor, max_age=YEAR_S, httponly=True, samesite="lax")
    return await callers.describe(connection, me)


@router.get("/choices", response_model=Choices, responses=refusals())
async def list_choices(
    connection: ConnectionDep,
    q: Annotated[Text, Query(description="A part of a name or code", examples=["柳荫"])] = "",
) -> Any:
    """Whom one may act for: desks, and the first agencies and workers."""
    return await callers.choices(connection, q)
