"""For whom a transaction of the web is. The database shows it what is his and nothing else, whatever a statement forgets to say.

Settings of the transaction, by which row-level security goes (docs/access.md): `wangge.account`, `office`, `actor`, `address`;
`everything`; `door`, where it is seen who comes; `scope`, the digits of his ground; `areas` and `cells`, the ids of the versions
that he looks after; `seen`, ids of cases that he read for a move and sees until its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from psycopg import AsyncConnection, Connection

from data.database import sql
from data.dialogues import Dialogue, ask
from geo.callers import Caller
from geo.grants import NOWHERE
from geo.offices import ADMINISTRATORS, Office
from geo.sight import Sight

T = TypeVar("T")
WITHOUT_CASES = ADMINISTRATORS | {Office.PUBLIC, Office.STATION, Office.PLANNER}
"""Who sees neither cases nor people, whatever his ground."""


async def enter(
    driver: AsyncConnection[Any], caller: Caller, address: str | None = None, *, sees_all: bool = False
) -> Sight:
    """Begin a transaction for `caller`, who comes from `address`; what it shows. `sees_all`: for what is done by rule."""
    cursor = await driver.execute(sql("enter_scope"), _told(caller, address, sees_all=sees_all), prepare=True)
    return _sight(caller, await cursor.fetchone() or ())


def enter_sync(driver: Connection[Any], caller: Caller, address: str | None = None) -> None:
    """The same for what is reckoned in a thread."""
    driver.execute(sql("enter_scope"), _told(caller, address), prepare=True)


def lift_sync(driver: Connection[Any]) -> None:
    driver.execute(sql("lift_scope"), prepare=True)


async def stand_at_door(driver: AsyncConnection[Any], address: str | None = None) -> None:
    """See who comes, from `address`, until he has entered."""
    await driver.execute(sql("open_door"), {"address": address or ""}, prepare=True)


async def lift(driver: AsyncConnection[Any]) -> None:
    """See everything until the end of the transaction, or until somebody enters."""
    await driver.execute(sql("lift_scope"), prepare=True)


def show(case_id: int) -> Dialogue[None]:
    """Let the transaction see one case besides: whoever shows its link may."""
    yield ask("show_case", id=case_id)


def beyond(dialogue: Dialogue[T]) -> Dialogue[T]:
    """Hold a dialogue about what is done by rule, wherever it lies."""
    (row,) = yield ask("lift_scope")
    told = yield from dialogue
    yield ask("lower_scope", before=row["before"])
    return told


def _sight(caller: Caller, row: Sequence[Any]) -> Sight:
    *_, everything, areas, cells = row
    return Sight(caller.actor, everything == "on", frozenset(areas or ()), frozenset(cells or ()))


def _told(caller: Caller, address: str | None, *, sees_all: bool = False) -> Mapping[str, Any]:
    scope = NOWHERE if caller.office in WITHOUT_CASES else caller.scope
    return {
        "account": caller.account or "",
        "office": str(caller.office),
        "actor": caller.actor,
        "address": address or "",
        "scope": scope,
        "ground": None if sees_all or caller.cells or not scope else scope,
        "cells": [] if sees_all else list(caller.cells),
        "sees_all": sees_all,
    }
