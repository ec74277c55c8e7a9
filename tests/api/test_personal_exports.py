"""A table of people leaves only when another account of the right office agrees, once, in time, and says on every row by whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import Engine, text

from data import accounts, grants, sessions
from data.dialogues import Ask, Dialogue, hold
from geo.offices import Office
from tests.api.cases import COMMUNITY, DISTRICT, ELSEWHERE, STREET, dispatched, error, post
from tests.api.test_unmasking import lines

PATH = "/api/personal-exports"
ENROLLED = "UPDATE account SET must_change_password = false, totp_sealed = '', totp_since = now() WHERE id = %(id)s"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module", autouse=True)
def case(client: TestClient) -> int:
    """A case whose reporter's name would be a formula."""
    return dispatched(client, contact={"name": FORMULA, "phone": "13912345678"})


def asked(client: TestClient, actor: str = COMMUNITY, **changes: Any) -> Any:
    body = {"what": "reporters", "area": "110199001001", "reason": "回访抽样"} | changes
    return post(client, PATH, actor, **body)


def decided(client: TestClient, export: int, actor: str = STREET, **changes: Any) -> Any:
    return post(client, f"{PATH}/{export}/decision", actor, **{"is_approved": True} | changes)


def taken(client: TestClient, export: int, actor: str = COMMUNITY, form: str = "xlsx") -> Any:
    return post(client, f"{PATH}/{export}/file?format={form}&lang=en", actor)


def seen(client: TestClient, actor: str) -> dict[int, dict[str, Any]]:
    found = client.get(PATH, headers={"X-Wangge-Actor": actor}).json()["exports"]
    return {one["id"]: one for one in found}


def test_another_office_above_approves_and_who_asked_takes_it_once(client: TestClient, district: Engine) -> None:
    export = asked(client).json()["id"]
    assert error(taken(client, export)) == (409, "conflict")
    told = decided(client, export, note="同意").json()
    assert (told["state"], told["decided_by"], told["note"]) == ("approved", "as.desk.110199001000", "同意")
    assert error(taken(client, export, STREET)) == (403, "forbidden")
    answer = taken(client, export)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert error(taken(client, export)) == (409, "conflict")
    assert seen(client, COMMUNITY)[export]["state"] == "taken"
    actions = [line["action"] for line in lines(district, f"personal_export:{export}")]
    assert actions == ["export_asked", "export_approved", "export"]


def test_a_workbook_says_on_every_row_and_page_who_took_it_and_runs_nothing(client: TestClient) -> None:
    export = asked(client).json()["id"]
    decided(client, export)
    sheet = load_workbook(BytesIO(taken(client, export).content)).active
    assert sheet is not None
    notice, headings, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert f"No. {export}, taken by as.desk.110199001001, approved by as.desk.110199001000" in str(notice[0])
    assert headings[4:] == ["Name", "Telephone", "Home", "Mark"] and FORMULA in [row[4] for row in rows]
    assert all(str(row[-1]).startswith(f"{export} · as.desk.110199001001 · 20") for row in rows)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert str(export) in str(sheet.oddHeader.center.text) and str(export) in str(sheet.oddFooter.center.text)


def test_a_csv_is_marked_too_and_formulas_become_texts(client: TestClient) -> None:
    export = asked(client).json()["id"]
    decided(client, export)
    notice, _, *rows = taken(client, export, form="csv").content.decode("utf-8-sig").splitlines()
    assert f"No. {export}" in notice and any(f"'{FORMULA}" in row and "13912345678" in row for row in rows)
    assert all(f"{export} · as.desk.110199001001" in row for row in rows)


def test_workers_of_ones_own_ground_alone(client: TestClient) -> None:
    export = asked(client, STREET, what="workers", area="110199001000").json()["id"]
    decided(client, export, DISTRICT)
    rows = taken(client, export, STREET, form="csv").content.decode("utf-8-sig").splitlines()[2:]
    assert [row.split(",")[:3] for row in rows] == [["W1", "张三丰", "13800000001"], ["W2", "李四", "13800000002"]]


