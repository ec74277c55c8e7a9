"""Areas, cells, facilities, service areas and landmarks over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.models import ground

COMMUNITY = "110199001001"
CELL = f"{COMMUNITY}001"
SHAPES = {
    "/api/areas": ground.AreaCollection,
    "/api/cells": ground.CellCollection,
    "/api/facilities": ground.FacilityCollection,
    "/api/service-areas": ground.ServiceAreaCollection,
    "/api/landmarks": ground.LandmarkCollection,
}
ROWS = {"/api/areas": 7, "/api/cells": 8, "/api/facilities": 3, "/api/service-areas": 2, "/api/landmarks": 2}


def ids(client: TestClient, address: str) -> list[str | int]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return [feature["id"] for feature in response.json()["features"]]


@pytest.mark.parametrize("path", SHAPES)
def test_lists_answer_what_their_description_says(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "application/geo+json"
    found = SHAPES[path].model_validate_json(response.content)
    assert len(found.features) == ROWS[path]


@pytest.mark.parametrize("path", SHAPES)
def test_pages_follow_each_other_without_gap_or_double(client: TestClient, path: str) -> None:
    whole, pages, after = ids(client, path), [], ""
    while after is not None:
        page = client.get(path, params={"limit": 1, **({"after": after} if after else {})}).json()
        pages += [feature["id"] for feature in page["features"]]
        after = page["next"]
    assert pages == whole


@pytest.mark.parametrize("path", SHAPES)
def test_the_same_question_again_is_answered_304_without_a_body(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/areas?level=community&bbox=116.301,39.901,116.302,39.902", [COMMUNITY]),
        ("/api/cells?bbox=116.301,39.901,116.302,39.902", [CELL]),
        ("/api/facilities?bbox=116.304,39.90,116.306,39.91", ["S1"]),
        ("/api/facilities?bbox=116.304,39.90,116.305,39.905", ["S1"]),
        ("/api/cells?bbox=10,10,11,11", []),
        (f"/api/cells?community={COMMUNITY}", [CELL, f"{COMMUNITY}002"]),
        ("/api/areas?level=street", ["110199001000", "110199002000"]),
        ("/api/facilities?level=street_centre", ["T1"]),
    ],
)
def test_lists_give_what_was_asked_for(client: TestClient, path: str, expected: list[str]) -> None:
    assert ids(client, path) == expected


def test_cells_of_a_street_are_those_of_its_communities(client: TestClient) -> None:
    assert {code[:9] for code in map(str, ids(client, "/api/cells?street=110199002000"))} == {"110199002"}


def test_communities_carry_what_the_latest_check_found(client: TestClient) -> None:
    features = client.get("/api/areas?level=community").json()["features"]
    outcomes = {f["id"]: f["properties"]["check"]["outcome"] for f in features}
    assert outcomes == dict(zip(sorted(outcomes), ["meets", "short", "unknown", "unknown"], strict=True))
    assert features[0]["properties"]["check"] == {
        "standard": "by-area-class", "outcome": "meets", "required_m2": 230.0, "actual_m2": 240.0, "missing_m2": 0.0,
    }  # fmt: skip


def test_a_standard_that_was_never_checked_leaves_communities_without_outcome(client: TestClient) -> None:
    features = client.get("/api/areas?level=community&standard=citywide").json()["features"]
    assert {f["properties"]["check"] for f in features} == {None}


def test_an_unknown_standard_is_not_found(client: TestClient) -> None:
    response = client.get("/api/areas?standard=nonsense")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_an_area_is_shown_as_it_was_on_a_day(client: TestClient) -> None:
    names = {day: client.get(f"/api/areas/{COMMUNITY}?on={day}").json()["properties"]["name"]
             for day in ("2015-05-03", "2019-12-31", "2020-01-01", "2026-01-01")}  # fmt: skip
    assert list(names.values()) == ["旧名社区", "旧名社区", "柳荫社区", "柳荫社区"]


@pytest.mark.parametrize(
    "path", [f"/api/areas/{COMMUNITY}?on=2001-01-01", "/api/areas/110199009999", f"/api/cells/{CELL}9"]
)
def test_what_never_was_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_one_area_and_one_cell_answer_what_their_description_says(client: TestClient) -> None:
    ground.AreaFeature.model_validate_json(client.get(f"/api/areas/{COMMUNITY}").content)
    ground.CellFeature.model_validate_json(client.get(f"/api/cells/{CELL}").content)


def test_a_cell_names_its_workers_masked_and_the_head_first(client: TestClient) -> None:
    workers = client.get(f"/api/cells/{CELL}").json()["properties"]["workers"]
    assert workers == [{"name": "张*", "role": "head"}, {"name": "李*", "role": "worker"}]


def test_a_cell_has_no_workers_before_their_assignment(client: TestClient, district: Engine) -> None:
    with district.begin() as connection:
        connection.execute(text("UPDATE assignment SET during = tstzrange('2024-01-01', NULL)"))
    assert client.get(f"/api/cells/{CELL}?on=2023-06-01").json()["properties"]["workers"] == []


def test_a_station_names_every_community_that_it_serves(client: TestClient) -> None:
    first = client.get("/api/facilities").json()["features"][0]
    assert [served["code"] for served in first["properties"]["serves"]] == ["110199001001", "110199001002"]


def test_an_unrecorded_floor_area_is_null_and_not_nothing(client: TestClient) -> None:
    features = client.get("/api/facilities").json()["features"]
    assert [f["properties"]["floor_area_m2"] for f in features] == [360.0, None, 900.0]


def test_service_areas_are_those_of_the_latest_build(client: TestClient) -> None:
    found = client.get("/api/service-areas").json()
    assert (found["build"]["minutes"], found["build"]["is_stale"]) == (20.0, False)
    assert {f["properties"]["minutes"] for f in found["features"]} == {20.0}


@pytest.mark.parametrize("question", ["method=radius", "minutes=7"])
def test_service_areas_that_nobody_built_are_an_empty_list(client: TestClient, question: str) -> None:
    found = client.get(f"/api/service-areas?{question}").json()
    assert (found["features"], found["build"]) == ([], None)


def test_a_build_is_stale_once_there_is_a_station_that_it_does_not_know(client: TestClient, district: Engine) -> None:
    before = client.get("/api/service-areas")
    with district.begin() as connection:
        connection.execute(
            text("INSERT INTO facility (code, name, geom) VALUES ('S9', '新站', 'SRID=4490;POINT(116.3 39.9)')")
        )
    after = client.get("/api/service-areas", headers={"If-None-Match": before.headers["etag"]})
    assert after.json()["build"]["is_stale"] is True
    with district.begin() as connection:
        connection.execute(text("DELETE FROM facility WHERE code = 'S9'"))


@pytest.mark.parametrize("path", ["/api/areas", "/api/cells", "/api/facilities", "/api/search?q=1"])
def test_a_change_of_ground_is_seen_at_the_next_question(client: TestClient, district: Engine, path: str) -> None:
    tag = client.get(path).headers["etag"]
    with district.begin() as connection:
        connection.execute(text("UPDATE area SET source = 'changed' WHERE code = :code"), {"code": COMMUNITY})
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_coordinates_have_six_decimals(client: TestClient, district: Engine) -> None:
    with district.begin() as connection:
        connection.execute(
            text("UPDATE facility SET geom = 'SRID=4490;POINT(116.3051234567 39.905)' WHERE code = 'S1'")
        )
    first = client.get("/api/facilities").json()["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [116.305123, 39.905]}
