"""The audit over HTTP: its administrator finds who did what, and nobody else reads it."""

from __future__ import annotations

import csv
import io

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb

from data import accounts, grants, sessions
from data.dialogues import Ask, Dialogue, hold
from geo.offices import Office
from tests.signing import PUBLIC

STORE = """
    INSERT INTO audit_line (at, action, account, subject, address, detail)
    VALUES (now() - %s * interval '1 hour', %s, %s, %s, %s, %s)
"""
ENROLLED = "UPDATE account SET totp_since = now(), totp_sealed = '' WHERE id = %s"
LINES = [
    (5, "sign_in", "li.na", "account:li.na", "192.0.2.7", {}),
    (4, "unmask", "li.na", "case:50501", "192.0.2.7", {"shown": ["phone"]}),
    (3, "unmask", "wang.lei", "case:50502", "192.0.2.31", {}),
    (2, "export", "wang.lei", "=cmd|'/c calc'!A0", "192.0.2.31", {"rows": 3}),
    (1, "sign_in_failed", None, "account:admin", "198.51.100.23", {}),
]


def _opened(office: Office) -> Dialogue[str]:
    id_ = yield from accounts.create(f"one.{office}".replace("_", "."))
    yield from grants.grant(id_, office)
    yield Ask(ENROLLED, [id_])
    return (yield from sessions.open_for(id_, has_second_factor=True))


@pytest.fixture(scope="module")
def tokens(client: TestClient, database_url: str) -> dict[Office, dict[str, str]]:
    """Headers of the administrators, and some lines."""
    offices = (Office.SYSTEM_ADMIN, Office.SECURITY_ADMIN, Office.AUDIT_ADMIN)
    with psycopg.connect(database_url) as line:
        for *told, detail in LINES:
            line.execute(STORE, [*told, Jsonb(detail)])
        return {office: {"Authorization": f"Bearer {hold(line, _opened(office))}"} for office in offices}


@pytest.fixture
def me(tokens: dict[Office, dict[str, str]]) -> dict[str, str]:
    return tokens[Office.AUDIT_ADMIN]


def test_signing_in_and_failing_say_from_which_address(client: TestClient, me: dict[str, str]) -> None:
    client.post("/api/session", json={"name": "nobody.at.all", "password": "x" * 12}, auth=PUBLIC)
    client.post("/api/session", json={"name": "one.audit.admin", "password": "x" * 12}, auth=PUBLIC)
    asked = {"action": "sign_in_failed", "address": "testclient"}
    told = client.get("/api/audit", params=asked, headers=me).json()["lines"]
    assert [line["subject"] for line in told] == ["account:one.audit.admin", "account:unknown"]


def test_lines_come_newest_first_and_page_by_page(client: TestClient, me: dict[str, str]) -> None:
    wanted = {"account": "wang.lei", "limit": 1}
    first = client.get("/api/audit", params=wanted | {"until": "2100-01-01T00:00:00Z"}, headers=me).json()
    assert [line["action"] for line in first["lines"]] == ["export"]
    second = client.get("/api/audit", params=wanted | {"after": first["next"]}, headers=me).json()
    assert [(line["action"], line["subject"]) for line in second["lines"]] == [("unmask", "case:50502")]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"action": "unmask"}, 2),
        ({"subject": "case:*"}, 2),
        ({"subject": "case:50501"}, 1),
        ({"subject": "case:"}, 0),
        ({"address": "198.51.*"}, 1),
        ({"account": "li.na", "action": "unmask"}, 1),
        ({"account": "' OR true --"}, 0),
        ({"subject": "case:%"}, 0),
    ],
)
def test_lines_are_found_by_who_what_and_where(
    client: TestClient, me: dict[str, str], wanted: dict[str, str], count: int
) -> None:
    assert len(client.get("/api/audit", params=wanted, headers=me).json()["lines"]) == count


def test_reading_and_taking_away_are_on_record(client: TestClient, me: dict[str, str]) -> None:
    client.get("/api/audit", params={"subject": "case:1"}, headers=me)
    client.get("/api/audit/export.csv", params={"action": "unmask"}, headers=me)
    lines = client.get("/api/audit", params={"account": "one.audit.admin", "limit": 2}, headers=me).json()["lines"]
    assert [(line["action"], line["detail"]) for line in lines] == [
        ("audit_exported", {"action": "unmask", "rows": 2}),
        ("audit_read", {"subject": "case:1"}),
    ]


def test_an_export_of_cases_is_on_record_without_the_numbers_of_people(client: TestClient, me: dict[str, str]) -> None:
    client.get("/api/cases/export.csv", params={"q": "13812345678", "stage": "handle"})
    (line,) = client.get("/api/audit", params={"action": "export", "subject": "cases:*"}, headers=me).json()["lines"]
    assert (line["subject"], line["account"]) == ("cases:csv", "as.desk.000000000000")
    assert line["detail"] == {"q": "138****5678", "stage": "handle"}


def test_a_table_has_no_formulas(client: TestClient, me: dict[str, str]) -> None:
    answer = client.get("/api/audit/export.csv", params={"account": "wang.lei"}, headers=me)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["subject"] for row in rows] == ["'=cmd|'/c calc'!A0", "case:50502"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/export.csv", "/audit"])
@pytest.mark.parametrize("office", [None, Office.SYSTEM_ADMIN, Office.SECURITY_ADMIN])
def test_nobody_else_reads_it(
    client: TestClient, tokens: dict[Office, dict[str, str]], path: str, office: Office | None
) -> None:
    answer = client.get(path, headers=tokens[office] if office else {})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forbidden"


def test_the_page_is_its_readers(client: TestClient, me: dict[str, str]) -> None:
    answer = client.get("/audit", params={"lang": "en"}, headers=me)
    assert answer.status_code == 200
    assert "<h1>Audit</h1>" in answer.text


@pytest.mark.parametrize("after", ["x", "1.", ".1", "-1.2", "1.2.3", "٣.٣", "9" * 50])
def test_a_place_of_no_page_is_refused(client: TestClient, me: dict[str, str], after: str) -> None:
    assert client.get("/api/audit", params={"after": after}, headers=me).status_code == 422
