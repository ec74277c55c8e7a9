"""The reporter comes back: rates a closed case or opens it again, by a link without an account."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from api.caller import CallerDep
from api.dependencies import NEWS, ConnectionDep, talk
from api.models.moves import NewRating
from api.models.rating import Link, RatedCase, Reopening
from api.responses import refusals
from api.routes.moves import CaseId
from data import links, photos, rating, scope
from geo.cases import Rating

router = APIRouter(prefix="/api", tags=["rating"])
Token = Annotated[
    str,
    Path(max_length=60, description="Of the link that the reporter was given", examples=["50501.Jm3hYtq0V7xkQ2sZbn4T"]),
]


async def parse_token(token: Token, connection: ConnectionDep) -> int:
    """The case that the link was made for, which whoever has it sees."""
    case_id = links.read(token)
    await talk(connection, scope.show(case_id))
    return case_id


TokenDep = Annotated[int, Depends(parse_token)]


@router.get("/rate/{token}", response_model=RatedCase, responses=refusals(404, 409))
async def get_rated(connection: ConnectionDep, case_id: TokenDep) -> Any:
    """What became of the report, and what may be done about it."""
    return await talk(connection, rating.look(case_id))


@router.post("/rate/{token}", response_model=RatedCase, dependencies=[NEWS], responses=refusals(400, 404, 409, 413))
async def rate_case(connection: ConnectionDep, case_id: TokenDep, given: NewRating) -> Any:
    """Rate a closed case, once per closing: was it answered, was it solved, how satisfied."""
    return await talk(connection, rating.rate(case_id, Rating(**given.model_dump())))


@router.post(
    "/rate/{token}/reopen", response_model=RatedCase, dependencies=[NEWS], responses=refusals(400, 404, 409, 413)
)
async def reopen_case(connection: ConnectionDep, case_id: TokenDep, given: Reopening) -> Any:
    """Open a closed case again, within the days that the parameter `reopen_days` grants."""
    return await talk(connection, rating.reopen(case_id, given.reason))


@router.post("/cases/{case_id}/link", response_model=Link, responses=refusals(404))
async def make_link(connection: ConnectionDep, case_id: CaseId, me: CallerDep) -> Any:
    """The link for the reporter of a case, for a desk to hand over."""
    await talk(connection, photos.check_may_add(case_id, me))
    return {"url": links.address(case_id)}