@pytest.mark.parametrize(
    ("actor", "changes", "status"),
    [
        (COMMUNITY, {"area": "110199002001"}, 403),
        (COMMUNITY, {"area": "110199001000"}, 403),
        ("worker:1", {}, 403),
        (COMMUNITY, {"area": "999999999999"}, 404),
        (COMMUNITY, {"reason": " "}, 422),
        (COMMUNITY, {"what": "everybody"}, 422),
        (COMMUNITY, {"since": "2026-02-02", "until": "2026-02-01"}, 422),
        (COMMUNITY, {"asked_by": "somebody"}, 422),
    ],
)
def test_what_may_not_be_asked_for(client: TestClient, actor: str, changes: dict[str, Any], status: int) -> None:
    assert asked(client, actor, **changes).status_code == status


def test_nobody_decides_on_his_own_or_on_other_ground_and_nobody_else_sees_it(client: TestClient) -> None:
    own = asked(client, STREET, area="110199001000").json()["id"]
    assert error(decided(client, own, STREET)) == (403, "forbidden")
    assert not seen(client, STREET)[own]["can_decide"] and seen(client, DISTRICT)[own]["can_decide"]
    for actor in (COMMUNITY, ELSEWHERE):
        assert error(decided(client, own, actor)) == (404, "not_found") and own not in seen(client, actor)
        assert error(taken(client, own, actor)) == (404, "not_found")


def test_the_security_administrator_decides_over_all_and_sees_no_people(client: TestClient, database_url: str) -> None:
    with psycopg.connect(database_url) as line:
        token = hold(line, _opened("one.security", Office.SECURITY_ADMIN))
    me = {"Authorization": f"Bearer {token}"}
    export = asked(client).json()["id"]
    told = client.post(f"{PATH}/{export}/decision", json={"is_approved": True}, headers=me)
    assert (told.status_code, told.json()["decided_by"]) == (200, "one.security")
    assert client.post(f"{PATH}/{export}/file", headers=me).status_code == 403
    assert (
        client.post(PATH, json={"what": "workers", "area": "110199001001", "reason": "好奇"}, headers=me).status_code
        == 403
    )


def _opened(name: str, office: Office) -> Dialogue[str]:
    id_ = yield from accounts.create(name)
    yield from grants.grant(id_, office)
    yield Ask(ENROLLED, {"id": id_})
    return (yield from sessions.open_for(id_, has_second_factor=True))


def test_what_is_refused_or_too_old_is_not_taken(client: TestClient, district: Engine) -> None:
    refused, old = asked(client).json()["id"], asked(client).json()["id"]
    assert decided(client, refused, is_approved=False).json()["state"] == "refused"
    assert error(decided(client, refused)) == (409, "conflict") and error(taken(client, refused)) == (409, "conflict")
    decided(client, old)
    with district.begin() as connection:
        connection.execute(
            text("UPDATE personal_export SET expires_at = now() - interval '1 s' WHERE id = :id"), {"id": old}
        )
    assert seen(client, COMMUNITY)[old]["state"] == "expired" and error(taken(client, old)) == (409, "conflict")


def test_of_many_at_once_one_takes_it(client: TestClient) -> None:
    export = asked(client).json()["id"]
    decided(client, export)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: taken(client, export).status_code, range(6)))
    assert sorted(answers) == [200, 409, 409, 409, 409, 409]


def test_the_database_itself_refuses_one_person_alone(client: TestClient, district: Engine) -> None:
    export = asked(client).json()["id"]
    with pytest.raises(Exception, match="second_person"), district.begin() as connection:
        told = "UPDATE personal_export SET decided_by = asked_by, decided_at = now(), is_approved = true WHERE id = :id"
        connection.execute(text(told), {"id": export})
