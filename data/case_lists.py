"""Pages of cases in a chosen order, and how many there are. A page begins after the last row of the one before, never by count.

An order is made of stretches, one after the other, each along one index: the most urgent first means those with a clock by
when they are due, then those without, then the closed ones, the last closed first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

import orjson
from psycopg import AsyncConnection as PsycopgConnection
from sqlalchemy.ext.asyncio import AsyncConnection

from data import case_rows
from data.case_filters import IS_DONE, IS_OPEN, Filter, Wanted, narrow
from data.case_rows import Case
from data.database import async_driver_connection
from geo.callers import Caller
from geo.errors import BadInput
from geo.lifecycle import DONE, OPEN, State
from geo.sight import Sight

COUNTED = 1_000
"""Of closed cases more than this are not counted to the end."""
MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class Stretch:
    """Cases in `states` by the first of the columns `keys` that is not null, then by id; no keys: by id alone."""

    states: frozenset[State]
    condition: LiteralString
    keys: tuple[LiteralString, ...]
    is_falling: bool = False

    @property
    def key(self) -> LiteralString | None:
        """Not COALESCE, by which no index is gone along where the database restricts who sees what."""
        if len(self.keys) < 2:
            return f"c.{self.keys[0]}" if self.keys else None
        first, second = self.keys
        return f"(CASE WHEN c.{first} IS NULL THEN c.{second} ELSE c.{first} END)"

    def place(self, number: int, case: Case) -> Place:
        """Where the list goes on after `case`."""
        return Place(number, next((case[name] for name in self.keys if case[name] is not None), None), case["id"])


ALL = frozenset(State)
CLOSED = Stretch(frozenset(DONE), IS_DONE, ("closed_at", "filed_at"), is_falling=True)
CLOSED_AT: LiteralString = CLOSED.key or ""
SORTS: dict[str, tuple[Stretch, ...]] = {
    "due": (
        Stretch(OPEN, f"{IS_OPEN} AND c.due_at IS NOT NULL", ("due_at",)),
        Stretch(OPEN, f"{IS_OPEN} AND c.due_at IS NULL", ()),
        CLOSED,
    ),
    "-filed": (Stretch(ALL, "", ("filed_at",), is_falling=True),),
    "filed": (Stretch(ALL, "", ("filed_at",)),),
    "-held": (Stretch(OPEN, IS_OPEN, ("held_since", "filed_at")), CLOSED),
    "id": (Stretch(ALL, "", ()),),
}
"""`-held`: who has waited longest in one hand comes first."""


@dataclass(frozen=True)
class Place:
    """Where a list goes on: in which stretch, after which key and id."""

    stretch: int = 0
    key: datetime | None = None
    id: int | None = None

    def __str__(self) -> str:
        moment = f"{self.key.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z" if self.key else ""
        return f"{self.stretch}~{moment}~{self.id}"


async def list_cases(
    connection: AsyncConnection,
    wanted: Wanted,
    caller: Caller,
    sight: Sight | None = None,
    *,
    sort: str = "due",
    after: str | None,
    limit: int,
) -> bytes:
    """A page of cases: `cases`, and `next` to go on with, null on the last page. Raises: BadInput for a bad `after`."""
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller, sight)
    cases, following = await page(driver, chosen, sort=sort, place=read_place(after, sort), limit=limit)
    return orjson.dumps({"cases": cases, "next": following and str(following)})


async def page(
    driver: PsycopgConnection[Any], chosen: Filter, *, sort: str, place: Place, limit: int
) -> tuple[list[Case], Place | None]:
    """Up to `limit` cases from `place` on, and where the list goes on."""
    found: list[Case] = []
    for number, stretch in enumerate(SORTS[sort]):
        if number < place.stretch or not chosen.can_be(stretch.states):
            continue
        begin = place if number == place.stretch else Place(number)
        given = chosen.parameters | {"after_key": begin.key, "after_id": begin.id, "limit": limit + 1 - len(found)}
        more = await case_rows.found(driver, statement(chosen, stretch, begin), given)
        if len(found) + len(more) > limit:
            kept = more[: limit - len(found)]
            return found + kept, stretch.place(number, kept[-1]) if kept else Place(number)
        found += more
    return found, None


def statement(chosen: Filter, stretch: Stretch, begin: Place) -> LiteralString:
    """The ids of a stretch in its order, from `begin` on, at most `limit`."""
    beyond, falling = ("<", " DESC") if stretch.is_falling else (">", "")
    order: LiteralString = f"{stretch.key}{falling}, c.id{falling}" if stretch.key else f"c.id{falling}"
    after: LiteralString = ""
    if begin.id is not None:
        after = (
            f"({stretch.key}, c.id) {beyond} (%(after_key)s, %(after_id)s)" if stretch.key else "c.id > %(after_id)s"
        )
    shown: LiteralString = f"c.id, {stretch.key or 'c.id'} AS key"
    tail: LiteralString = f"ORDER BY {order} LIMIT %(limit)s"
    found = chosen.rows(shown, stretch.condition, after, tail=tail)
    return found if len(chosen.branches) == 1 else f"{found} ORDER BY key{falling}, id{falling} LIMIT %(limit)s"


async def count_cases(
    connection: AsyncConnection, wanted: Wanted, caller: Caller, sight: Sight | None = None
) -> dict[str, Any]:
    """`count`, and whether it `is_exact`: of closed cases no more than `COUNTED` are counted."""
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller, sight)
    still_open = await _count(driver, chosen, IS_OPEN, None) if chosen.can_be(OPEN) else 0
    done = await _count(driver, chosen, IS_DONE, COUNTED + 1) if chosen.can_be(frozenset(DONE)) else 0
    return {"count": still_open + min(done, COUNTED), "is_exact": done <= COUNTED}


async def _count(driver: PsycopgConnection[Any], chosen: Filter, condition: LiteralString, most: int | None) -> int:
    found = chosen.rows("c.id", condition, tail="LIMIT %(most)s")
    counted: LiteralString = f"SELECT count(*) FROM ({found}) AS found"  # noqa: S608
    cursor = await driver.execute(counted, chosen.parameters | {"most": most}, prepare=False)
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def matching(driver: PsycopgConnection[Any], wanted: Wanted, caller: Caller, limit: int) -> list[int]:
    """The ids of up to `limit` cases, in their order: what a move of many cases is about."""
    chosen = await narrow(driver, wanted, caller)
    given = chosen.parameters | {"limit": limit}
    cursor = await driver.execute(statement(chosen, SORTS["id"][0], Place()), given, prepare=False)
    return [case_id for case_id, _ in await cursor.fetchall()]


def read_place(after: str | None, sort: str) -> Place:
    """Raises: BadInput for what is not the `next` of a page in this order."""
    if after is None:
        return Place()
    try:
        number, moment, key = after.split("~")
        place = Place(
            int(number), datetime.fromisoformat(moment) if moment else None, int(key) if key != "None" else None
        )
        if (place.key is None) == (place.id is not None and SORTS[sort][place.stretch].key is not None):
            raise ValueError(after)
        return _checked(place, after)
    except (ValueError, IndexError) as error:
        fields = [{"field": "after", "value": after[:100], "message": "is not the `next` of a page in this order"}]
        raise BadInput("after: is not the `next` of a page in this order", fields=fields) from error


def _checked(place: Place, after: str) -> Place:
    if place.stretch < 0 or not 0 <= (place.id or 0) <= MAX_ID or (place.key and place.key.tzinfo is None):
        raise ValueError(after)
    return place
