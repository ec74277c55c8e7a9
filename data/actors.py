"""Who the actors of cases are, looked up many at a time. Names of workers are masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import AsyncConnection as PsycopgConnection
from psycopg.rows import dict_row

from data.database import sql

Actor = dict[str, Any]
"""`kind` (worker, desk, agency), `actor`, `code`, `name`."""


async def named(driver: PsycopgConnection[Any], actors: Iterable[str | None]) -> dict[str, Actor]:
    """Each worker, desk and agency among `actors` by what it calls itself; others, such as `dispatcher`, are left out."""
    found = keys(actor for actor in actors if actor)
    if not any(found.values()):
        return {}
    async with driver.cursor(row_factory=dict_row) as cursor:
        given = {"worker_ids": found["worker"], "agency_ids": found["agency"], "desk_codes": found["desk"]}
        await cursor.execute(sql("actors"), given, prepare=True)
        return {row["actor"]: _shown(row) for row in await cursor.fetchall()}


def keys(actors: Iterable[str]) -> dict[str, list[Any]]:
    """By kind: the ids of workers and agencies, the codes of desks, each once."""
    told: dict[str, set[Any]] = {"worker": set(), "desk": set(), "agency": set()}
    for actor in actors:
        kind, _, key = actor.partition(":")
        if kind in told:
            told[kind].add(key if kind == "desk" else int(key))
    return {kind: sorted(values) for kind, values in told.items()}


def holder(row: Mapping[str, Any]) -> str | None:
    """Who holds a case, from its columns worker_id, desk_code and agency_id."""
    if row["worker_id"] is not None:
        return f"worker:{row['worker_id']}"
    if row["agency_id"] is not None:
        return f"agency:{row['agency_id']}"
    return f"desk:{row['desk_code']}" if row["desk_code"] is not None else None


def _shown(row: Mapping[str, Any]) -> Actor:
    return {name: row[name] for name in ("kind", "actor", "code", "name")}
