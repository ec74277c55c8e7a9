"""Signing in and out: by name and password, or by one click to an account of the demo."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api import cookies, cross_site, doors, signing
from api.caller import SignedInDep
from api.dependencies import ConnectionDep, talk
from api.models.sessions import DemoSignIn, SignedIn, SignedOut, SignIn
from api.responses import refusals
from data import sessions
from data.signing import demo, sign_out

router = APIRouter(prefix="/api/session", tags=["accounts"], dependencies=[Depends(cross_site.check_origin)])


@router.post("", status_code=201, responses=refusals(400, 401, 413, 429))
async def sign_in(request: Request, response: Response, given: SignIn) -> SignedIn:
    """Sign in. The session comes as cookies, or as a token for programs that ask for it."""
    token = await signing.sign_in(request, given.name, given.password)
    return await _opened(request, response, token, wants_token=given.wants_token)


@router.post("/demo", status_code=201, responses=refusals(400, 404, 413))
async def sign_in_to_demo(request: Request, response: Response, given: DemoSignIn) -> SignedIn:
    """Sign in to an account of the demo, which asks for no password; other databases have none."""
    async with signing.transaction(request) as opened:
        token = await talk(opened, demo(given.name, signing.visitor(request)))
    return await _opened(request, response, token)


@router.delete("", responses=refusals())
async def sign_out_here(
    request: Request, connection: ConnectionDep, session: SignedInDep, response: Response
) -> SignedOut:
    """Sign out: the session ends, its token opens nothing any more."""
    await talk(connection, sign_out(session))
    cookies.forget(request, response)
    return SignedOut(account=session.account)


async def _opened(request: Request, response: Response, token: str, *, wants_token: bool = False) -> SignedIn:
    """Hand over a new session; the one that the browser had before ends."""
    async with signing.transaction(request) as opened:
        found = await talk(opened, sessions.find(token))
        await talk(opened, sessions.leave(cookies.read(request)))
    assert found
    if not wants_token:
        cookies.keep(request, response, token)
    return SignedIn(stage=found.stage.value, home=doors.home(found, request), token=token if wants_token else None)
