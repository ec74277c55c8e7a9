"""What only a real server shows: races, the live stream, the database going away, a quick end."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from api.models.live import LiveCase
from data import accounts, grants, sessions
from data.database import sqlalchemy_url
from data.dialogues import hold
from geo.offices import Office
from tests.api.server import running
from tests.signing import Signing

REPORT = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "C0101", "description": "井盖缺损"}
PATIENCE_S = 20
SOON_S = 6


@pytest.fixture(scope="module")
def server(district: Engine, database_url: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with running(database_url) as started:
        yield started


@pytest.fixture
def address(server: tuple[str, subprocess.Popen[bytes]]) -> str:
    return server[0]


@pytest.fixture
def web(address: str, signing: Signing) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=PATIENCE_S, auth=signing) as client:
        yield client


def report(web: httpx.Client, key: str | None = None, **changes: object) -> httpx.Response:
    return web.post("/api/incidents", json=REPORT | changes, headers={"Idempotency-Key": key} if key else {})


def at_once(count: int, task) -> list[httpx.Response]:
    """`count` threads behind one barrier."""
    barrier = Barrier(count)
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda number: (barrier.wait(), task(number))[1], range(count)))


def test_one_report_sent_by_many_at_once_is_stored_once(web: httpx.Client, district: Engine) -> None:
    answers = at_once(16, lambda _: report(web, "race"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    with district.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM incident WHERE idempotency_key = 'race'")) == 1


def test_two_reports_under_one_key_at_once_get_one_winner(web: httpx.Client) -> None:
    answers = at_once(8, lambda number: report(web, "two", description=f"第{number}件"))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


class Stream:
    """A reader of server-sent events."""

    def __init__(self, response: httpx.Response) -> None:
        self.lines = response.iter_lines()

    def next(self) -> dict[str, str]:
        """The next event as its fields; comments are skipped."""
        event: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if name:
                event[name] = value
            elif "event" in event:
                return event
            else:
                event = {}
        raise AssertionError("the stream has ended")

    def cases(self, count: int) -> list[dict[str, object]]:
        return [json.loads(self.next()["data"]) for _ in range(count)]


@contextmanager
def following(web: httpx.Client, **headers: str) -> Iterator[Stream]:
    with (
        httpx.Client(base_url=web.base_url, timeout=PATIENCE_S, auth=web.auth) as client,
        client.stream("GET", "/api/live", headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response)


def test_a_report_appears_on_the_stream_of_everyone(web: httpx.Client) -> None:
    with following(web) as one, following(web) as other:
        assert one.next()["event"] == other.next()["event"] == "hello"
        told = report(web).json()
        for stream in (one, other):
            event = stream.next()
            case = LiveCase.model_validate_json(event["data"])
            assert (event["event"], case.id, case.state, case.cell) == ("case", told["id"], "filed", "110199001001001")


def test_a_stream_goes_on_where_it_was_cut_without_gap_or_double(web: httpx.Client) -> None:
    with following(web) as stream:
        stream.next()
        told = [report(web).json()["id"] for _ in range(3)]
        first = stream.next()
    told += [report(web).json()["id"] for _ in range(3)]
    with following(web, **{"Last-Event-ID": first["id"]}) as stream:
        assert stream.next()["event"] == "hello"
        assert [json.loads(first["data"])["id"], *(case["id"] for case in stream.cases(5))] == told


def test_a_place_from_another_database_means_loading_anew(web: httpx.Client) -> None:
    far = str(2**60)
    with following(web, **{"Last-Event-ID": f"{far}:{far}:"}) as stream:
        assert [stream.next()["event"], stream.next()["event"]] == ["hello", "reload"]


ENDINGS: dict[str, str] = {
    "ended by hand": "UPDATE account_session SET ended_at = now() WHERE account_id = {id}",
    "out of its hours": "UPDATE account_session SET expires_at = now() WHERE account_id = {id}",
    "rested too long": "UPDATE account_session SET seen_at = now() - interval '31 minutes' WHERE account_id = {id}",
    "of another token": "UPDATE account_session SET digest = sha256(digest) WHERE account_id = {id}",
    "of a locked account": "UPDATE account SET locked_at = now() WHERE id = {id}",
    "of an old password": "UPDATE account SET must_change_password = true WHERE id = {id}",
    "without its grant": "UPDATE account_grant SET valid_to = valid_from WHERE account_id = {id}",
    "of a worker who has left": "UPDATE worker SET is_active = false WHERE id = 3",
}
STREET = "110199001000"


def opened(line: psycopg.Connection[Any], name: str) -> tuple[int, str]:
    """An account that looks after a street, or is the worker who leaves: its id, and a token."""
    id_ = hold(line, accounts.create(name.replace(" ", ".")))
    office, ground = (Office.WORKER, "3") if "worker" in name else (Office.STREET, STREET)
    hold(line, grants.grant(id_, office, ground))
    return id_, hold(line, sessions.open_for(id_))


def test_a_stream_ends_soon_when_its_session_or_office_does(address: str, district: Engine, database_url: str) -> None:
    """And only then: nobody else's ends."""
    with psycopg.connect(database_url, autocommit=True) as line, ExitStack() as streams:
        people = {name: opened(line, name) for name in (*ENDINGS, "still there")}
        open_ones = {}
        for name, (_, token) in people.items():
            client = streams.enter_context(httpx.Client(base_url=address, timeout=PATIENCE_S))
            headers = {"Authorization": f"Bearer {token}"}
            stream = streams.enter_context(client.stream("GET", "/api/live", headers=headers))
            open_ones[name] = Stream(stream)
            assert open_ones[name].next()["event"] == "hello"
        for name, statement in ENDINGS.items():
            line.execute(statement.format(id=people[name][0]))
        begun = time.monotonic()
        for name in ENDINGS:
            with pytest.raises(AssertionError, match="has ended"):
                open_ones[name].next()
            assert time.monotonic() - begun < SOON_S, name
        told = httpx.post(
            f"{address}/api/incidents", json=REPORT, headers={"Authorization": f"Bearer {people['still there'][1]}"}
        )
        assert open_ones["still there"].cases(1)[0]["id"] == told.json()["id"]


