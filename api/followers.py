"""Who follows a stream, and whether he still may: all streams of a process are looked at by one question every two seconds.

A stream ends when its session has ended, rested too long or been given another token, when its account is locked, and when its
owner is no longer who he was when it began.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request
from psycopg import AsyncConnection

from api.caller import CallerDep, SignedInDep
from data import sessions
from data.dialogues import hold_async
from data.sessions import Session, Stage
from geo.callers import Caller

LOOKED_AT_EVERY_S = 2.0


@dataclass(eq=False, frozen=True)
class Follower:
    """One open stream: for whom it is, and by what it is ended."""

    session: Session
    caller: Caller
    limit: asyncio.Timeout

    def may_go_on(self, now: Session | None) -> bool:
        """Whether his session, as it is `now`, is open and makes him the same caller."""
        if now is None or now.stage is not Stage.OPEN:
            return False
        again = replace(now, wanted=self.session.wanted)
        return self.caller == (again.caller() or again.by_default())

    def end(self) -> None:
        self.limit.reschedule(asyncio.get_running_loop().time())


class Followers:
    """The open streams of this process."""

    def __init__(self) -> None:
        self._present: set[Follower] = set()

    def are_any(self) -> bool:
        return bool(self._present)

    @asynccontextmanager
    async def following(self, session: Session, caller: Caller, *, seconds: float | None = None) -> AsyncIterator[None]:
        """Follow for `seconds` at most, null: until it has come to its end; what is done within ends where he may no longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds) as limit:
                follower = Follower(session, caller, limit)
                self._present.add(follower)
                try:
                    yield
                finally:
                    self._present.discard(follower)

    async def look(self, driver: AsyncConnection[Any]) -> None:
        """End the streams of those who may no longer follow."""
        present = list(self._present)
        found = await hold_async(driver, sessions.still_open({one.session.digest for one in present}))
        for one in present:
            if one in self._present and not one.may_go_on(found.get(one.session.digest)):
                one.end()


Allowed = AbstractAsyncContextManager[None]
"""What a stream runs in, and is ended by."""


def allowed(request: Request, session: SignedInDep, me: CallerDep) -> Callable[..., Allowed]:
    """`Followers.following` for the caller of the request."""
    followers: Followers = request.app.state.followers
    return partial(followers.following, session, me)


FollowingDep = Annotated[Callable[..., Allowed], Depends(allowed)]
