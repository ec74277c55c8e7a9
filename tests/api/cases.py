"""Cases to be moved over HTTP, for tests that don't care how they came to be."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from flows.dispatcher import drain
from tests.api.test_incidents import report

DISTRICT, STREET, COMMUNITY = "desk:110199000000", "desk:110199001000", "desk:110199001001"
ELSEWHERE = "desk:110199002000"
SPOT = {"at_lon": 116.3025, "at_lat": 39.905}


def dispatched(client: TestClient, **changes: Any) -> int:
    told: int = report(client, **changes).json()["id"]
    drain()
    return told


def move(client: TestClient, case: int, event: str, actor: str = STREET, key: str | None = None, **members: Any) -> Any:
    headers = {"X-Wangge-Actor": actor} | ({"Idempotency-Key": key} if key else {})
    return client.post(f"/api/cases/{case}/moves", json={"event": event} | members, headers=headers)


def moved(client: TestClient, case: int, *events: str, actor: str = STREET, **members: Any) -> dict[str, Any]:
    """After each of `events`, all of which go through; the case as it is then."""
    told: dict[str, Any] = {}
    for event in events:
        answer = move(client, case, event, actor, **members)
        assert answer.status_code == 200, answer.text
        told = answer.json()
    return told


def closed(client: TestClient, **changes: Any) -> int:
    case = dispatched(client, **changes)
    moved(client, case, "accept", "finish", "check", "verify", reason="电话回访")
    return case


def post(client: TestClient, path: str, actor: str = STREET, key: str | None = None, **body: Any) -> Any:
    headers = {"X-Wangge-Actor": actor} | ({"Idempotency-Key": key} if key else {})
    return client.post(path, json=body, headers=headers)


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def events(engine: Engine, case: int) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        told = "SELECT * FROM case_event LEFT JOIN case_whereabouts USING (case_id, seq, at) WHERE case_id = :id ORDER BY seq"
        found = connection.execute(text(told), {"id": case})
        return [dict(row) for row in found.mappings()]


def row(engine: Engine, case: int) -> dict[str, Any]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM case_file WHERE id = :id"), {"id": case})
        return dict(found.mappings().one())


def photo(engine: Engine, case: int) -> int:
    with engine.begin() as connection:
        stored = "INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by) VALUES (:id, 'x', 1, 1, 1, 'x')"
        return int(connection.scalar(text(f"{stored} RETURNING id"), {"id": case}) or 0)
