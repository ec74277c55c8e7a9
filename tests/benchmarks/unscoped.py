"""The web as it would be without scope: it comes as the owner, tells the database nothing of its callers and is shown everything.

What each caller looks after is looked up once, so that lists go on asking for the same rows. A seam of the benchmark alone.
"""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection

from api import server
from data import case_board, case_filters, case_lists, scope
from data.case_filters import Filter, Wanted
from geo.callers import Caller
from geo.sight import Sight

enter, narrow = scope.enter, case_filters.narrow
known: dict[Caller, Sight] = {}


async def remember(driver: AsyncConnection[Any], caller: Caller, address: str | None = None, **_: Any) -> Sight:
    """What the caller's transaction would show."""
    if caller not in known:
        known[caller] = await enter(driver, caller, address)
    return known[caller]


async def stay_outside(driver: AsyncConnection[Any]) -> None:
    """The owner needs no door."""


async def ask_for_ground(driver: AsyncConnection[Any], wanted: Wanted, caller: Caller, sight: Sight | None) -> Filter:
    """As nobody has entered, nobody has told which ids a ground has."""
    return await narrow(driver, wanted, caller)


def main() -> None:
    for module, name, instead in (
        (scope, "enter", remember),
        (scope, "stand_at_door", stay_outside),
        (case_lists, "narrow", ask_for_ground),
        (case_board, "narrow", ask_for_ground),
    ):
        setattr(module, name, instead)
    server.main()