def test_what_a_page_does_by_itself_is_no_use_of_its_session(address: str, district: Engine, database_url: str) -> None:
    rested = "UPDATE account_session SET seen_at = now() - interval '5 minutes' WHERE account_id = %s"
    seen = "SELECT seen_at > now() - interval '1 minute' FROM account_session WHERE account_id = %s"
    with psycopg.connect(database_url, autocommit=True) as line:
        id_, token = opened(line, "away.from.desk")
        with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}) as web:
            line.execute(rested, [id_])
            with web.stream("GET", "/api/live", headers={"Accept": "text/event-stream"}) as stream:
                assert stream.status_code == 200
            assert web.get("/api/cases/count", headers={"X-Wangge-Unattended": "1"}).status_code == 200
            assert line.execute(seen, [id_]).fetchone() == (False,)
            assert web.get("/api/cases/count").status_code == 200
            assert line.execute(seen, [id_]).fetchone() == (True,)


@pytest.mark.parametrize("place", ["x", "1", "1:1:1:1", "-1:2:"])
def test_a_place_that_is_none_is_refused(web: httpx.Client, place: str) -> None:
    for answer in (
        web.get("/api/live", params={"since": place}),
        web.get("/api/live", headers={"Last-Event-ID": place}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input")


@contextmanager
def database_away(url: str) -> Iterator[None]:
    """Nobody gets in, and who is in is thrown out."""
    name = make_url(url).database
    engine = create_engine(sqlalchemy_url(make_url(url).set(database="postgres").render_as_string(hide_password=False)),
                           isolation_level="AUTOCOMMIT")  # fmt: skip
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        try:
            yield
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    engine.dispose()


def test_without_a_database_every_question_is_answered_503_and_all_is_well_afterwards(
    web: httpx.Client, database_url: str
) -> None:
    with following(web) as stream:
        stream.next()
        with database_away(database_url):
            for answer in (web.get("/api/areas"), report(web), web.get("/api/tiles/cells/14/13484/6203.mvt")):
                assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
                assert int(answer.headers["retry-after"]) > 0
            assert web.get("/health/ready").status_code == 503
            assert web.get("/health/live").status_code == 200
            assert web.get("/").status_code == 503
            assert web.get("/tokens.css").status_code == 200
        told = report(web)
        assert told.status_code == 201
        assert stream.cases(1)[0]["id"] == told.json()["id"]


def test_at_last_the_server_ends_at_once_though_a_stream_is_open(
    web: httpx.Client, server: tuple[str, subprocess.Popen[bytes]]
) -> None:
    _, process = server
    with following(web) as stream:
        stream.next()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) in (0, -signal.SIGTERM)
        assert time.monotonic() - begun < 5
