"""How to reach a reporter: sealed in the database, masked in answers, whole for who says why, and on record."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.api.cases import ELSEWHERE, STREET, dispatched, error, post
from tests.api.test_incidents import INSIDE, report
from tests.signing import PUBLIC

CONTACT = {"name": "诸葛孔明", "phone": "139-1234 5678", "home": "隆中路 8 号 301"}
WORDS = "请打我电话 13700001111 联系"


@pytest.fixture(scope="module")
def case(client: TestClient) -> int:
    return dispatched(client, contact=CONTACT, description=WORDS)


def detail(client: TestClient, case: int) -> dict[str, Any]:
    told: dict[str, Any] = client.get(f"/api/cases/{case}", headers={"X-Wangge-Actor": STREET}).json()
    return told


def lines(engine: Engine, subject: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM audit_line WHERE subject = :s ORDER BY id"), {"s": subject})
        return [dict(row) for row in found.mappings()]


def test_a_contact_is_shown_masked_and_so_are_numbers_in_texts(client: TestClient, case: int) -> None:
    told = detail(client, case)
    assert told["contact"] == {"name": "诸*", "phone": "139****5678", "home": "****"}
    assert told["description"] == "请打我电话 137****1111 联系"


def test_a_name_that_a_reporter_gives_as_his_own_is_whole_in_no_text(client: TestClient, district: Engine) -> None:
    """And a repeated report is the same one, whoever is named the second time."""
    words = {"description": "我是诸葛孔明，诸葛孔明家门口的井盖缺了"}
    first = report(client, "named", contact=CONTACT, **words)
    assert detail(client, first.json()["id"])["description"] == "我是诸*，诸*家门口的井盖缺了"
    assert report(client, "named", contact={"name": "我"}, **words).json()["id"] == first.json()["id"]
    with district.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM incident WHERE description LIKE '%孔明%'")) == 0


def test_the_database_holds_no_whole_contact(client: TestClient, case: int, district: Engine) -> None:
    with district.connect() as connection:
        row = str(connection.execute(text("SELECT * FROM reporter_contact WHERE case_id = :id"), {"id": case}).one())
    assert not any(part in row for part in ("孔明", "1234 5678", "12345678", "隆中", "301"))


def test_who_says_why_sees_one_case_whole_and_that_goes_on_record(
    client: TestClient, case: int, district: Engine
) -> None:
    answer = post(client, f"/api/cases/{case}/unmask", reason="回电核实地点")
    assert answer.json() == {"contact": CONTACT, "description": WORDS, "signatures": []}
    assert answer.headers["Cache-Control"] == "no-store"
    line = lines(district, f"case:{case}")[-1]
    assert (line["action"], line["reason"]) == ("unmask", "回电核实地点")
    assert line["detail"] == {"shown": ["name", "phone", "home"]}


def test_nobody_sees_it_without_a_reason_or_on_other_ground(client: TestClient, case: int, district: Engine) -> None:
    before = len(lines(district, f"case:{case}"))
    assert post(client, f"/api/cases/{case}/unmask").status_code == 422
    assert post(client, f"/api/cases/{case}/unmask", reason="  ").status_code == 422
    assert error(post(client, f"/api/cases/{case}/unmask", ELSEWHERE, reason="好奇")) == (404, "not_found")
    assert len(lines(district, f"case:{case}")) == before


def test_a_worker_is_shown_whole_to_the_desks_of_his_ground_and_to_himself(client: TestClient) -> None:
    whole = {"name": "张三丰", "phone": "13800000001"}
    assert post(client, "/api/workers/1/unmask", reason="夜间值守联系").json() == whole
    assert post(client, "/api/workers/1/unmask", "worker:1", reason="核对本人信息").json() == whole
    assert error(post(client, "/api/workers/1/unmask", "worker:2", reason="好奇")) == (403, "forbidden")
    assert error(post(client, "/api/workers/1/unmask", ELSEWHERE, reason="好奇")) == (403, "forbidden")
    assert error(post(client, "/api/workers/999/unmask", reason="好奇")) == (404, "not_found")


def test_a_report_without_a_contact_has_none_and_a_replayed_one_keeps_the_first(client: TestClient) -> None:
    assert detail(client, dispatched(client))["contact"] is None
    body = report(client, "contact-1", contact={"name": None, "phone": "13900000001", "home": None}).json()
    assert report(client, "contact-1", contact={"phone": "13900000002"}).json()["id"] == body["id"]
    assert detail(client, body["id"])["contact"] == {"name": None, "phone": "139****0001", "home": None}


def test_somebody_who_has_not_signed_in_may_leave_his_number(client: TestClient) -> None:
    body = INSIDE | {"contact": {"phone": "13900000003"}}
    answer = client.post("/api/incidents", json=body, auth=PUBLIC)
    assert answer.status_code == 201
    assert detail(client, answer.json()["id"])["contact"] == {"name": None, "phone": "139****0003", "home": None}
    assert (
        client.post(f"/api/cases/{answer.json()['id']}/unmask", json={"reason": "好奇"}, auth=PUBLIC).status_code == 401
    )


@pytest.mark.parametrize(
    "contact", [{"phone": "call me"}, {"name": "x" * 41}, {"name": "a\0"}, {"id_number": "1"}, "x"]
)
def test_a_contact_that_is_none_is_refused(client: TestClient, contact: Any) -> None:
    assert report(client, contact=contact).status_code == 422
