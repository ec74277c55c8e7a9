"""Scores over HTTP: reckoned on demand, listed with names, and traced to their cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.models import scores
from data.database import driver_connection
from geo.lifecycle import Event, State
from tests.data import histories
from tests.data.histories import BEGIN

FEBRUARY = {"period": "month", "from": "2026-02-10"}


@pytest.fixture(scope="module")
def run(client: TestClient, district: Engine) -> int:
    """February: one case closed, one open; both in the second community."""
    with district.begin() as connection:
        line = driver_connection(connection)
        cases = histories.open_cases(line, 2)
        for case in cases:
            histories.tell(line, case, [histories.row(1, BEGIN + timedelta(days=1), Event.FILE, None, State.FILED)])
        end = histories.row(2, BEGIN + timedelta(days=2), Event.VERIFY, State.VERIFYING, State.CLOSED)
        histories.tell(line, cases[0], [end])
        line.execute(
            "UPDATE case_file SET community_id = (SELECT id FROM area WHERE code = '110199001002' AND valid_to IS NULL)"
            " WHERE id = ANY(%s)",
            [cases],
        )
    reckoned = scores.Reckoned.model_validate_json(client.post("/api/scores", json=FEBRUARY).content)
    assert (reckoned.first.isoformat(), reckoned.to.isoformat(), reckoned.is_new) == ("2026-02-01", "2026-02-28", True)
    return reckoned.run


def test_the_latest_run_is_listed_by_key_with_names(client: TestClient, run: int) -> None:
    asked = {"period": "month", "day": "2026-02-15", "dimension": "community"}
    found = scores.ScoreList.model_validate_json(client.get("/api/scores", params=asked).content)
    assert (found.run.run, found.run.cases) == (run, 2)
    (community,) = found.scores
    assert (community.key, community.name) == ("110199001002", "<b>一</b>&社区")
    told = {name: community.figures[name].model_dump() for name in ("opened", "closed", "minutes_to_close_median")}
    assert told == {
        "opened": {"value": 2, "numerator": 2, "denominator": None},
        "closed": {"value": 1, "numerator": 1, "denominator": None},
        "minutes_to_close_median": {"value": 1440, "numerator": None, "denominator": 1},
    }


def test_reckoning_again_keeps_the_run(client: TestClient, run: int) -> None:
    again = client.post("/api/scores", json=FEBRUARY).json()
    assert (again["run"], again["is_new"]) == (run, False)


def test_the_cases_behind_a_figure_come_in_pages(client: TestClient, run: int) -> None:
    address = f"/api/scores/{run}/community/110199001002/opened/rows"
    first = scores.CasesBehind.model_validate_json(client.get(address, params={"limit": 1}).content)
    rest = scores.CasesBehind.model_validate_json(client.get(address, params={"limit": 1, "after": first.next}).content)
    assert [row.outcome for row in (*first.rows, *rest.rows)] == ["solved", None]
    assert all(row.community == "110199001002" for row in first.rows)


def test_what_was_never_reckoned_says_what_to_do(client: TestClient, run: int) -> None:
    response = client.get("/api/scores", params={"period": "quarter"})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_ready")
    assert "wangge score --period quarter" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "address", ["/api/scores?run=99999", "/api/scores/99999/all/all/closed/rows", "/api/scores/{run}/all/all/joy/rows"]
)
def test_what_there_is_not_is_not_found(client: TestClient, run: int, address: str) -> None:
    assert client.get(address.format(run=run)).status_code == 404


@pytest.mark.parametrize(
    "body", [{"period": "custom"}, {"period": "month", "to": "2026-03-01"}, {"period": "shift"}, {"from": "9999-12-31"}]
)
def test_what_is_no_period_is_refused(client: TestClient, body: dict[str, str]) -> None:
    response = client.post("/api/scores", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "bad_input")


def test_every_figure_says_how_it_comes_about(client: TestClient) -> None:
    found = scores.FigureDefinitions.model_validate_json(client.get("/api/scores/figures").content)
    told = {one.figure: (one.how, one.numerator, one.denominator) for one in found.figures}
    assert told["on_time_rate"] == ("share", "on_time", "owed")
