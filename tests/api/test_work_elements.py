"""Elements of a worker's cells: masked in lists, found by name and number, corrected by who saw them, whole with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

ME, COLLEAGUE, OTHER = "worker:1", "worker:2", "worker:3"
CELL = "110199001001001"
PERSON = {"kind": "people", "cell": CELL, "label": "独居老人", "name": "诸葛孔明", "phone": "139-1234 5678", "home": "隆中路 8 号",
          "note": "女儿电话 13700001111"}  # fmt: skip
SHOP = {
    "kind": "organisations",
    "cell": CELL,
    "title": "柳荫便民店",
    "label": "小店",
    "name": "黄月英",
    "lon": 116.3025,
    "lat": 39.905,
}


def call(client: TestClient, method: str, path: str, actor: str = ME, key: str | None = None, **body: Any) -> Any:
    headers = {"X-Wangge-Actor": actor} | ({"Idempotency-Key": key} if key else {})
    return client.request(method, f"/api/work/elements{path}", headers=headers, json=body or None)


def found(client: TestClient, actor: str = ME, **query: Any) -> list[int]:
    answer = client.get("/api/work/elements", params=query, headers={"X-Wangge-Actor": actor})
    assert answer.status_code == 200, answer.text
    return [element["id"] for element in answer.json()["elements"]]


def audited(engine: Engine, element: int) -> list[Any]:
    query = "SELECT action, account, reason, detail FROM audit_line WHERE subject = :subject ORDER BY id"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), {"subject": f"element:{element}"})]


@pytest.fixture(scope="module")
def person(client: TestClient) -> dict[str, Any]:
    answer = call(client, "POST", "", key="p1", **PERSON)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture(scope="module")
def shop(client: TestClient) -> dict[str, Any]:
    answer = call(client, "POST", "", **SHOP)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_lists_and_the_database_hold_nobody_whole(client: TestClient, person: dict[str, Any], district: Engine) -> None:
    assert (person["name"], person["phone"], person["home"]) == ("诸*", "139****5678", "****")
    assert person["note"] == "女儿电话 137****1111"
    with district.connect() as connection:
        row = str(connection.execute(text("SELECT name, phone, home, name_sealed, phone_sealed FROM element")).one())
    assert not any(part in row for part in ("孔明", "5678 ", "12345678", "隆中"))


def test_the_same_key_adds_once_and_a_key_keeps_no_number(client: TestClient, person: dict[str, Any]) -> None:
    again = call(client, "POST", "", key="p1", **PERSON)
    assert (again.json()["id"], again.headers["Idempotency-Replayed"]) == (person["id"], "true")
    other = call(client, "POST", "", key="p1", **PERSON | {"phone": "13900000000"})
    assert other.json()["error"]["code"] == "key_reused"


def test_they_are_found_by_kind_words_names_and_numbers(
    client: TestClient, person: dict[str, Any], shop: dict[str, Any]
) -> None:
    assert found(client) == [person["id"], shop["id"]]
    assert (
        found(client, kind="people") == found(client, q="孔明") == found(client, q="+86 13912345678") == [person["id"]]
    )
    assert found(client, q="便民") == found(client, q="黄月英") == [shop["id"]]
    assert found(client, q="13912345") == found(client, q="%") == found(client, q="不在") == []
    assert found(client, after=person["id"]) == [shop["id"]]


def test_who_looks_after_other_cells_sees_and_changes_nothing(client: TestClient, person: dict[str, Any]) -> None:
    assert found(client, COLLEAGUE, q="孔明") == [person["id"]]
    assert found(client, OTHER) == []
    assert call(client, "PUT", f"/{person['id']}", OTHER, seq=1).status_code == 404
    assert call(client, "POST", f"/{person['id']}/unmask", OTHER, reason="上门探访").status_code == 404
    assert call(client, "POST", "", OTHER, **PERSON).status_code == 403


def test_a_correction_changes_what_it_tells_and_says_so_on_record(
    client: TestClient, person: dict[str, Any], district: Engine
) -> None:
    path = f"/{person['id']}"
    told = call(client, "PUT", path, key="e1", seq=1, phone="13900001234", note="").json()["element"]
    assert (told["phone"], told["note"], told["name"], told["seq"]) == ("139****1234", "", "诸*", 2)
    again = call(client, "PUT", path, key="e1", seq=1, phone="13900001234", note="")
    assert again.json()["element"]["seq"] == 2 and again.headers["Idempotency-Replayed"] == "true"
    assert audited(district, person["id"])[-1] == (
        "element_changed",
        "as.worker.1",
        None,
        {"changed": ["note", "phone"]},
    )
    confirmed = call(client, "PUT", path, seq=2).json()["element"]
    assert confirmed["seq"] == 3 and confirmed["confirmed_at"] > told["confirmed_at"]


def test_who_saw_an_older_state_is_told_the_present_one(client: TestClient, person: dict[str, Any]) -> None:
    refused = call(client, "PUT", f"/{person['id']}", COLLEAGUE, seq=1, label="高龄老人")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (409, "conflict")
    assert (error["detail"]["seq"], error["detail"]["element"]["label"]) == (3, "独居老人")


def test_one_is_shown_whole_with_a_reason_on_record(
    client: TestClient, person: dict[str, Any], district: Engine
) -> None:
    assert call(client, "POST", f"/{person['id']}/unmask", reason="").status_code == 422
    whole = call(client, "POST", f"/{person['id']}/unmask", reason="上门探访")
    assert whole.json() == {
        "title": None,
        "note": "",
        "name": "诸葛孔明",
        "phone": "13900001234",
        "home": "隆中路 8 号",
    }
    assert whole.headers["Cache-Control"] == "no-store"
    line = audited(district, person["id"])[-1]
    assert line == ("unmask", "as.worker.1", "上门探访", {"shown": ["name", "phone", "home"]})


@pytest.mark.parametrize("wrong", [
    {"title": "他家"}, {"lon": 116.3025, "lat": 39.905}, {"kind": "things"}, {"lon": 116.3}, {"kind": "pets"}, {"phone": "abc"},
])  # fmt: skip
def test_people_have_no_place_and_things_have_a_title(client: TestClient, wrong: dict[str, Any]) -> None:
    assert call(client, "POST", "", **PERSON | wrong).status_code == 422


def test_what_is_gone_is_seen_no_more(client: TestClient, shop: dict[str, Any], district: Engine) -> None:
    gone = call(client, "PUT", f"/{shop['id']}", seq=1, is_gone=True)
    assert gone.json() == {"element": None}
    assert found(client, q="便民") == [] and call(client, "PUT", f"/{shop['id']}", seq=2).status_code == 404
    assert audited(district, shop["id"])[-1][3] == {"changed": ["gone"]}


@pytest.mark.parametrize("actor", ["desk:110199001001", "desk:110199000000", "agency:1"])
def test_nobody_else_has_business_there(client: TestClient, actor: str) -> None:
    assert client.get("/api/work/elements", headers={"X-Wangge-Actor": actor}).status_code == 403
