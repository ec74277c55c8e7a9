"""The way in through the city's own provider: out to it, and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import cookies, doors, oidc, signing
from api.dependencies import talk
from data import sessions
from data.signing import by_provider, failed_at_provider
from geo.errors import WanggeError

router = APIRouter(prefix="/login/oidc", tags=["pages"], include_in_schema=False)
Next = Annotated[str | None, Query(alias="next", max_length=2000, description="Where to go on")]
FRESH = {"Cache-Control": "no-store"}


@router.get("")
async def leave(request: Request, onward: Next = None) -> Response:
    """To the provider."""
    return await oidc.begin(request, str(request.url_for("come_back")), doors.own(onward) or doors.MAP)


@router.get("/back")
async def come_back(request: Request) -> Response:
    """From the provider: a session for the account that is linked to whoever it names; else back to the door, which says so."""
    try:
        subject, onward = await oidc.end(request)
        async with signing.transaction(request) as opened:
            token = await talk(opened, by_provider(subject, signing.visitor(request)))
            await talk(opened, sessions.leave(cookies.read(request)))
    except WanggeError:
        async with signing.transaction(request) as opened:
            await talk(opened, failed_at_provider())
        return _answer(request, f"{doors.LOGIN}?failed=oidc")
    response = _answer(request, doors.own(onward) or doors.MAP)
    cookies.keep(request, response, token)
    return response


def _answer(request: Request, path: str) -> Response:
    """What was begun is over, whatever it came to."""
    response = RedirectResponse(path, 303, headers=FRESH)
    cookies.forget_begun(request, response)
    return response
