"""Who an actor is: a worker, an agency or a desk, looked up by what it calls itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.models import Agency, Unit, Worker
from geo.callers import DESK_ROLES, REPORTER, Caller, scope_of
from geo.errors import NotFound
from geo.lifecycle import Role

MAX_ID = 2**63 - 1


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
