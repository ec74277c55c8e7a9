"""Who calls: the one place from which every route takes the caller's role and ground."""

from __future__ import annotations

from typing import Annotated

from fastapi import Cookie, Depends, Header

from api.dependencies import ConnectionDep
from data import callers
from geo.callers import DUTY_DESK, Caller

Given = Annotated[
    str | None,
    Header(
        alias="X-Wangge-Actor",
        max_length=40,
        pattern=r"^[a-z]+(:[0-9]+)?$",
        description="Who calls: worker:<id>, agency:<id>, desk:<code> or reporter; else the cookie `actor`",
        examples=["desk:110199001000"],
    ),
]
COOKIE = "actor"
Remembered = Annotated[
    str | None, Cookie(alias=COOKIE, max_length=40, pattern=r"^[a-z]+(:[0-9]+)?$", include_in_schema=False)
]


async def caller(connection: ConnectionDep, given: Given = None, remembered: Remembered = None) -> Caller:
    """Who does not say who he is acts for the desk of last resort."""
    return await callers.identify(connection, given or remembered or DUTY_DESK)


CallerDep = Annotated[Caller, Depends(caller)]
