"""Reporting an incident: stored and located by one statement that agrees with the batch, once per key however many send it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from data.database import connect, sqlalchemy_url
from data.geojson import Page
from data.incident_lists import Wanted, get_incident, list_incidents
from data.incidents import Report, Reported, report
from data.situation import look
from geo.errors import BadInput, KeyReused, NotFound
from geo.location import locate
from geo.sight import Sight
from tests import town

TOWN = town.without(town.build(26, 26), 0.1)
SPOT = (116.28, 39.78)
ALL = Sight("desk:000000000000", everything=True)


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, TOWN)
    return database_url


@pytest.fixture
async def engine(settled: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(sqlalchemy_url(settled), poolclass=NullPool)
    yield made
    await made.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction, rolled back."""
    async with engine.connect() as opened:
        yield opened


def at(point: tuple[float, float] = SPOT, **more: str) -> Report:
    return Report(*point, "cgcs2000", point, more.pop("category", "C0101"), **more)


def told(one: Reported) -> tuple[object, ...]:
    codes = [place and place.code for place in (one.cell, one.community, one.street)]
    return one.located, *codes, [(other["code"], other["distance_m"]) for other in one.candidates]


def sample() -> np.ndarray:
    """Points anywhere in and around the town, and exactly on its borders."""
    rng = np.random.default_rng(11)
    west, south, east, north = TOWN.bounds
    anywhere = rng.uniform((west - 0.001, south - 0.001), (east + 0.001, north + 0.001), (250, 2))
    return np.vstack([anywhere, rng.permutation(town.border_points(TOWN))[:100]])


async def test_the_statement_and_the_batch_agree_on_every_point(settled: str, connection: AsyncConnection) -> None:
    places = sample()
    with connect() as plain:
        found = locate(places, look(plain).ground)
    columns = ["located", "cell_code", "community_code", "street_code"]
    for point, row, others in zip(places.tolist(), found[columns].to_numpy(), found["candidates"], strict=True):
        batch = [(one["code"], one["distance_m"]) for one in json.loads(others)]
        assert told(await report(connection, at(tuple(point)))) == (*row, batch)
    assert set(found["located"]) == {"inside", "border", "gap", "none"}


async def test_the_statement_and_the_batch_agree_on_cells_that_are_picked(
    settled: str, connection: AsyncConnection
) -> None:
    places = sample()
    with connect() as plain:
        ground = look(plain).ground
    offered = [json.loads(texts) for texts in locate(places, ground)["candidates"]]
    picks = {place: near[0]["code"] for place, near in enumerate(offered) if near}
    found = locate(places, ground, picks)
    for place, code in picks.items():
        point = tuple(places[place].tolist())
        one = await report(connection, replace(at(point), cell=code))
        others = [(other["code"], other["distance_m"]) for other in json.loads(found["candidates"][place])]
        assert (
            (one.located, one.cell and one.cell.code)
            == ("picked", code)
            == tuple(found.loc[place, ["located", "cell_code"]])
        )
        assert told(one)[-1] == others
    assert len(picks) > 50


async def test_a_picked_cell_beyond_the_tolerance_is_refused_and_stores_nothing(connection: AsyncConnection) -> None:
    with pytest.raises(BadInput, match="cell: does not lie within the tolerance"):
        await report(connection, replace(at(key="far"), cell="110199001001999"))
    assert not (await report(connection, at(key="far"))).is_replayed


async def test_a_report_is_stored_with_its_case_and_its_first_event(connection: AsyncConnection) -> None:
    one = await report(connection, at(description="井盖破损", key="whole"))
    whole = await get_incident(connection, one.id)
    assert (whole["state"], whole["description"], whole["datum"]) == ("filed", "井盖破损", "cgcs2000")
    assert one.cell and whole["cell"] == {"code": one.cell.code, "name": one.cell.name}
    assert [(event["event"], event["to_state"], event["actor"]) for event in whole["history"]] == [
        ("file", "filed", "reporter")
    ]
    assert (whole["holder"], whole["why"]) == (None, None)


