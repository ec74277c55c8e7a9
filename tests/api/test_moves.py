"""Moving cases over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from flows.dispatcher import drain
from tests.api.test_incidents import report

STREET, COMMUNITY, ELSEWHERE = "desk:110199001000", "desk:110199001001", "desk:110199002000"


def dispatched(client: TestClient, **changes: Any) -> int:
    told: int = report(client, **changes).json()["id"]
    drain()
    return told


def move(client: TestClient, case: int, event: str, actor: str = STREET, **members: Any) -> Any:
    body = {"event": event} | members
    return client.post(f"/api/cases/{case}/moves", json=body, headers={"X-Wangge-Actor": actor})


def holder(response: Any) -> str:
    return str(response.json()["holder"]["actor"])


def events(engine: Engine, case: int) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM case_event WHERE case_id = :id ORDER BY seq"), {"id": case})
        return [dict(row) for row in found.mappings()]


def photo(engine: Engine, case: int) -> int:
    with engine.begin() as connection:
        stored = "INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by) VALUES (:id, 'x', 1, 1, 1, 'x')"
        return int(connection.scalar(text(f"{stored} RETURNING id"), {"id": case}) or 0)


def test_a_case_is_accepted_finished_checked_and_verified(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    worker = holder(move(client, case, "accept"))
    assert holder(move(client, case, "finish", actor=worker)) == STREET
    assert holder(move(client, case, "check")) == COMMUNITY
    spot = {"at_lon": 116.3025, "at_lat": 39.905, "photos": [photo(district, case)]}
    refused = move(client, case, "verify", actor=worker, **spot)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "illegal_move")
    assert refused.json()["error"]["detail"]["legal"] == ["follow", "note"]
    assert move(client, case, "verify", actor="worker:2", **spot).json()["state"] == "closed"
    ledger = events(district, case)
    assert [row["seq"] for row in ledger] == [1, 2, 3, 4, 5, 6]
    assert [row["held_by"] for row in ledger] == [None, None, worker, worker, STREET, COMMUNITY]
    assert all(row["held_minutes"] >= 0 for row in ledger[2:])
    assert (ledger[-1]["lon"], ledger[-1]["detail"]["photos"]) == (116.3025, spot["photos"])


def test_a_returned_case_waits_for_the_dispatcher(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    assert move(client, case, "return").json()["error"]["detail"]["fields"][0]["field"] == "reason"
    told = move(client, case, "return", reason="不归我管").json()
    assert (told["state"], told["holder"]) == ("filed", None)
    assert events(district, case)[-1]["reason"] == "不归我管"


def test_an_illegal_move_names_the_legal_ones_and_the_last_event(client: TestClient) -> None:
    case = dispatched(client)
    refused = move(client, case, "finish")
    detail = refused.json()["error"]["detail"]
    assert refused.status_code == 409
    assert (detail["state"], detail["seq"], detail["last"]["event"]) == ("dispatched", 2, "dispatch")
    assert "accept" in detail["legal"] and "finish" not in detail["legal"]


def test_a_case_on_other_ground_is_not_for_the_caller(client: TestClient) -> None:
    refused = move(client, dispatched(client), "accept", actor=ELSEWHERE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


def test_a_case_that_never_was_is_not_found(client: TestClient) -> None:
    assert move(client, 2**62, "accept").status_code == 404
