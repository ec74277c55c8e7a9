"""Scores over HTTP: reckoned on demand, listed with names, and traced to their cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from api.models import scores
from data import scores as scoring
from data.database import driver_connection
from flows.dispatcher import drain
from geo.callers import DUTY_DESK
from geo.lifecycle import Event, State
from tests.api.test_moves import dispatched, move
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
            "UPDATE case_file SET community_id = (SELECT id FROM area WHERE code = '110199001002' AND valid_to IS NULL),"
            " street_id = (SELECT id FROM area WHERE code = '110199001000' AND valid_to IS NULL)"
            " WHERE id = ANY(%s)",
            [cases],
        )
        line.execute(
            "UPDATE case_file SET seq = 2, state = 'closed', outcome = 'solved', dispatched_at = %(at)s, closed_at = %(at)s,"
            " desk_code = '110199001002' WHERE id = %(id)s",
            {"at": end["at"], "id": cases[0]},
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


STREET, COMMUNITY, ELSEWHERE = "desk:110199001000", "desk:110199001002", "desk:110199002000"


def exclude(client: TestClient, run: int, actor: str, method: str = "POST") -> Response:
    """The first of the cases behind the run."""
    case = client.get(f"/api/scores/{run}/all/all/opened/rows").json()["rows"][0]["id"]
    body = {"reason": "误报，经核实"} if method == "POST" else None
    return client.request(method, f"/api/cases/{case}/exclusion", json=body, headers={"X-Wangge-Actor": actor})


def test_a_case_is_left_out_by_decision_and_counts_again_later(client: TestClient, run: int) -> None:
    made = exclude(client, run, STREET)
    assert (made.status_code, made.json()["decided_by"], made.json()["ended_at"]) == (201, STREET, None)
    without = client.post("/api/scores", json=FEBRUARY).json()["run"]
    counted = client.get("/api/scores", params={"run": without}).json()["scores"][0]["figures"]
    assert [counted[name]["value"] for name in ("opened", "excluded_by_decision")] == [1, 1]
    again = exclude(client, run, STREET)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    ended = exclude(client, run, STREET, "DELETE")
    assert (ended.status_code, ended.json()["id"], ended.json()["ended_by"]) == (200, made.json()["id"], STREET)
    assert exclude(client, run, STREET, "DELETE").status_code == 409
    history = client.get(f"/api/cases/{made.json()['case_id']}").json()["history"]
    notes = [(row["reason"], row["detail"]) for row in history if row["event"] == "note"]
    assert notes == [("误报，经核实", {"is_excluded": True}), ("误报，经核实", {"is_excluded": False})]


def test_only_the_desks_above_decide_what_counts(client: TestClient, run: int) -> None:
    assert [exclude(client, run, actor).status_code for actor in (COMMUNITY, ELSEWHERE)] == [403, 403]


def test_what_reporters_say_by_their_link_is_counted(client: TestClient, run: int, district: Engine) -> None:
    """The events of a real rating are those that scores read."""
    case = client.get(f"/api/scores/{run}/all/all/closed/rows").json()["rows"][0]["id"]
    rating = {"is_answered": True, "is_solved": False, "satisfaction": 2}
    body = {"event": "rate", "rating": rating}
    assert client.post(f"/api/cases/{case}/moves", json=body, headers={"X-Wangge-Actor": STREET}).status_code == 200
    today = client.post("/api/scores", json={"period": "custom", "from": "2026-02-01", "to": "2199-12-31"}).json()[
        "run"
    ]
    counted = client.get("/api/scores", params={"run": today}).json()["scores"][0]["figures"]
    told = {name: (counted[name]["numerator"], counted[name]["denominator"]) for name in RATES}
    assert told == {
        "response_rate": (1, 1),
        "solution_rate": (0, 1),
        "satisfaction_rate": (0, 1),
        "satisfaction_mean": (2, 1),
    }


RATES = ("response_rate", "solution_rate", "satisfaction_rate", "satisfaction_mean")


def test_a_case_that_went_through_everything_is_what_its_events_say(
    client: TestClient, run: int, district: Engine
) -> None:
    case = dispatched(client)
    told: list[tuple[str, dict[str, Any]]] = [
        ("accept", {}), ("suspend", {"reason": "等材料"}), ("resume", {}), ("extend", {"limit": "2wd", "reason": "难"}),
        ("return", {"reason": "不属于"}),
    ]  # fmt: skip
    assert [move(client, case, event, **members).status_code for event, members in told] == [200] * len(told)
    drain()
    more: list[tuple[str, dict[str, Any]]] = [
        ("assign", {"to": "desk:110199001002"}), ("escalate", {"reason": "管不了"}), ("accept", {}), ("finish", {}), ("check", {}),
        ("close", {"reason": "了结", "outcome": "by_decision"}), ("reopen", {"reason": "又坏了"}),
    ]  # fmt: skip
    assert [move(client, case, event, DUTY_DESK, **members).status_code for event, members in more] == [200] * len(more)
    drain()
    with district.connect() as connection:
        found = scoring.compare(driver_connection(connection))
    assert [row for row in found["first"] if row["id"] == case] == []
