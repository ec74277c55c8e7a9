"""Reporting incidents and asking about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.middleware import MAX_BODY_BYTES
from api.models.incidents import MAX_DESCRIPTION, IncidentCollection, IncidentDetail, Reported
from flows.dispatcher import drain
from geo import datum

CELL = "110199001001001"
INSIDE = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "C0101", "description": "井盖缺损"}
REMOVE = object()


def report(client: TestClient, key: str | None = None, **changes: Any) -> Any:
    body = {name: value for name, value in (INSIDE | changes).items() if value is not REMOVE}
    return client.post("/api/incidents", json=body, headers={"Idempotency-Key": key} if key else {})


def test_who_reports_learns_where_it_lies(client: TestClient) -> None:
    response = report(client)
    assert response.status_code == 201
    told = Reported.model_validate_json(response.content)
    assert (told.located, told.state, told.candidates) == ("inside", "filed", [])
    places = [place and (place.code, place.name) for place in (told.street, told.community, told.cell)]
    assert places == [("110199001000", "柳荫街道"), ("110199001001", "柳荫社区"), (CELL, "柳荫社区第001网格")]


@pytest.mark.parametrize(("lon", "located", "cell"), [
    (116.31, "border", "110199001001002"), (116.2999, "gap", CELL), (116.2, "none", None), (0.0, "none", None),
])  # fmt: skip
def test_every_point_is_taken_in_and_says_how_it_was_located(
    client: TestClient, lon: float, located: str, cell: str | None
) -> None:
    told = Reported.model_validate_json(report(client, lon=lon).content)
    assert (told.located, told.cell and told.cell.code) == (located, cell)


def test_a_place_that_no_plane_of_the_city_reaches_is_refused(client: TestClient) -> None:
    """A quarter of the earth from the middle of its zone."""
    far = {"lon": 27.0, "lat": 1e-290}
    moved = {"event": "reclassify", "reason": "地点有误", "datum": "cgcs2000"} | far
    id_ = report(client).json()["id"]
    for told in (
        report(client, **far),
        client.get("/api/cases/nearby", params={"category": "C0101"} | far),
        client.post(f"/api/cases/{id_}/moves", json=moved),
    ):
        assert told.status_code == 422, told.text
        assert told.json()["error"]["message"] == "the place is too far from the city to be measured"


@pytest.mark.parametrize("name", ["gcj02", "bd09", "cgcs2000"])
def test_coordinates_of_another_datum_are_converted_and_kept_as_given(client: TestClient, name: str) -> None:
    lon, lat = (float(value) for value in datum.convert(INSIDE["lon"], INSIDE["lat"], source="wgs84", target=name))
    told = report(client, lon=lon, lat=lat, datum=name).json()
    assert told["cell"]["code"] == CELL
    detail = IncidentDetail.model_validate_json(client.get(f"/api/incidents/{told['id']}").content)
    assert (detail.lon, detail.lat, detail.datum) == (lon, lat, name)
    assert detail.geometry.coordinates == [pytest.approx(INSIDE["lon"]), pytest.approx(INSIDE["lat"])]


@pytest.mark.parametrize("lat", [-5e-324, 1e-300])
def test_a_latitude_too_small_to_reckon_with_is_the_equator(client: TestClient, lat: float) -> None:
    told = report(client, lon=116.3, lat=lat, datum="gcj02").json()
    assert (told["located"], told["cell"]) == ("none", None)


def test_the_example_of_the_documentation_can_be_sent_as_it_is(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["NewIncident"]
    assert client.post("/api/incidents", json=schema["examples"][0]).status_code == 201


@pytest.mark.parametrize(("changes", "field"), [
    ({"lon": 180.1}, "lon"), ({"lat": -91}, "lat"), ({"lat": "x"}, "lat"),
    ({"lon": True}, "lon"), ({"lon": "116.3"}, "lon"), ({"lon": None}, "lon"), ({"lon": REMOVE}, "lon"),
    ({"datum": "mars"}, "datum"), ({"datum": REMOVE}, "datum"), ({"category": "C9999"}, "category"),
    ({"category": "C\0"}, "category"), ({"category": ""}, "category"), ({"category": "C" * 41}, "category"),
    ({"description": "a\0b"}, "description"), ({"description": "x" * (MAX_DESCRIPTION + 1)}, "description"),
    ({"description": 5}, "description"), ({"source": "spy"}, "source"), ({"surprise": 1}, "surprise"),
])  # fmt: skip
def test_a_bad_report_is_refused_by_the_name_of_the_field(
    client: TestClient, changes: dict[str, Any], field: str
) -> None:
    response = report(client, **changes)
    assert response.status_code == 422, response.text
    error = response.json()["error"]
    assert (error["code"], [found["field"] for found in error["detail"]["fields"]]) == ("bad_input", [field])


@pytest.mark.parametrize(("body", "status"), [
    (b"", 422), (b"{", 422), (b"[]", 422), (b"\xff", 400), (b'{"lon": NaN}', 422), (b'{"lon": 1e999}', 422),
    (b'{"description": "\\ud800"}', 422), (b"[" * 10000, 400), (b'{"lon": ' + b"9" * 5000 + b"}", 400),
    (b'{"description": "' + b"x" * MAX_BODY_BYTES + b'"}', 413),
])  # fmt: skip
def test_a_body_that_is_no_report_is_refused(client: TestClient, body: bytes, status: int) -> None:
    response = client.post("/api/incidents", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    assert response.json()["error"]["request_id"]


def test_a_body_that_never_says_how_long_it_is_is_cut_off(client: TestClient) -> None:
    pieces = (b" " * 1024 for _ in range(1024))
    response = client.post("/api/incidents", content=pieces, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("key", ["x" * 201, "schlüssel".encode("latin-1"), b"tab\there"])
def test_a_key_that_cannot_be_stored_is_refused(client: TestClient, key: str | bytes) -> None:
    response = client.post("/api/incidents", json=INSIDE, headers={"Idempotency-Key": key})
    assert response.json()["error"]["detail"]["fields"][0]["field"] == "Idempotency-Key"


def test_invisible_characters_are_dropped_and_all_others_kept(client: TestClient) -> None:
    told = report(client, description="  <b>井盖</b> & \x1b[31m\x07路\n灯🚧\u200d ").json()
    assert client.get(f"/api/incidents/{told['id']}").json()["description"] == "<b>井盖</b> & [31m路\n灯🚧\u200d"


def test_the_same_report_under_the_same_key_is_stored_once(client: TestClient) -> None:
    first, second = report(client, "once"), report(client, "once")
    assert (second.status_code, second.json()) == (201, first.json())
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"


def test_another_report_under_the_same_key_is_refused(client: TestClient) -> None:
    report(client, "taken")
    response = report(client, "taken", description="另一件事")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "key_reused")


def test_an_incident_that_never_was_is_not_found(client: TestClient) -> None:
    assert client.get(f"/api/incidents/{2**63 - 1}").status_code == 404
    assert client.get(f"/api/incidents/{2**63}").status_code == 422


def test_an_incident_tells_its_history(client: TestClient) -> None:
    told = report(client).json()
    detail = IncidentDetail.model_validate_json(client.get(f"/api/incidents/{told['id']}").content)
    assert (detail.category_name, detail.holder, detail.why) == ("井盖缺损", None, None)
    assert [(event.event, event.to_state) for event in detail.history] == [("file", "filed")]


def test_a_dispatched_incident_says_who_has_it_and_why_without_anybodys_full_name(client: TestClient) -> None:
    told = report(client).json()
    drain()
    detail = client.get(f"/api/incidents/{told['id']}?lang=zh")
    found = IncidentDetail.model_validate_json(detail.content)
    assert found.holder and found.holder.model_dump() == {"kind": "worker", "code": "W1", "name": "张*"}
    assert [event.event for event in found.history] == ["file", "dispatch"]
    assert found.why and "张*" in found.why.sentence
    assert "三丰" not in detail.text and "李四" not in detail.text
    english = client.get(f"/api/incidents/{told['id']}?lang=en").json()["why"]
    assert english["explanation"] == found.why.explanation and english["sentence"] != found.why.sentence


def test_a_report_is_seen_at_the_next_question(client: TestClient) -> None:
    tags = {path: client.get(path).headers["etag"] for path in ("/api/incidents", "/api/cells")}
    assert {client.get(path, headers={"If-None-Match": tag}).status_code for path, tag in tags.items()} == {304}
    open_before = client.get(f"/api/cells/{CELL}").json()["properties"]["open_cases"]
    report(client)
    assert {client.get(path, headers={"If-None-Match": tag}).status_code for path, tag in tags.items()} == {200}
    assert client.get(f"/api/cells/{CELL}").json()["properties"]["open_cases"] == open_before + 1


@pytest.fixture
def incidents(client: TestClient, district: Engine) -> Iterator[list[int]]:
    """Three incidents in March, one an hour, the first of them held by a worker."""
    told = [report(client, lon=lon).json()["id"] for lon in (116.3025, 116.3075, 116.3225)]
    with district.begin() as connection:
        for hour, number in enumerate(told):
            moment = f"2026-03-01 0{hour}:00+08"
            connection.execute(
                text("UPDATE incident SET reported_at = :at WHERE id = :id"), {"at": moment, "id": number}
            )
        connection.execute(text(
            "UPDATE case_file SET state = 'dispatched', dispatched_at = now(), worker_id = (SELECT min(id) FROM worker) "
            "WHERE id = :id"), {"id": told[0]})  # fmt: skip
    yield told
    with district.begin() as connection:
        connection.execute(text("UPDATE incident SET reported_at = '2020-01-01' WHERE id = ANY(:ids)"), {"ids": told})


MARCH = "since=2026-03-01T00:00%2B08:00&until=2026-03-02T00:00%2B08:00"


def test_incidents_come_newest_first_in_pages(client: TestClient, incidents: list[int]) -> None:
    found, address = [], f"/api/incidents?{MARCH}&limit=1"
    shown = IncidentCollection.model_validate_json(client.get(address).content)
    while shown.next:
        found += shown.features
        shown = IncidentCollection.model_validate_json(client.get(f"{address}&after={quote(shown.next)}").content)
    found = [feature.id for feature in (*found, *shown.features)]
    assert found == incidents[::-1]


@pytest.mark.parametrize(("question", "expected"), [
    ("state=filed", [2, 1]), ("state=dispatched", [0]), (f"cell={CELL}", [0]), ("community=110199001001", [1, 0]),
    ("bbox=116.306,39.9,116.31,39.91", [1]), ("state=closed", []), ("cell=1101990010019", []),
])  # fmt: skip
def test_incidents_are_found_by_state_place_and_time(
    client: TestClient, incidents: list[int], question: str, expected: list[int]
) -> None:
    features = client.get(f"/api/incidents?{MARCH}&{question}").json()["features"]
    assert [feature["id"] for feature in features] == [incidents[number] for number in expected]


def test_until_is_not_included(client: TestClient, incidents: list[int]) -> None:
    hours = "since=2026-03-01T01:00%2B08:00&until=2026-03-01T02:00%2B08:00"
    assert [feature["id"] for feature in client.get(f"/api/incidents?{hours}").json()["features"]] == [incidents[1]]


def test_the_name_of_who_holds_an_incident_is_masked(client: TestClient, incidents: list[int]) -> None:
    holder = {"kind": "worker", "code": "W1", "name": "张*"}
    assert client.get(f"/api/incidents/{incidents[0]}").json()["holder"] == holder
    listed = client.get(f"/api/incidents?{MARCH}&state=dispatched").json()["features"][0]["properties"]
    assert listed["holder"] == holder


@pytest.mark.parametrize(("question", "field"), [
    ("state=asleep", "state"), ("since=2026-03-01", "since"), ("since=2026-03-01T00:00", "since"), ("cell=1", "cell"),
    ("after=x", "after"), ("after=2026-03-01T00:00Z~99999999999999999999", "after"), ("after=%F0%9F%98%80~1", "after"),
])  # fmt: skip
def test_a_bad_question_about_incidents_is_refused(client: TestClient, question: str, field: str) -> None:
    response = client.get(f"/api/incidents?{question}")
    assert response.status_code == 422, response.text
    assert [found["field"] for found in response.json()["error"]["detail"]["fields"]] == [field]
