"""Who acts: as whom the owner of a session may, what he is called, and whom a case can be given to. Names of workers are masked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data import sealing
from data.database import async_driver_connection
from data.dialogues import Dialogue, Row, ask, hold_async
from data.models import Unit
from data.search import escaped
from data.sessions import Session
from geo.callers import Caller
from geo.errors import Forbidden
from geo.grants import Wanted, act
from geo.offices import SENIOR

MOST_DESKS, MOST_OTHERS = 500, 20
Choice = dict[str, Any]
"""`actor`, `kind`, `code`, `name`, and the `level` of the unit that it acts or works for."""


async def become(connection: AsyncConnection, session: Session, actor: str) -> Caller:
    """The caller that the owner of a session is as `actor`. Raises: Forbidden when that is not his to be."""
    level = await connection.scalar(select(Unit.level).where(Unit.code == actor.partition(":")[2]))
    found = act(session.account, session.grants, Wanted(actor, level if actor.startswith("desk:") else None))
    if found is None:
        raise Forbidden(f"{session.account} may not act as {actor}", actor=actor)
    return found


async def describe(connection: AsyncConnection, caller: Caller) -> dict[str, Any]:
    """Who the caller is: `actor`, `role`, `office`, `account`, `name` and the `area` that he acts or works for."""
    kind, _, key = caller.actor.partition(":")
    rows = await hold_async(await async_driver_connection(connection), _one("caller", kind=kind, key=key))
    told = {"actor": caller.actor, "role": str(caller.role), "name": None, "area": None}
    told |= {"office": str(caller.office), "account": caller.account}
    if not rows:
        return told
    area = {"code": rows[0]["code"], "name": rows[0]["unit_name"], "level": rows[0]["level"]}
    return told | {"name": rows[0]["name"], "area": area}


async def choices(connection: AsyncConnection, typed: str) -> dict[str, list[Choice]]:
    """To whom a case can be given, by a part of a name or code: `desks`, and the first `agencies` and `workers`."""
    driver, part, digests = await async_driver_connection(connection), _part(typed), sealing.wanted_part(typed)
    desks = await hold_async(driver, _one("desks", part=part, within=["%"], most=MOST_DESKS))
    others = await hold_async(driver, _one("agencies_and_workers", part=part, digests=digests, most=MOST_OTHERS))
    return {"desks": desks} | {
        many: [row for row in others if row["kind"] == kind]
        for many, kind in (("agencies", "agency"), ("workers", "worker"))
    }


async def parts(connection: AsyncConnection, session: Session, typed: str) -> list[Choice]:
    """As whom the owner of a session may act, by a part of a name or code: what he was granted, then the desks below."""
    driver, part = await async_driver_connection(connection), _part(typed)
    own = [grant.actor for grant in session.grants]
    within = [f"{grant.scope}%" for grant in session.grants if grant.office in SENIOR]
    granted = await hold_async(driver, _one("granted_parts", actors=own, part=part))
    below = await hold_async(driver, _one("desks", part=part, within=within, most=MOST_DESKS))
    return granted + [row for row in below if row["actor"] not in own]


def _part(typed: str) -> str:
    return f"%{escaped(typed.strip())}%"


def _one(name: str, **parameters: Any) -> Dialogue[list[Row]]:
    return (yield ask(name, **parameters))
