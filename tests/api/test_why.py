"""Why a case is with its holder, over HTTP: as it was decided, and decided again."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from flows.dispatcher import drain

INSIDE = {"lon": 116.365, "lat": 39.905, "datum": "cgcs2000", "category": "E0101"}


def report(client: TestClient) -> int:
    answer = client.post("/api/incidents", json=INSIDE)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def why(client: TestClient, case_id: int, **asked: Any) -> dict[str, Any]:
    answer = client.get(f"/api/cases/{case_id}/why", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_case_tells_why_and_its_decision_comes_out_again(client: TestClient) -> None:
    case_id = report(client)
    assert why(client, case_id, lang="en")["sentence"] == "The case has not been dispatched yet."
    drain()
    found = why(client, case_id, replay=True, lang="en")
    assert found["replay"]["agrees"] and found["replay"]["differences"] == {}
    assert found["rule"]["code"] == "exposed-rubbish" and found["rule"]["valid_from"] == "2009-01-01"
    assert found["sentence"] == found["replay"]["sentence"]
    assert why(client, case_id, lang="zh")["replay"] is None


def test_what_was_changed_since_is_shown(client: TestClient, district: Engine) -> None:
    case_id = report(client)
    drain()
    with district.begin() as connection:
        connection.execute(text("UPDATE handling_rule SET time_limit = '1h' WHERE code = 'exposed-rubbish'"))
    found = why(client, case_id, replay=True)["replay"]
    assert not found["agrees"]
    assert found["differences"]["rule"]["then"]["time_limit"] == "4wh"
    assert found["differences"]["rule"]["again"]["time_limit"] == "1h"


def test_a_case_that_is_not_there_or_on_another_ground_is_not_found(client: TestClient) -> None:
    case_id = report(client)
    assert client.get("/api/cases/999999999/why").status_code == 404
    assert client.get(f"/api/cases/{case_id}/why", headers={"X-Wangge-Actor": "reporter"}).status_code == 404
