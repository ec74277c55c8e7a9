"""Whatever goes wrong, the answer has one shape, and nothing of an error that nobody expected goes out."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api import access
from api.app import create_app
from api.dependencies import ConnectionDep
from api.errors import STATUS, status_of
from api.models.errors import ErrorAnswer
from geo import errors
from geo.offices import Office
from tests.signing import Signing

BAD_QUESTIONS = [
    ("/api/areas?bbox=1,2,3", "bbox"),
    ("/api/areas?bbox=1,2,nan,4", "bbox"),
    ("/api/areas?bbox=1,2,inf,4", "bbox"),
    ("/api/areas?bbox=3,2,1,4", "bbox"),
    ("/api/areas?bbox=1,2,1,4", "bbox"),
    ("/api/cells?bbox=-181,2,1,4", "bbox"),
    ("/api/areas?on=2026-02-30", "on"),
    ("/api/areas?on=yesterday", "on"),
    ("/api/areas?limit=0", "limit"),
    ("/api/areas?limit=5001", "limit"),
    ("/api/areas?level=planet", "level"),
    ("/api/areas?after=%00", "after"),
    ("/api/areas?standard=%00", "standard"),
    ("/api/areas/12", "code"),
    ("/api/areas/１１０１９９００１００１", "code"),
    ("/api/cells?community=11019900100%00", "community"),
    ("/api/search?q=%00", "q"),
    ("/api/search", "q"),
    ("/api/landmarks?after=99999999999999999999", "after"),
    ("/api/service-areas?minutes=nan", "minutes"),
    ("/api/service-areas?minutes=-1", "minutes"),
    ("/api/tiles/streets/23/0/0.mvt", "z"),
    ("/api/tiles/streets/2/4/0.mvt", "x, y"),
    ("/api/tiles/secrets/2/0/0.mvt", "layer"),
    ("/api/checks/99999999999999999999/findings", "run"),
    ("/api/checks/compare?before=1&after=0", "after"),
]


def refusal(response, status: int, code: str) -> ErrorAnswer:
    assert response.status_code == status, response.text
    answer = ErrorAnswer.model_validate_json(response.content)
    assert answer.error.code == code
    assert answer.error.request_id == response.headers["x-request-id"]
    return answer


@pytest.mark.parametrize(("address", "field"), BAD_QUESTIONS)
def test_a_bad_question_is_refused_by_the_name_of_the_field(client: TestClient, address: str, field: str) -> None:
    answer = refusal(client.get(address), 422, "bad_input")
    assert [found["field"] for found in answer.error.detail["fields"]] == [field]


@pytest.mark.parametrize(("method", "address", "status", "code"), [
    ("GET", "/nothing", 404, "not_found"), ("DELETE", "/api/areas", 405, "method_not_allowed"),
    ("GET", "/static/../pyproject.toml", 404, "not_found"), ("GET", "/static/%2e%2e/%2e%2e/pyproject.toml", 404, "not_found"),
    ("GET", "/i18n/xx.json", 404, "not_found"), ("GET", "/api/checks/999/findings", 404, "not_found"),
])  # fmt: skip
def test_what_is_not_there_has_the_same_shape(
    client: TestClient, method: str, address: str, status: int, code: str
) -> None:
    refusal(client.request(method, address), status, code)


def test_every_error_of_the_tree_has_a_status() -> None:
    tree = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.WanggeError)]
    assert {status_of(kind("x")) for kind in tree} == set(STATUS.values())


def test_the_caller_may_name_the_request(client: TestClient) -> None:
    assert client.get("/health/live", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"


def test_a_request_name_that_could_forge_a_log_line_is_replaced(client: TestClient) -> None:
    given = "a b; DROP"
    assert client.get("/health/live", headers={"X-Request-ID": given}).headers["x-request-id"] != given


BROKEN = ("/crash", "/commit-fails", "/connection-dies")


@pytest.fixture
def broken(district: Engine, signing: Signing) -> Iterator[TestClient]:
    """The application with routes that fail in ways that no real one should."""
    app = create_app()
    add_broken_routes(app)
    rows = {("GET", path): dict.fromkeys(Office, access.OWN) for path in BROKEN}
    access.table().update(rows)
    with TestClient(app, raise_server_exceptions=False) as opened:
        opened.auth = signing
        yield opened
    for route in rows:
        del access.table()[route]


def add_broken_routes(app: FastAPI) -> None:
    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("the password is 123456")

    @app.get("/commit-fails")
    async def commit_fails(connection: ConnectionDep) -> dict[str, str]:
        await connection.execute(text("CREATE TEMP TABLE promise (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
        await connection.execute(text("INSERT INTO promise VALUES (1), (1)"))
        return {"state": "stored"}

    @app.get("/connection-dies")
    async def connection_dies(connection: ConnectionDep) -> dict[str, str]:
        await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return {"state": "stored"}


def test_an_unforeseen_error_tells_nothing_but_its_number_which_the_log_has(
    broken: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "wangge.api"):
        response = broken.get("/crash")
    answer = refusal(response, 500, "internal")
    assert "123456" not in response.text
    assert answer.error.request_id in caplog.text
    assert "the password is 123456" in caplog.text


def test_a_failed_commit_is_not_answered_as_a_success(broken: TestClient) -> None:
    refusal(broken.get("/commit-fails"), 500, "internal")


def test_a_lost_connection_is_answered_503_with_a_time_to_retry(broken: TestClient) -> None:
    response = broken.get("/connection-dies")
    refusal(response, 503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    assert broken.get("/api/areas").status_code == 200


def test_connections_that_died_while_idle_are_noticed(client: TestClient, district: Engine) -> None:
    client.get("/api/areas")
    with district.begin() as connection:
        others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
        assert connection.scalar(text(f"{others} AND pid <> pg_backend_pid() AND state = 'idle'"))
    assert client.get("/api/areas").status_code == 200
