"""Who calls too often, too slowly or over too many connections waits; everybody else does not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api import limits, server
from api.app import create_app
from data.database import connect
from data.rates import Limit, Rates, key
from data.settings import settings
from tests.api.cases import error
from tests.api.server import running
from tests.signing import Signing

FEW = 5


REPORT = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "C0101", "description": "井盖缺损"}
LIMITS = ("ADDRESS_REQUESTS_PER_MINUTE", "ACCOUNT_REQUESTS_PER_MINUTE", "PUBLIC_REPORTS_PER_HOUR")


@pytest.fixture(params=LIMITS[:1])
def few(request: pytest.FixtureRequest, district: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few calls under one limit; its window ends neither in a test nor with what the test before counted."""
    monkeypatch.setenv(f"WANGGE_{request.param}", str(FEW))
    settings.cache_clear()
    with connect(autocommit=True) as connection:
        connection.execute("DELETE FROM request_count")
    while time.time() % limits.MINUTE_S > limits.MINUTE_S - 10:
        time.sleep(0.5)
    yield
    monkeypatch.undo()
    settings.cache_clear()


@contextmanager
def opened(signing: Signing | None = None, address: str = "10.1.1.1") -> Iterator[TestClient]:
    with TestClient(create_app(), raise_server_exceptions=False, client=(address, 1)) as client:
        client.auth = signing
        yield client


def test_who_calls_too_often_is_told_when_to_come_back(few: None) -> None:
    with opened() as client:
        assert [client.get("/api/categories").status_code for _ in range(FEW)] == [200] * FEW
        refused = client.get("/api/categories")
        assert error(refused) == (429, "too_many_requests")
        assert 0 < int(refused.headers["retry-after"]) == refused.json()["error"]["detail"]["retry_after_s"] <= 60
        assert client.get("/health/live").status_code == client.get("/static/css/base.css").status_code == 200


@pytest.mark.parametrize("few", [LIMITS[1]], indirect=True)
def test_an_account_is_counted_from_wherever_it_calls(few: None, signing: Signing) -> None:
    with opened(signing) as one, opened(signing, "10.1.1.9") as other:
        assert [one.get("/api/areas").status_code for _ in range(FEW)] == [200] * FEW
        assert error(one.get("/api/areas")) == (429, "too_many_requests")
        other.get("/api/areas")
        time.sleep(2.5 * limits.SETTLED_EVERY_S)
        assert other.get("/api/areas").status_code == 429
        assert other.get("/api/areas", headers={"X-Wangge-Actor": "worker:1"}).status_code == 200  # another account
        assert other.get("/api/categories", headers={"Authorization": "Bearer none"}).status_code == 200


@pytest.mark.parametrize("few", [LIMITS[2]], indirect=True)
def test_an_address_reports_so_much_without_signing_in(few: None, signing: Signing) -> None:
    with opened() as public, opened(signing) as signed_in:
        assert [public.post("/api/incidents", json=REPORT).status_code for _ in range(FEW)] == [201] * FEW
        assert error(public.post("/api/incidents", json=REPORT)) == (429, "too_many_requests")
        assert signed_in.post("/api/incidents", json=REPORT).status_code == 201


def test_a_restart_forgets_nothing_and_another_address_is_another(few: None) -> None:
    with opened() as client:
        for _ in range(FEW):
            client.get("/api/categories")
    with opened() as again, opened(address="10.1.1.2") as other:
        assert again.get("/api/categories").status_code == 429
        assert other.get("/api/categories").status_code == 200


def test_processes_count_together(few: None) -> None:
    with opened(address="10.1.1.3") as one, opened(address="10.1.1.3") as other:
        for _ in range(FEW - 1):
            one.get("/api/categories")
        assert other.get("/api/categories").status_code == 200
        time.sleep(2.5 * limits.SETTLED_EVERY_S)
        assert other.get("/api/categories").status_code == 429


def test_a_window_that_is_over_counts_no_more() -> None:
    rates, limit = Rates(), Limit("test", 1, 60)
    assert [rates.wait_s(limit, "x", now=now) for now in (1_000_000_020, 1_000_000_030, 1_000_000_080)] == [0, 50, 0]


def test_a_household_has_one_network_of_addresses() -> None:
    def of(host: str) -> str:
        return limits.address_of({"client": (host, 1)})

    assert of("2001:db8::1") == of("2001:db8::ffff") != of("2001:db8:0:1::1")
    assert of("10.0.0.1") != of("10.0.0.2")
    assert b"10.0.0.1" not in key("address", "10.0.0.1")


def test_counting_costs_next_to_nothing() -> None:
    rates, limit = Rates(), Limit("test", 10, 60)
    begun = time.perf_counter()
    for number in range(10_000):
        rates.wait_s(limit, f"10.0.{number % 200}.1")
    assert (time.perf_counter() - begun) / 10_000 < 100e-6


@pytest.fixture(scope="module")
def address(district: Engine, database_url: str) -> Iterator[str]:
    """A web of little patience."""
    patience = {"WANGGE_MAX_CONNECTIONS": "30", "WANGGE_MAX_CONNECTIONS_PER_ADDRESS": "20"}
    with running(database_url, HURRY, **patience) as (address, _):
        yield address


HURRY = "from api import middleware, server; server.HEAD_S = middleware.PIECE_S = 1; server.main()"


def line(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=5)


def told(opened: socket.socket) -> str:
    """All that is answered until the connection is closed."""
    pieces = []
    while piece := opened.recv(65536):
        pieces.append(piece)
    return b"".join(pieces).decode()


@pytest.mark.parametrize("begun", [b"", b"G", b"GET / HTTP/1.1\r\nX-A: "])
def test_a_head_that_does_not_come_is_not_waited_for(address: str, begun: bytes) -> None:
    with line(address) as opened:
        opened.sendall(begun)
        assert "408 Request Timeout" in told(opened)


def test_a_head_that_trickles_gains_no_time(address: str) -> None:
    begun = time.monotonic()
    with line(address) as opened, pytest.raises((BrokenPipeError, ConnectionResetError)):
        opened.sendall(b"GET /health/live HTTP/1.1\r\n")
        while time.monotonic() - begun < 8:
            opened.sendall(b"X-A: b\r\n")
            time.sleep(0.1)
    assert time.monotonic() - begun < 5


def test_a_head_without_end_is_cut_off(address: str) -> None:
    with line(address) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nX-A: " + b"a" * (server.MAX_HEAD_BYTES + 1))
        assert "431 Request Header Fields Too Large" in told(opened)


def test_a_body_that_does_not_come_is_not_waited_for(address: str) -> None:
    with line(address) as opened:
        opened.sendall(
            b"POST /api/incidents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        answer = told(opened)
    assert "408 Request Timeout" in answer
    assert '"code":"too_slow"' in answer


def test_a_second_request_over_the_same_connection_has_its_own_time(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        for _ in range(3):
            assert client.get("/health/live").status_code == 200
            time.sleep(0.6)


def test_one_address_has_so_many_connections_and_no_more(address: str) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(line(address))
        with line(address) as one_more:
            assert "429 Too Many Requests" in told(one_more)
    assert httpx.get(f"{address}/health/live").status_code == 200
