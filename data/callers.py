"""Who an actor is: a worker, an agency or a desk, looked up by what it calls itself. Names of workers are masked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data import sealing
from data.database import async_driver_connection
from data.dialogues import Dialogue, Row, ask, hold_async
from data.models import Agency, Unit, Worker
from data.search import escaped
from geo.callers import DESK_ROLES, REPORTER, Caller, scope_of
from geo.errors import NotFound
from geo.lifecycle import Role

MAX_ID = 2**63 - 1
MOST_DESKS, MOST_OTHERS = 500, 20
Choice = dict[str, Any]
"""`actor`, `kind`, `code`, `name`, and the `level` of the unit that it acts or works for."""


async def identify(connection: AsyncConnection, actor: str) -> Caller:
    """The caller behind `worker:<id>`, `agency:<id>`, `desk:<code>` or `reporter`. Raises: NotFound when there is none."""
    kind, _, key = actor.partition(":")
    if actor == REPORTER.actor:
        return REPORTER
    found = await _scope(connection, kind, key)
    if found is None:
        raise NotFound(f"nobody is called {actor!r}; an actor is worker:<id>, agency:<id>, desk:<code> or reporter")
    return Caller(actor, *found)


async def _scope(connection: AsyncConnection, kind: str, key: str) -> tuple[Role, str] | None:
    if kind == "desk":
        level = await connection.scalar(select(Unit.level).where(Unit.code == key))
        return None if level is None else (DESK_ROLES[level], scope_of(key, level))
    if not key.isdecimal() or int(key) > MAX_ID:
        return None
    if kind == "worker":
        community = await connection.scalar(select(Worker.community_code).where(Worker.id == int(key)))
        return None if community is None else (Role.WORKER, community)
    return await _agency(connection, int(key)) if kind == "agency" else None


async def _agency(connection: AsyncConnection, key: int) -> tuple[Role, str] | None:
    wanted = select(Unit.code, Unit.level).join(Agency, Agency.area_code == Unit.code).where(Agency.id == key)
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else (Role.AGENCY, scope_of(row.code, row.level))


async def describe(connection: AsyncConnection, caller: Caller) -> dict[str, Any]:
    """Who the caller is: `actor`, `role`, `name` and the `area` that he acts or works for (`code`, `name`, `level`)."""
    kind, _, key = caller.actor.partition(":")
    rows = await hold_async(await async_driver_connection(connection), _one("caller", kind=kind, key=key))
    told = {"actor": caller.actor, "role": str(caller.role), "name": None, "area": None}
    if not rows:
        return told
    area = {"code": rows[0]["code"], "name": rows[0]["unit_name"], "level": rows[0]["level"]}
    return told | {"name": rows[0]["name"], "area": area}


async def choices(connection: AsyncConnection, typed: str) -> dict[str, list[Choice]]:
    """Whom one may act for, by a part of a name or code: `desks`, and the first `agencies` and `workers`."""
    driver, part = await async_driver_connection(connection), f"%{escaped(typed.strip())}%"
    digests = sealing.wanted_part(typed)
    desks = await hold_async(driver, _one("desks", part=part, most=MOST_DESKS))
    others = await hold_async(driver, _one("agencies_and_workers", part=part, digests=digests, most=MOST_OTHERS))
    return {"desks": desks} | {
        many: [row for row in others if row["kind"] == kind]
        for many, kind in (("agencies", "agency"), ("workers", "worker"))
    }


def _one(name: str, **parameters: Any) -> Dialogue[list[Row]]:
    return (yield ask(name, **parameters))
