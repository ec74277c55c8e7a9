"""The stream of case events: in commit order, without a gap or a double, whatever transactions are open meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import live
from data.database import async_engine
from data.live import Feed, Message, current, read_since
from data.snapshots import Cursor, Snapshot
from geo.errors import BadInput
from geo.sight import Sight
from tests import town

Line = psycopg.Connection[Any]
ALL = Sight("desk:000000000000", everything=True)
FILE = """
    WITH told AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        VALUES ('C0101', 116.3, 39.8, 'cgcs2000', ST_SetSRID(ST_MakePoint(116.3, 39.8), 4490)) RETURNING id
    ), filed AS (INSERT INTO case_file (id) SELECT id FROM told)
    INSERT INTO case_event (case_id, event, to_state, actor) SELECT id, 'file', 'filed', 'reporter' FROM told RETURNING case_id
"""


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, town.build(13, 13))
    return database_url


@pytest.fixture
def line(settled: str) -> Iterator[Line]:
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened


@pytest.fixture
async def reader(settled: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(settled, autocommit=True) as opened:
        yield opened


@asynccontextmanager
async def forgetful(backlog: int) -> AsyncIterator[Feed]:
    """A feed that remembers `backlog` messages."""
    made = Feed(backlog)
    yield made
    await made.close()


@pytest.fixture
async def feed(settled: str) -> AsyncIterator[Feed]:
    async with forgetful(live.BACKLOG) as made:
        yield made
    await async_engine().dispose()
    async_engine.cache_clear()


def file_case(line: Line) -> int:
    row = line.execute(FILE).fetchone()
    line.execute(f"NOTIFY {live.CHANNEL}")
    assert row
    return row[0]


def ids(messages: list[Message]) -> list[int]:
    return [message.data["id"] for message in messages]


async def take(stream: AsyncIterator[Message], count: int) -> list[Message]:
    async with asyncio.timeout(10):
        return [await anext(stream) for _ in range(count)]


async def test_an_event_committed_late_is_read_late_but_read(line: Line, settled: str, reader: Any) -> None:
    cursor = await current(reader)
    with psycopg.connect(settled) as slow:
        late = file_case(slow)
        early = file_case(line)
        messages, cursor = await read_since(reader, cursor)
        assert ids(messages) == [early]
        slow.commit()
    messages, cursor = await read_since(reader, cursor)
    assert ids(messages) == [late]
    assert await read_since(reader, cursor) == ([], await current(reader))


async def test_reading_goes_on_from_any_event_within_a_batch(line: Line, reader: Any) -> None:
    start = await current(reader)
    filed = [file_case(line) for _ in range(6)]
    messages, _ = await read_since(reader, start)
    assert ids(messages) == filed
    filed.append(file_case(line))
    for position, message in enumerate(messages):
        assert ids((await read_since(reader, message.cursor))[0]) == filed[position + 1 :]


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_small_portions_join_without_a_gap_or_a_double(line: Line, settled: str, reader: Any, limit: int) -> None:
    cursor = await current(reader)
    filed, found = set(), []
    with psycopg.connect(settled) as slow:
        for turn in range(8):
            filed.add(file_case(slow if turn % 3 == 0 else line))
            messages, cursor = await read_since(reader, cursor, limit)
            found += ids(messages)
    while messages := (portion := await read_since(reader, cursor, limit))[0]:
        found, cursor = found + ids(messages), portion[1]
    assert sorted(found) == sorted(filed)


async def test_readers_hear_of_what_is_reported_and_dispatched(line: Line, feed: Feed) -> None:
    async with aclosing(feed.follow(ALL)) as first, aclosing(feed.follow(ALL)) as second:
        assert [(await take(stream, 1))[0].kind for stream in (first, second)] == ["hello", "hello"]
        case_id = file_case(line)
        await feed.wake()
        for stream in (first, second):
            (message,) = await take(stream, 1)
            assert message.data["id"] == case_id
            assert message.data["state"] == "filed"
            assert (message.data["lon"], message.data["category"], message.data["holder"]) == (116.3, "C0101", None)


async def test_a_reader_comes_back_to_where_it_was(line: Line, feed: Feed) -> None:
    async with aclosing(feed.follow(ALL)) as stream:
        (hello,) = await take(stream, 1)
        seen = [file_case(line) for _ in range(3)]
        messages = await take(stream, 3)
        assert ids(messages) == seen
    missed = [file_case(line) for _ in range(3)]
    for cursor, expected in ((hello.cursor, seen + missed), (messages[1].cursor, seen[2:] + missed)):
        async with aclosing(feed.follow(ALL, cursor)) as stream:
            assert ids((await take(stream, len(expected) + 1))[1:]) == expected


async def test_each_reader_is_told_of_his_own_also_of_what_he_missed(line: Line, feed: Feed) -> None:
    """Of two communities; and the worker of the first had the second's case in hand once."""
    west, east = (row[0] for row in line.execute("SELECT id FROM area WHERE level = 'community' ORDER BY id LIMIT 2"))
    readers = {
        "west": Sight("desk:1", areas=frozenset({west})),
        "east": Sight("desk:2", areas=frozenset({east})),
        "worker": Sight("worker:1"),
        "nobody": Sight("nobody"),
    }
    async with aclosing(feed.follow(ALL)) as stream:
        (hello,) = await take(stream, 1)
        cases = [file_case(line) for _ in range(2)]
        for case, community in zip(cases, (west, east), strict=True):
            line.execute("UPDATE case_file SET community_id = %s WHERE id = %s", [community, case])
        told = "INSERT INTO case_event (case_id, seq, event, to_state, actor, held_by) VALUES (%s, %s, 'note', 'filed', 'x', %s)"
        line.execute(told, [cases[1], 2, "worker:1"])
        line.execute(told, [cases[1], 3, None])
        assert len(await take(stream, 4)) == 4
    expected = {"west": [cases[0]], "east": [cases[1]] * 3, "worker": [cases[1]] * 2, "nobody": []}
    for name, reader in readers.items():
        async with aclosing(feed.follow(reader, hello.cursor)) as stream:
            last = file_case(line)
            line.execute("UPDATE case_file SET handler = %s WHERE id = %s", [reader.actor, last])
            messages = await take(stream, len(expected[name]) + 1)
            assert ids(messages[1:]) == expected[name], name


