"""Over many cases the desk goes along indexes: no statement of its first page, filters or search reads a whole table."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from data.case_filters import Wanted, narrow
from data.case_lists import SORTS, Place, statement
from data.database import sql, web_options
from data.geojson import Bbox
from geo.callers import Caller
from geo.lifecycle import Role
from tests.benchmarks import desk
from tests.conftest import Databases

pytestmark = pytest.mark.slow
CASES = 50_000
DUTY = Caller("desk:000000000000", Role.DISTRICT)
STREET = Caller(f"desk:{desk.STREET}", Role.STREET, desk.STREET[:9])
WHOLE = ("Seq Scan on case_file", "Seq Scan on incident", "Seq Scan on case_event")


@pytest.fixture(scope="module")
def city(databases: Databases) -> Iterator[str]:
    url = databases.create("city")
    desk.fill(url, CASES)
    yield url


@pytest.fixture
async def driver(city: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    options = web_options()["options"]
    async with await psycopg.AsyncConnection.connect(city, autocommit=True, options=options) as opened:
        yield opened


async def explain(driver: psycopg.AsyncConnection[Any], query: str, given: dict[str, Any]) -> str:
    cursor = await driver.execute(f"EXPLAIN (COSTS off) {query}".encode(), given, prepare=False)
    return "\n".join(line for (line,) in await cursor.fetchall())


@pytest.mark.parametrize("me", [DUTY, STREET], ids=["duty", "street"])
@pytest.mark.parametrize("sort", ["due", "-filed", "filed", "id"])
@pytest.mark.parametrize("wanted", [
    Wanted(), Wanted(stage=("handle",)), Wanted(late=("late",)), Wanted(area=(desk.STREET,)), Wanted(area=(desk.COMMUNITY,)),
    Wanted(cell=(desk.CELL,)), Wanted(category=("C01",)), Wanted(source=("hotline",)), Wanted(q="垃圾"), Wanted(q="蜂窝"),
    Wanted(q="垃圾 北门"), Wanted(q=desk.CELL), Wanted(ids=(5, 6)), Wanted(holder=("worker:5",)),
    Wanted(bbox=Bbox(116.24, 39.82, 116.25, 39.83)), Wanted(since=datetime.now(UTC) - timedelta(days=2)),
], ids=lambda wanted: ",".join(name for name, value in vars(wanted).items() if value) or "all")  # fmt: skip
async def test_pages_go_along_an_index(
    driver: psycopg.AsyncConnection[Any], wanted: Wanted, sort: str, me: Caller
) -> None:
    chosen = await narrow(driver, wanted, me)
    for stretch in SORTS[sort]:
        if chosen.can_be(stretch.states):
            given = chosen.parameters | {"limit": 51}
            plan = await explain(driver, statement(chosen, stretch, Place()), given)
            assert [name for name in WHOLE if name in plan] == [], plan


async def test_months_before_a_case_are_not_looked_into(driver: psycopg.AsyncConnection[Any]) -> None:
    months = re.compile(r"on case_event_(\d{4}_\d\d)|using case_event_(\d{4}_\d\d)")
    now = datetime.now(UTC)
    new = await explain(driver, sql("case_history"), {"id": CASES, "since": now - timedelta(minutes=5)})
    old = await explain(driver, sql("case_history"), {"id": 1, "since": now - timedelta(days=60)})
    seen, all_seen = ({first or second for first, second in months.findall(plan)} for plan in (new, old))
    assert seen < all_seen and min(seen) >= f"{now:%Y_%m}"