async def test_the_same_report_again_is_the_same_incident(connection: AsyncConnection) -> None:
    first, again = await report(connection, at(key="twice")), await report(connection, at(key="twice"))
    assert (again.id, again.is_replayed, first.is_replayed) == (first.id, True, False)
    assert told(first) == told(again)


@pytest.mark.parametrize("other", [at(key="reused", description="别的"), at((116.29, 39.78), key="reused")])
async def test_a_key_with_another_content_is_refused(connection: AsyncConnection, other: Report) -> None:
    await report(connection, at(key="reused"))
    with pytest.raises(KeyReused):
        await report(connection, other)


async def test_an_unknown_category_is_refused_and_named(connection: AsyncConnection) -> None:
    with pytest.raises(BadInput, match="no category nonsense"):
        await report(connection, at(category="nonsense"))


async def test_thirty_two_at_once_with_one_key_make_one_incident(engine: AsyncEngine) -> None:
    async def send() -> Reported:
        async with engine.begin() as own:
            return await report(own, at(key="race"))

    sent = await asyncio.gather(*(send() for _ in range(32)))
    assert len({one.id for one in sent}) == 1
    assert sum(not one.is_replayed for one in sent) == 1


async def test_of_two_contents_under_one_key_at_once_one_is_refused(engine: AsyncEngine) -> None:
    async def send(description: str) -> Reported:
        async with engine.begin() as own:
            return await report(own, at(key="quarrel", description=description))

    outcomes = await asyncio.gather(*(send(text) for text in ("一", "二")), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Reported, KeyReused}


async def test_only_the_version_of_today_counts(connection: AsyncConnection) -> None:
    before = (await report(connection, at())).cell
    assert before is not None
    await connection.execute(text("UPDATE cell SET valid_to = current_date WHERE id = :id"), {"id": before.id})
    after = (await report(connection, at())).cell
    assert after is None or after.code != before.code


async def test_the_list_is_newest_first_and_its_pages_join(connection: AsyncConnection) -> None:
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    moments = [start + timedelta(minutes=minute // 2) for minute in range(7)]
    sent = [
        (await report(connection, Report(*SPOT, "wgs84", SPOT, "C0101", reported_at=moment))).id for moment in moments
    ]
    wanted, after, found = Wanted(since=start, until=start + timedelta(hours=1)), None, []
    while True:
        page = json.loads(await list_incidents(connection, Page(on=start.date(), after=after, limit=3), wanted, ALL))
        found += [feature["id"] for feature in page["features"]]
        if (after := page["next"]) is None:
            break
    assert found == sorted(sent, reverse=True)


async def test_the_list_can_be_narrowed(connection: AsyncConnection) -> None:
    one = await report(connection, at())
    assert one.cell and one.community
    page = Page(on=one.reported_at.date())

    async def count(wanted: Wanted) -> int:
        return sum(
            f["id"] == one.id for f in json.loads(await list_incidents(connection, page, wanted, ALL))["features"]
        )

    fitting = Wanted(state="filed", cell=one.cell.code, community=one.community.code, since=one.reported_at)
    assert await count(fitting) == 1
    for other in (
        Wanted(state="closed"),
        Wanted(cell="1" * 15),
        Wanted(community="1" * 12),
        Wanted(until=one.reported_at),
    ):
        assert await count(other) == 0


async def test_a_cursor_that_is_none_is_refused(connection: AsyncConnection) -> None:
    with pytest.raises(BadInput, match="after"):
        await list_incidents(connection, Page(on=datetime.now(tz=ZoneInfo("UTC")).date(), after="x"), Wanted(), ALL)


async def test_what_is_not_there_is_not_found(connection: AsyncConnection) -> None:
    with pytest.raises(NotFound):
        await get_incident(connection, 10**12)
