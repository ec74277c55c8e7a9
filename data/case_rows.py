"""Cases as they are told in lists: one plain dictionary each. EPSG:4490; names of people and numbers in what they wrote masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from psycopg import AsyncConnection as PsycopgConnection
from psycopg.rows import dict_row

from data import actors
from data.geojson import DECIMALS
from geo.lifecycle import STAGES, State
from geo.masking import mask_numbers

Case = dict[str, Any]
PLACES = ("cell", "community", "street")
ROWS: LiteralString = "SELECT * FROM case_rows({ids}, %(now)s::timestamptz, %(today)s::date)"
HELD = ("worker_id", "desk_code", "agency_id")


async def rows(driver: PsycopgConnection[Any], ids: Sequence[int], clock: Mapping[str, Any]) -> list[Case]:
    """The cases with `ids`, in that order; `clock` has `now` and `today`."""
    return await _read(driver, *ask(ids, clock), prepare=True) if ids else []


def ask(ids: Sequence[int], clock: Mapping[str, Any]) -> tuple[LiteralString, dict[str, Any]]:
    """The statement that reads the rows of `ids`, and its parameters; each row still has to be `told`."""
    return ROWS.format(ids="%(ids)s::bigint[]"), {"ids": list(ids), "now": clock["now"], "today": clock["today"]}


async def found(driver: PsycopgConnection[Any], query: LiteralString, given: Mapping[str, Any]) -> list[Case]:
    """The cases whose ids `query` gives, in its order: planned for the values at hand, which the plan of the rows is not."""
    return await _read(driver, ROWS.format(ids=f"ARRAY(SELECT id FROM ({query}) AS page)"), given, prepare=False)  # noqa: S608


async def _read(
    driver: PsycopgConnection[Any], query: LiteralString, given: Mapping[str, Any], *, prepare: bool
) -> list[Case]:
    async with driver.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, given, prepare=prepare)
        return [told(row) for row in await cursor.fetchall()]


def told(row: dict[str, Any]) -> Case:
    """The row itself, changed: what comes as columns becomes what is told."""
    row["stage"] = STAGES[State(row["state"])]
    row["holder"] = _actor(actors.holder(row), row.pop("holder_code"), row.pop("holder_name"))
    row["lead"] = _actor(row["lead"], row.pop("lead_code"), row.pop("lead_name"))
    for kind in PLACES:
        code, name = row.pop(f"{kind}_code"), row.pop(f"{kind}_name")
        row[kind] = None if code is None else {"code": code, "name": name}
    for name in HELD:
        del row[name]
    row["description"] = mask_numbers(row["description"])
    row["lon"], row["lat"] = round(row["lon"], DECIMALS), round(row["lat"], DECIMALS)
    return row


def _actor(actor: str | None, code: str | None, name: str | None) -> actors.Actor | None:
    if actor is None:
        return None
    kind = actor.partition(":")[0]
    return {"kind": kind, "actor": actor, "code": code, "name": name}
