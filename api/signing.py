"""Signing in over HTTP: a try is counted and committed before it is judged, and the judging holds no connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api.dependencies import talk
from data import passwords, signing
from data.database import async_engine
from data.signing import Visitor
from geo.errors import WanggeError

AT_ONCE = asyncio.Semaphore(4)
"""A password takes 64 MiB and all it can get of a core to judge; more at once would starve the others."""


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncConnection]:
    """One of its own: what is on record stays, whatever the request comes to."""
    async with async_engine().begin() as opened:
        yield opened


def visitor(request: Request) -> Visitor:
    return Visitor(request.client.host if request.client else "unknown", request.headers.get("user-agent"))


async def sign_in(request: Request, name: str, password: str) -> str:
    """The token of a new session. Raises: SignInFailed; Locked."""
    who = visitor(request)
    async with transaction() as opened:
        attempt = await talk(opened, signing.begin(name, who))
    if attempt.tried.is_refused:
        assert attempt.tried.until
        raise signing.too_many(attempt.tried.until)
    is_right = await fits(password, attempt.account["password_hash"] if attempt.account else None)
    async with transaction() as opened:
        told = await talk(opened, signing.end(attempt, who, is_right=is_right))
    if isinstance(told, WanggeError):
        raise told
    return told


async def fits(password: str, kept: str | None) -> bool:
    """Judged beside the loop."""
    async with AT_ONCE:
        return await asyncio.to_thread(passwords.is_right, password, kept)
