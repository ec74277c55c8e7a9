"""What a grid worker's phone asks for: the bundle that it keeps, and where a point would lie."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.models.work import Bundle, LocatedPoint
from geo import datum
from tests.signing import HEADER

WORKER = {HEADER: "worker:1"}
CELL, NEXT = "110199001001001", "110199001001002"
BORDER = 116.305
"""The longitude at which the two cells meet."""


@pytest.fixture
def allowed(district: Engine) -> Any:
    """Lets the bundle have so many KB, for one test."""
    limit = text("UPDATE parameter SET value = :kb WHERE name = 'work_bundle_kb'")

    def allow(kilobytes: float) -> None:
        with district.begin() as connection:
            connection.execute(limit, {"kb": kilobytes})

    yield allow
    allow(400)


def bundle(client: TestClient) -> Bundle:
    response = client.get("/api/work", headers=WORKER)
    assert response.status_code == 200, response.text
    return Bundle.model_validate_json(response.content)


def locate(client: TestClient, **asked: Any) -> LocatedPoint:
    response = client.get("/api/locate", params=asked, headers=WORKER)
    assert response.status_code == 200, response.text
    return LocatedPoint.model_validate_json(response.content)


def test_the_bundle_holds_what_a_worker_needs_on_his_way(client: TestClient) -> None:
    told = bundle(client)
    assert (told.worker.code, told.worker.name, told.worker.community.name) == ("W1", "张*", "柳荫社区")
    assert [(cell.properties.code, cell.properties.role) for cell in told.cells] == [(CELL, "head")]
    assert [cell.properties.code for cell in told.neighbours] == [NEXT]
    assert told.streets.nodes == [[116.30, 39.905], [116.34, 39.905]]
    assert [(edge[1:4], edge[5], edge[6]) for edge in told.streets.edges] == [((0, 1, 3400.0), "中路", [])]
    assert [station.properties.code for station in told.stations] == ["S1", "T1"]
    assert [(one.properties.kind, one.geometry.type) for one in told.landmarks] == [("water", "Polygon")]
    assert [(one.code, one.name, one.role) for one in told.colleagues] == [("W2", "李*", "worker")]
    assert (told.desk.actor, told.left_out) == ("desk:110199001001", [])
    assert told.parameters == {"border_tolerance_m": 30, "walk_m_per_min": 80, "due_soon_share": 0.25, "detour_m": 80}
    assert {what: reasons[0].code for what, reasons in told.reasons.items()} == {
        "return": "other_ground", "help": "hands", "unmask": "call_back",
    }  # fmt: skip


def test_what_is_reported_most_here_comes_first(client: TestClient) -> None:
    for category in ("C0101", "E0101", "E0101"):
        place = {"lon": 116.301, "lat": 39.901, "datum": "wgs84", "category": category}
        assert client.post("/api/incidents", json=place).status_code == 201
    assert bundle(client).usual == ["E0101", "C0101"]


def test_a_bundle_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/api/work", headers=WORKER).headers["etag"]
    assert client.get("/api/work", headers=WORKER | {"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("share", "left_out"),
    [(0.999, ["landmarks"]), (0.001, ["landmarks", "outer_streets", "streets"])],
)
def test_a_bundle_above_its_limit_says_what_it_leaves_out(
    client: TestClient, allowed: Any, share: float, left_out: list[str]
) -> None:
    allowed(len(client.get("/api/work", headers=WORKER).content) * share / 1000)
    assert bundle(client).left_out == left_out
    assert [cell.properties.code for cell in bundle(client).cells] == [CELL]


@pytest.mark.parametrize("name", ["wgs84", "gcj02", "bd09"])
def test_a_point_lies_in_the_same_cell_in_whichever_datum_it_is_told(client: TestClient, name: str) -> None:
    """In GCJ-02 the same numbers would lie half a kilometre away, in the cell beyond."""
    lon, lat = datum.convert(BORDER - 0.0006, 39.905, source="wgs84", target=name)
    told = locate(client, lon=float(lon), lat=float(lat), datum=name)
    assert told.cell and (told.located, told.cell.code, told.candidates) == ("inside", CELL, [])


def test_near_a_border_the_other_cell_is_offered(client: TestClient) -> None:
    told = locate(client, lon=BORDER - 0.0001, lat=39.905)
    assert told.cell and told.cell.code == CELL
    assert [(one.code, one.name) for one in told.candidates] == [(NEXT, "柳荫社区第002网格")]
    assert 8 < told.candidates[0].distance_m < 9


def test_outside_everything_there_is_nothing(client: TestClient) -> None:
    told = locate(client, lon=10.0, lat=10.0)
    assert (told.located, told.street, told.cell, told.candidates) == ("none", None, None, [])
