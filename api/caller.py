"""Who calls: the one place from which every route takes the session, and the caller with his role and ground."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from api import cookies, cross_site, limits
from api.lines import Line, LineDep
from data import sessions
from data.database import async_driver_connection
from data.dialogues import hold_async
from data.sessions import Session, Stage
from geo.callers import PUBLIC, Caller
from geo.errors import Forbidden, Unauthenticated, Unfinished

ACTOR = r"^[a-z]+(:[0-9]+)?$"
Given = Annotated[
    str | None,
    Header(
        alias="X-Wangge-Actor",
        max_length=40,
        pattern=ACTOR,
        description="As whom: one of the caller's own, or a desk below; else the cookie `actor`, else his first grant",
        examples=["desk:110199001000"],
    ),
]
BEARER = "bearer "
ENROLMENT = frozenset({"/api/account/second-factor", "/api/account/second-factor/code"})
STEPS: dict[Stage, frozenset[str]] = {
    Stage.SECOND_FACTOR: frozenset({"/api/session/second-factor"}),
    Stage.PASSWORD: frozenset({"/api/account/password"}),
    Stage.ENROLMENT: ENROLMENT,
}
"""What is open to somebody who has signed in, but not shown or changed what he must; and signing out."""
SIGN_OUT = "/api/session"
UNATTENDED = "x-wangge-unattended"
STREAM = "text/event-stream"


async def session(request: Request, line: LineDep, given: Given = None) -> Session | None:
    """The open session that the request belongs to; None: the caller has not signed in, or no longer. Looked for once."""
    if not hasattr(request.state, "session"):
        request.state.session = await _find(request, line, given)
    found: Session | None = request.state.session
    return found


async def _find(request: Request, line: Line, given: str | None) -> Session | None:
    token, is_cookie = _token(request)
    if token is None:
        return None
    driver = await async_driver_connection(await line.at_door())
    found = await hold_async(driver, sessions.find(token, given or request.cookies.get(cookies.ACTOR)))
    if found and is_cookie:
        cross_site.check(request, token)
    if found:
        limits.count_account(request, found.account)
        if not _is_unattended(request):
            await hold_async(driver, sessions.note_seen(found))
    return found


def _is_unattended(request: Request) -> bool:
    """Whether a page asks by itself: a stream that it opens anew, or what it loads while nobody moves. Rest goes on meanwhile."""
    return UNATTENDED in request.headers or STREAM in request.headers.get("accept", "")


SessionDep = Annotated[Session | None, Depends(session)]


async def signed_in(request: Request, session: SessionDep) -> Session:
    """Raises: Unauthenticated; Unfinished before the last step of signing in, but for that step."""
    if session is None:
        raise Unauthenticated("sign in first")
    path = _path(request)
    if session.stage is not Stage.OPEN and path != SIGN_OUT and path not in STEPS[session.stage]:
        raise Unfinished("signing in is not finished", stage=str(session.stage))
    return session


SignedInDep = Annotated[Session, Depends(signed_in)]


async def caller(request: Request, session: SessionDep, given: Given = None) -> Caller:
    """Who has not signed in is the public. Raises: Unfinished before the last step of signing in; Forbidden for another's part."""
    request.state.caller = PUBLIC
    if session is None:
        return PUBLIC
    await signed_in(request, session)
    found = session.caller() or (None if given else session.by_default())
    if found is None:
        raise Forbidden(f"{session.account} may not act as {given}", actor=given)
    request.state.caller = found
    return found


CallerDep = Annotated[Caller, Depends(caller)]


async def count_report(request: Request, me: CallerDep) -> None:
    """Raises: TooManyRequests for an address from which too much is reported by people who have not signed in."""
    if me.account is None:
        limits.count_public_report(request)


def _token(request: Request) -> tuple[str | None, bool]:
    """The session's token, and whether it came as a cookie, which a browser also sends when it was not asked to."""
    told = request.headers.get("authorization", "")
    if told[: len(BEARER)].lower() == BEARER:
        return told[len(BEARER) :].strip(), False
    return cookies.read(request), True


def _path(request: Request) -> str:
    return str(request.scope["route"].path)
