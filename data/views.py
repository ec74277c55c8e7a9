"""Selections of cases that somebody keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from data.models import SavedView
from geo.callers import Caller
from geo.errors import Conflict, Forbidden, NotFound
from geo.lifecycle import Role

MOST = 100
"""Views of one owner."""
SHOWN = (SavedView.id, SavedView.name, SavedView.query, SavedView.saved_at)


async def list_views(connection: AsyncConnection, owner: Caller) -> dict[str, Any]:
    """`views` of the caller by name: `id`, `name`, `query`, `saved_at`."""
    wanted = select(*SHOWN).where(SavedView.owner == owner.actor).order_by(SavedView.name)
    return {"views": [dict(row) for row in (await connection.execute(wanted)).mappings()]}


async def save(connection: AsyncConnection, owner: Caller, name: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Keep `query` under `name`, in place of what had that name. Raises: Forbidden for reporters; Conflict above `MOST`."""
    if owner.role is Role.REPORTER:
        raise Forbidden("a reporter has no views", actor=owner.actor)
    others = select(func.count()).where(SavedView.owner == owner.actor, SavedView.name != name)
    if (await connection.scalar(others) or 0) >= MOST:
        raise Conflict(f"more than {MOST} views are not kept; delete one", most=MOST)
    kept = insert(SavedView).values(owner=owner.actor, name=name, query=dict(query))
    again = {"query": kept.excluded.query, "saved_at": func.now()}
    stored = kept.on_conflict_do_update(index_elements=["owner", "name"], set_=again).returning(*SHOWN)
    return dict((await connection.execute(stored)).mappings().one())


async def remove(connection: AsyncConnection, owner: Caller, view_id: int) -> None:
    """Raises: NotFound, also for a view of another."""
    gone = delete(SavedView).where(SavedView.id == view_id, SavedView.owner == owner.actor).returning(SavedView.id)
    if (await connection.execute(gone)).one_or_none() is None:
        raise NotFound(f"no view {view_id}", id=view_id)
