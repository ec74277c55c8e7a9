"""Who calls: told, and remembered in a cookie."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api import cookies
from api.caller import CallerDep, SignedInDep
from api.dependencies import ConnectionDep, Text
from api.models.callers import Choices, Claim, Me, Parts
from api.responses import refusals
from data import callers

router = APIRouter(prefix="/api/me", tags=["callers"])
Part = Annotated[Text, Query(description="A part of a name or code", examples=["柳荫"])]
YEAR_S = 365 * 24 * 3600


@router.get("", response_model=Me, responses=refusals(404))
async def get_me(connection: ConnectionDep, me: CallerDep) -> Any:
    """Who the caller is and for which area he acts."""
    return await callers.describe(connection, me)


@router.put("", response_model=Me, responses=refusals(400, 404, 413))
async def put_me(connection: ConnectionDep, session: SignedInDep, given: Claim, response: Response) -> Any:
    """Act as another of one's own, or for a desk below, from now on; remembered by the browser."""
    me = await callers.become(connection, session, given.actor)
    response.set_cookie(cookies.ACTOR, me.actor, max_age=YEAR_S, httponly=True, samesite="lax")
    return await callers.describe(connection, me)


@router.get("/choices", response_model=Choices, responses=refusals())
async def list_choices(connection: ConnectionDep, q: Part = "") -> Any:
    """To whom a case can be given: desks, and the first agencies and workers."""
    return await callers.choices(connection, q)


@router.get("/parts", response_model=Parts, responses=refusals())
async def list_parts(connection: ConnectionDep, session: SignedInDep, q: Part = "") -> Any:
    """As whom one may act: what one was granted, then the desks below."""
    return {"parts": await callers.parts(connection, session, q)}
