"""The nightly flows under Prefect: recorded, shown as artifacts, and tried again only when the database was away."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from prefect import flow, get_client
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from flows import retrying
from flows.build_service_areas import build_service_areas
from flows.check_standards import check_standards
from geo.errors import NotReady, Unavailable

pytestmark = [
    pytest.mark.flow,
    pytest.mark.usefixtures("prefect_server"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


@pytest.fixture(scope="module")
def start(demo_template: str) -> str:
    return demo_template


def latest_artifact(key: str) -> dict[str, Any]:
    """As the server's own pages ask for it; Prefect's client sends nulls that this FastAPI refuses."""
    wanted = {"artifacts": {"key": {"any_": [key]}}, "limit": 1, "sort": "UPDATED_DESC"}
    with get_client(sync_client=True) as client:
        return client.request("POST", "/artifacts/filter", json=wanted).json()[0]


def test_a_check_is_shown_as_a_table_with_what_lacks_most_first(engine: Engine) -> None:
    found = check_standards("by-area-class")
    assert (found["checked"], found["meets"], found["short"]) == (148, 135, 13)
    table = latest_artifact("standard-by-area-class")
    assert table["type"] == "table" and "135 meets" in table["description"]
    assert table["data"].index('"short"') < table["data"].index('"meets"')


def test_a_build_is_shown_with_its_figures(engine: Engine) -> None:
    found = build_service_areas(method="radius", minutes=15)
    assert found["built"] == found["facilities"] > 0
    assert "households_covered_pct" in latest_artifact("service-areas-radius-station")["data"]


class Flaky:
    """Fails so many times, then answers."""

    def __init__(self, failures: list[Exception]) -> None:
        self.failures, self.calls = failures, 0

    def __call__(self) -> int:
        self.calls += 1
        if self.failures:
            raise self.failures.pop()
        return self.calls


def attempts(monkeypatch: pytest.MonkeyPatch, flaky: Flaky) -> int:
    monkeypatch.setattr(retrying, "WAITS_S", [0.0, 0.0, 0.0])

    def read() -> int:
        return flaky()

    @flow
    def reading() -> int:
        return int(retrying.retried(read)())

    return reading()


AWAY = [
    psycopg.OperationalError("server closed the connection"),
    OperationalError("SELECT", {}, psycopg.OperationalError("gone")),
    Unavailable("the database does not answer"),
]


@pytest.mark.parametrize("failure", AWAY, ids=lambda failure: type(failure).__name__)
def test_reading_is_tried_again_when_the_database_was_away(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    assert attempts(monkeypatch, Flaky([failure])) == 2


def test_a_refusal_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    flaky = Flaky([NotReady("no streets are loaded")])
    with pytest.raises(NotReady):
        attempts(monkeypatch, flaky)
    assert flaky.calls == 1
