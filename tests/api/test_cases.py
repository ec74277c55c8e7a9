"""The desk's board, lists and details of cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.models.cases import Board, CaseDetail, CaseList
from flows.dispatcher import drain

STREET, COMMUNITY, CELL = "110199001000", "110199001001", "110199001001001"
OTHER_STREET = "110199002000"
DESK = {"X-Wangge-Actor": f"desk:{STREET}"}


def report(client: TestClient, **changes: Any) -> int:
    body = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "C0101", "description": "井盖缺损"} | changes
    return int(client.post("/api/incidents", json=body).json()["id"])


@pytest.fixture(scope="module")
def cases(client: TestClient, district: Engine) -> Iterator[dict[str, int]]:
    """Five cases: handled and late, handled and soon due, dispatched without a clock, filed, and closed today."""
    told = {
        "late": report(client),
        "soon": report(client, category="E0101", source="hotline"),
        "free": report(client, lon=116.325),
        "other": report(client, lon=116.3075),
        "closed": report(client, lon=116.312),
    }
    drain()
    told["filed"] = report(client, lon=0, lat=0)
    with district.begin() as connection:
        connection.execute(text("UPDATE case_file SET due_at = NULL, time_limit = NULL, is_provisional = false"))
        for name, change in CHANGES.items():
            connection.execute(text(f"UPDATE case_file SET {change} WHERE id = :id"), {"id": told[name]})
    yield told


CHANGES = {
    "late": "state = 'handling', time_limit = '4h', due_at = now() - interval '1 hour', handler = 'worker:1'",
    "soon": "state = 'handling', due_at = dispatched_at + interval '10 hours', dispatched_at = now() - interval '99 hours'",
    "closed": "state = 'closed', closed_at = now(), outcome = 'solved'",
}


def listed(client: TestClient, question: str = "", headers: dict[str, str] | None = None) -> list[int]:
    response = client.get(f"/api/cases?{question}", headers=headers)
    assert response.status_code == 200, response.text
    return [case.id for case in CaseList.model_validate_json(response.content).cases]


def test_the_most_urgent_come_first(client: TestClient, cases: dict[str, int]) -> None:
    expected = [cases[name] for name in ("late", "soon", "free", "other", "filed", "closed")]
    assert listed(client) == expected


def test_the_board_counts_by_stage_and_time_left(client: TestClient, cases: dict[str, int]) -> None:
    board = Board.model_validate_json(client.get("/api/cases/board").content)
    stages = {column.stage: column for column in board.stages}
    assert list(stages) == ["collect", "file", "dispatch", "handle", "feed_back", "verify", "evaluate"]
    handled = stages["handle"]
    assert (handled.count, handled.late, handled.soon, handled.ok) == (2, 1, 1, 0)
    assert [case.id for case in handled.cases] == [cases["late"], cases["soon"]]
    assert (stages["verify"].count, stages["verify"].done) == (1, 1)
    assert board.is_exact


def test_a_case_tells_everything(client: TestClient, cases: dict[str, int]) -> None:
    response = client.get(f"/api/cases/{cases['late']}?lang=zh")
    detail = CaseDetail.model_validate_json(response.content)
    assert [event.event for event in detail.history] == ["file", "dispatch"]
    assert detail.why and "张*" in detail.why.sentence
    assert detail.clock.limit == "4h" and [step["kind"] for step in detail.clock.steps] == ["round_the_clock"]
    assert "张三丰" not in response.text
    assert {"event": "suspend", "needs": ["reason"]} in [move.model_dump() for move in detail.moves]


def test_a_desk_sees_its_own_ground(client: TestClient, cases: dict[str, int]) -> None:
    assert set(listed(client, headers=DESK)) == {cases[name] for name in ("late", "soon", "other", "closed")}
    assert client.get(f"/api/cases/{cases['free']}", headers=DESK).status_code == 404


@pytest.mark.parametrize(("question", "names"), [
    ("stage=handle", "late soon"), ("stage=verify,file", "filed closed"), ("state=closed", "closed"), ("late=late", "late"),
    ("late=late,soon", "late soon"), ("late=none", "free other filed"), (f"area={OTHER_STREET}", "free"),
    (f"area={COMMUNITY}", "late soon other"), ("area=110199000000", "late soon free other closed"), (f"cell={CELL}", "late soon"),
    ("area=000000000000", "late soon free other filed closed"), ("area=999999999999", ""), ("category=E0101", "soon"),
    ("category=C01", "late free other filed closed"), ("source=hotline", "soon"), ("holder=desk:110199002002", ""),
    ("bbox=116.32,39.9,116.33,39.91", "free"), ("level=street", ""), ("since=2030-01-01T00:00Z", ""),
    ('polygon={"type":"Polygon","coordinates":[[[116.3,39.9],[116.31,39.9],[116.31,39.91],[116.3,39.9]]]}', "other"),
])  # fmt: skip
def test_cases_are_found_by(client: TestClient, cases: dict[str, int], question: str, names: str) -> None:
    assert listed(client, question) == [cases[name] for name in names.split()]
    counted = client.get(f"/api/cases/count?{question}").json()
    assert counted == {"count": len(names.split()), "is_exact": True}


@pytest.mark.parametrize("sort", ["due", "-filed", "filed", "-held", "id"])
@pytest.mark.parametrize("limit", [1, 2, 4, 6])
def test_pages_hold_every_case_once(client: TestClient, cases: dict[str, int], sort: str, limit: int) -> None:
    found: list[int] = []
    following: str | None = ""
    while following is not None:
        after = f"&after={quote(following)}" if following else ""
        page = client.get(f"/api/cases?sort={sort}&limit={limit}{after}").json()
        found += [case["id"] for case in page["cases"]]
        following = page["next"]
    assert found == listed(client, f"sort={sort}")
    assert sorted(found) == sorted(cases.values())


@pytest.mark.parametrize(("question", "field"), [
    ("stage=asleep", "stage"), ("area=1", "area"), ("late=done", "late"), ("since=2026-01-01", "since"), ("polygon=x", "polygon"),
    ("bbox=1", "bbox"), ("ids=x", "ids"), ("holder=me", "holder"), ("after=x", "after"), ("after=7~~1", "after"),
    ("after=0~~1", "after"), ("sort=x", "sort"), ("limit=501", "limit"),
    ('polygon={"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[1,0],[0,0]]]}', "polygon"),
])  # fmt: skip
def test_a_bad_question_is_refused(client: TestClient, question: str, field: str) -> None:
    response = client.get(f"/api/cases?{question}")
    assert response.status_code == 422, response.text
    assert [found["field"] for found in response.json()["error"]["detail"]["fields"]] == [field]
