"""One's own account: grants, sessions, password, second factor."""

from __future__ import annotations

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Path, Request, Response

from api import cookies, doors, signing
from api.caller import SignedInDep
from api.dependencies import ConnectionDep, RowId, talk
from api.models.accounts import (
    Account,
    Changed,
    Confirmation,
    Enrolment,
    NewPassword,
    Recovery,
    Removal,
    Sessions,
    ShownCode,
)
from api.models.sessions import SignedIn
from api.responses import refusals
from data import accounts, own_account, second_factor, sessions
from data.sessions import Session
from data.signing import change_password, end_enrolment, wrong_code
from geo.errors import Conflict

router = APIRouter(prefix="/api", tags=["accounts"])
BODY = (400, 401, 413, 429)


@router.get("/account", response_model=Account, responses=refusals())
async def get_account(connection: ConnectionDep, session: SignedInDep) -> Any:
    """What the caller holds, where he has signed in, and what he signs in with."""
    return await talk(connection, own_account.read(session))


@router.post("/account/password", responses=refusals(*BODY))
async def change(request: Request, response: Response, session: SignedInDep, given: NewPassword) -> SignedIn:
    """Change one's password: other sessions end, this one gets another token."""
    account = await signing.confirm(request, session, given.current)
    hashed = await signing.check_new(request, account, given.new)
    async with signing.transaction(request) as opened:
        token = await talk(opened, change_password(session, account, hashed))
    return await turned(request, response, token)


@router.delete("/account/sessions/{session_id}", response_model=Sessions, responses=refusals(404))
async def end_session(
    connection: ConnectionDep,
    session: SignedInDep,
    session_id: Annotated[RowId, Path(description="`id` of a session", examples=[12])],
) -> Any:
    """End one of one's own sessions; those that are left."""
    await talk(connection, accounts.end_sessions(session.account, by=session.account, only=session_id))
    return {"sessions": await talk(connection, own_account.sessions_of(session))}


@router.post("/account/second-factor", responses=refusals(*BODY, 409))
async def begin_second_factor(request: Request, session: SignedInDep, given: Confirmation) -> Enrolment:
    """Draw a secret for a device; it counts once a code was shown."""
    account = await signing.confirm(request, session, given.password)
    async with signing.transaction(request) as opened:
        secret = await talk(opened, second_factor.begin(account))
    uri = second_factor.address(secret, session.account)
    return Enrolment(secret=secret, uri=uri, picture=segno.make(uri, error="m").svg_data_uri(scale=5, border=2))


@router.post("/account/second-factor/code", responses=refusals(*BODY, 409))
async def confirm_second_factor(
    request: Request, response: Response, session: SignedInDep, given: ShownCode
) -> Recovery:
    """Show the first code of the device: from now on signing in needs one. Tells the recovery codes, once."""
    async with signing.transaction(request) as opened:
        ended = await talk(opened, end_enrolment(session, given.code))
    if ended is None:
        raise wrong_code()
    codes, token = ended
    signed = await turned(request, response, token)
    return Recovery(**signed.model_dump(), recovery_codes=codes)


@router.post("/account/second-factor/remove", response_model=Changed, responses=refusals(*BODY, 409))
async def remove_second_factor(request: Request, session: SignedInDep, given: Removal) -> Any:
    """Take away one's second factor, with the password and a code; an administrator keeps his."""
    account = await signing.confirm(request, session, given.password)
    if session.is_administrator:
        raise Conflict("an administrator does not go without a second factor")
    await signing.check_code(request, session, given.code)
    async with signing.transaction(request) as opened:
        await talk(opened, second_factor.remove(account, by=session.account))
    return {"name": session.account}


@router.post("/session/second-factor", responses=refusals(409, *BODY))
async def show_second_factor(request: Request, response: Response, session: SignedInDep, given: ShownCode) -> SignedIn:
    """The second step of signing in: a code of the device, or a recovery code, each taken once."""
    return await turned(request, response, await signing.show_code(request, session, given.code))


async def turned(request: Request, response: Response, token: str) -> SignedIn:
    """Hand over the token that a session has from now on."""
    async with signing.transaction(request) as opened:
        return _kept(request, response, token, await talk(opened, sessions.find(token)))


def _kept(request: Request, response: Response, token: str, found: Session | None) -> SignedIn:
    """As a cookie where the old one came as a cookie, else in the answer."""
    assert found
    is_cookie = cookies.read(request) is not None
    if is_cookie:
        cookies.keep(request, response, token)
    return SignedIn(stage=found.stage.value, home=doors.home(found, request), token=None if is_cookie else token)
