"""A street calls departments to the spot; each reports in, or it is on the record that it did not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.api.cases import COMMUNITY, STREET, dispatched, error, events, moved, post


@pytest.fixture(scope="module")
def agencies(district: Engine) -> list[str]:
    with district.begin() as connection:
        made = text(
            "INSERT INTO agency (code, kind, name, area_code) VALUES ('A1', 'department', '城管局', '110199000000'),"
            " ('A2', 'department', '水务局', '110199000000'), ('A3', 'street_team', '别街队伍', '110199002000') RETURNING id"
        )
        ids = list(connection.scalars(made))
    return [f"agency:{id_}" for id_ in ids]


def soon(hours: float = 1) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def call(client: TestClient, agencies: list[str], actor: str = STREET, **changes: Any) -> Any:
    case = changes.pop("case", None) or dispatched(client)
    return post(
        client,
        f"/api/cases/{case}/whistle",
        actor,
        **{"agencies": agencies, "meet_at": soon(), "place": "巷口"} | changes,
    )


def report_in(client: TestClient, whistle: int, actor: str, **body: Any) -> Any:
    return post(client, f"/api/whistles/{whistle}/report-in", actor, **body)


def test_a_street_calls_and_departments_report_in_by_position_or_signature(
    client: TestClient, district: Engine, agencies: list[str]
) -> None:
    called = call(client, agencies, request="联合<整治>").json()
    due = datetime.fromisoformat(called["meet_at"]) + timedelta(minutes=30)
    assert {datetime.fromisoformat(one["due_at"]) for one in called["calls"]} == {due}
    whistle = called["id"]
    assert report_in(client, whistle, agencies[0], at_lon=116.3026, at_lat=39.905).status_code == 200
    told = report_in(client, whistle, STREET, agency=agencies[1], signature="刘<i>工").json()
    by_agency = {one["agency"]: one for one in told["calls"]}
    assert (by_agency[agencies[0]]["means"], by_agency[agencies[0]]["distance_m"]) == (
        "position",
        pytest.approx(8.5, abs=0.5),
    )
    assert (by_agency[agencies[1]]["means"], by_agency[agencies[1]]["signature"]) == ("signature", "刘*")
    assert by_agency[agencies[2]]["reported_in_at"] is None
    ledger = events(district, called["case_id"])
    assert [event["event"] for event in ledger[-3:]] == ["whistle", "report_in", "report_in"]
    assert (ledger[-2]["lon"], ledger[-2]["detail"]["whistle"]) == (116.303, whistle)


def test_who_stands_too_far_away_has_not_come(client: TestClient, agencies: list[str]) -> None:
    whistle = call(client, agencies).json()["id"]
    refused = report_in(client, whistle, agencies[0], at_lon=116.3225, at_lat=39.905)
    assert (refused.status_code, "at most 200 m" in refused.json()["error"]["message"]) == (422, True)


def test_a_department_reports_in_once_and_for_itself(client: TestClient, agencies: list[str]) -> None:
    whistle = call(client, agencies[:2]).json()["id"]
    where = {"at_lon": 116.3025, "at_lat": 39.905}
    assert report_in(client, whistle, agencies[0], agency=agencies[1], **where).status_code == 422
    assert report_in(client, whistle, agencies[0], **where).status_code == 200
    assert error(report_in(client, whistle, agencies[0], **where)) == (409, "conflict")
    assert error(report_in(client, whistle, agencies[2], **where)) == (409, "conflict")
    assert report_in(client, whistle, agencies[1], **where, signature="both").status_code == 422
    assert report_in(client, whistle, STREET, signature="who?").status_code == 422
    assert report_in(client, 2**62, agencies[0], **where).status_code == 404


def test_only_streets_and_the_district_whistle_for_a_time_to_come(client: TestClient, agencies: list[str]) -> None:
    assert error(call(client, agencies, COMMUNITY)) == (409, "illegal_move")
    assert error(call(client, agencies, "desk:110199002000")) == (403, "forbidden")
    assert call(client, agencies, meet_at=soon(-1)).status_code == 422
    assert call(client, ["agency:99999"]).json()["error"]["detail"]["fields"][0]["field"] == "agencies"
    assert call(client, [agencies[0]] * 2).status_code == 422


def test_a_department_of_other_ground_that_was_called_may_see_the_case(client: TestClient, agencies: list[str]) -> None:
    case = dispatched(client)
    before = client.get(f"/api/cases/{case}", headers={"X-Wangge-Actor": agencies[2]})
    call(client, [agencies[2]], case=case)
    after = client.get(f"/api/cases/{case}", headers={"X-Wangge-Actor": agencies[2]})
    assert (before.status_code, after.status_code) == (404, 200)
    assert "report_in" in [one["event"] for one in after.json()["moves"]]


def test_nobody_is_called_to_a_case_that_nobody_has(client: TestClient, agencies: list[str]) -> None:
    case = dispatched(client)
    moved(client, case, "return", reason="x")
    assert error(call(client, agencies, case=case)) == (409, "illegal_move")
