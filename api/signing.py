"""Signing in over HTTP: a try is counted and committed before it is judged, and the judging holds no connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api.dependencies import address, talk
from data import passwords, scope, signing
from data.database import async_driver_connection, async_engine
from data.dialogues import Dialogue, Row
from data.sessions import Session
from data.signing import Attempt, Visitor
from geo.errors import WanggeError

T = TypeVar("T")
AT_ONCE = asyncio.Semaphore(4)
"""A password takes 64 MiB and all it can get of a core to judge; more at once would starve the others."""


@asynccontextmanager
async def transaction(request: Request) -> AsyncIterator[AsyncConnection]:
    """One of its own, at the door: what is on record, with the address, stays, whatever the request comes to."""
    async with async_engine().begin() as opened:
        await scope.stand_at_door(await async_driver_connection(opened), address(request))
        yield opened


def visitor(request: Request) -> Visitor:
    return Visitor(request.client.host if request.client else "unknown", request.headers.get("user-agent"))


async def sign_in(request: Request, name: str, password: str) -> str:
    """The token of a new session. Raises: SignInFailed; Locked."""
    who = visitor(request)
    attempt = await _begun(request, signing.begin(name, who))
    is_right = await fits(password, attempt.account["password_hash"] if attempt.account else None)
    return await _ended(request, signing.end(attempt, who, is_right=is_right))


async def confirm(request: Request, session: Session, password: str) -> Row:
    """The account of a session, whose owner gives his password again. Raises: SignInFailed; Locked."""
    attempt = await _begun(request, signing.begin(session.account, visitor(request)))
    assert attempt.account
    is_right = await fits(password, attempt.account["password_hash"])
    await _ended(request, signing.confirmed(attempt, is_right=is_right))
    return attempt.account


async def show_code(request: Request, session: Session, code: str) -> str:
    """The token that the session has from then on. Raises: SignInFailed; Locked."""
    attempt = await _begun(request, signing.begin_code(session, visitor(request)))
    return await _ended(request, signing.end_code(session, attempt, code))


async def check_code(request: Request, session: Session, code: str) -> None:
    """The same of a session that stays as it is."""
    attempt = await _begun(request, signing.begin_code(session, visitor(request)))
    await _ended(request, signing.check_code(session, attempt, code))


async def check_new(request: Request, account: Row, password: str) -> str:
    """The hash of a password that is good enough. Raises: WeakPassword."""
    async with transaction(request) as opened:
        before = await talk(opened, signing.passwords_before(account))
    async with AT_ONCE:
        await asyncio.to_thread(passwords.check, password, account["name"], before)
        return await asyncio.to_thread(passwords.hashed, password)


async def one_time() -> tuple[str, str]:
    """A password to hand over, and its hash."""
    password = passwords.one_time()
    async with AT_ONCE:
        return password, await asyncio.to_thread(passwords.hashed, password)


async def fits(password: str, kept: str | None) -> bool:
    """Judged beside the loop."""
    async with AT_ONCE:
        return await asyncio.to_thread(passwords.is_right, password, kept)


async def _begun(request: Request, counting: Dialogue[Attempt]) -> Attempt:
    """A try that is counted, for good. Raises: Locked."""
    async with transaction(request) as opened:
        attempt = await talk(opened, counting)
    if attempt.tried.is_refused:
        assert attempt.tried.until
        raise signing.too_many(attempt.tried.until)
    return attempt


async def _ended(request: Request, ending: Dialogue[T | WanggeError]) -> T:
    """What comes of it, once all is on record. Raises: what the dialogue ends with."""
    async with transaction(request) as opened:
        told = await talk(opened, ending)
    if isinstance(told, WanggeError):
        raise told
    return told