async def test_a_long_transaction_does_not_hold_up_the_stream(line: Line, settled: str, feed: Feed) -> None:
    with psycopg.connect(settled) as importing:
        file_case(importing)
        async with aclosing(feed.follow(ALL)) as stream:
            await take(stream, 1)
            case_id = file_case(line)
            assert ids(await take(stream, 1)) == [case_id]


async def test_a_lost_connection_loses_no_event(line: Line, feed: Feed) -> None:
    async with aclosing(feed.follow(ALL)) as stream:
        await take(stream, 1)
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        assert line.execute(ended, [live.READER]).fetchall()
        filed = [file_case(line) for _ in range(3)]
        assert ids(await take(stream, 3)) == filed


async def test_who_missed_too_much_is_told_to_load_anew(line: Line, settled: str) -> None:
    async with forgetful(3) as feed, aclosing(feed.follow(ALL)) as stream:
        (hello,) = await take(stream, 1)
    for _ in range(4):
        file_case(line)
    async with forgetful(3) as feed, aclosing(feed.follow(ALL, hello.cursor)) as stream:
        assert [message.kind for message in await take(stream, 2)] == ["hello", "reload"]
        case_id = file_case(line)
        assert ids(await take(stream, 1)) == [case_id]


async def test_who_reads_too_slowly_is_told_to_load_anew(line: Line, settled: str) -> None:
    async with forgetful(3) as feed, aclosing(feed.follow(ALL)) as slow, aclosing(feed.follow(ALL)) as quick:
        await take(slow, 1), await take(quick, 1)
        first = file_case(line)
        assert ids(await take(slow, 1)) == [first]
        await take(quick, 1)
        for _ in range(7):
            file_case(line)
            await take(quick, 1)
        assert [message.kind for message in await take(slow, 1)] == ["reload"]
        last = file_case(line)
        assert ids(await take(slow, 1)) == [last]


async def test_a_cursor_of_a_database_that_was_restored_means_loading_anew(feed: Feed) -> None:
    async with aclosing(feed.follow(ALL, f"{2**50}:{2**50}:")) as stream:
        assert [message.kind for message in await take(stream, 2)] == ["hello", "reload"]


async def test_what_is_no_cursor_is_refused(feed: Feed) -> None:
    with pytest.raises(BadInput, match="cursor"):
        await anext(feed.follow(ALL, "1-2"))


transactions = st.integers(1, 50)


@given(transactions, transactions, st.frozensets(transactions), transactions)
def test_a_snapshot_sees_what_had_ended(first: int, more: int, running: frozenset[int], txid: int) -> None:
    last = first + more
    among = sorted(one for one in running if first <= one < last)
    snapshot = Snapshot(f"{first}:{last}:{','.join(map(str, among))}")
    assert snapshot.sees(txid) == (txid < last and txid not in among)


@given(transactions, transactions, st.integers(0, 9), st.integers(0, 9))
def test_a_cursor_covers_what_was_read(before: int, more: int, after: int, event_id: int) -> None:
    cursor = Cursor.parse(f"{before}:{before}:/{before + more}:{before + more}:/{after}")
    assert str(cursor) == f"{before}:{before}:/{before + more}:{before + more}:/{after}"
    assert cursor.covers(before - 1, event_id)
    assert cursor.covers(before, event_id) == (event_id <= after)
    assert not cursor.covers(before + more, event_id)
