"""Reports from the street: in the datum of a phone, near a border, seen long before, and what their worker may do with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from flows.dispatcher import drain
from geo import datum
from tests.api.cases import dispatched, error, events, moved
from tests.api.test_photos import drawn
from tests.signing import HEADER

pytestmark = pytest.mark.usefixtures("home")
HERE, BEYOND = "110199001001001", "110199001001002"
BORDER = 116.305
"""The longitude at which the two cells meet."""
NEAR = {"lon": BORDER - 0.0001, "lat": 39.905, "datum": "wgs84"}
ELSEWHERE = "worker:3"
"""A worker of another street."""


def report(client: TestClient, actor: str = "worker:1", **told: Any) -> Any:
    return client.post("/api/incidents", json=NEAR | {"category": "C0101"} | told, headers={HEADER: actor})


def case_of(client: TestClient, case: int, actor: str) -> Any:
    return client.get(f"/api/cases/{case}", headers={HEADER: actor})


def kept(engine: Engine, case: int, *columns: str) -> list[Any]:
    with engine.connect() as connection:
        row = connection.execute(text(f"SELECT {', '.join(columns)} FROM incident WHERE id = :id"), {"id": case}).one()
    return list(row)


@pytest.mark.parametrize("name", ["wgs84", "gcj02", "bd09"])
def test_a_report_lies_in_the_right_cell_in_whichever_datum_the_phone_gives(client: TestClient, name: str) -> None:
    """Taken as WGS84, a point of GCJ-02 would lie half a kilometre to the east, in the cell beyond."""
    lon, lat = datum.convert(BORDER - 0.001, 39.905, source="wgs84", target=name)
    told = report(client, lon=float(lon), lat=float(lat), datum=name).json()
    assert (told["located"], told["cell"]["code"]) == ("inside", HERE)
    if name != "wgs84":
        misread = report(client, lon=float(lon), lat=float(lat)).json()
        assert not misread["cell"] or misread["cell"]["code"] != HERE


def test_near_a_border_the_cell_that_was_picked_on_the_spot_has_it(client: TestClient) -> None:
    assert report(client).json()["cell"]["code"] == HERE
    told = report(client, cell=BEYOND).json()
    assert (told["located"], told["cell"]["code"], told["candidates"][0]["code"]) == ("picked", BEYOND, HERE)


def test_the_dispatcher_goes_by_it_and_so_does_the_replay(client: TestClient) -> None:
    case = report(client, cell=BEYOND).json()["id"]
    drain()
    told = case_of(client, case, "desk:110199001000").json()
    assert (told["located"], told["cell"]["code"]) == ("picked", BEYOND)
    assert told["why"]["sentence"].startswith("靠近边界，上报人在现场选定柳荫社区第002网格")
    why = client.get(f"/api/cases/{case}/why?replay=true", headers={HEADER: "desk:110199001000"}).json()
    assert why["replay"]["agrees"]


def test_a_corrected_place_is_located_anew(client: TestClient, district: Engine) -> None:
    case = report(client, cell=BEYOND).json()["id"]
    drain()
    moved(client, case, "reclassify", category="C0101", lon=116.3025, lat=39.905, datum="wgs84")
    drain()
    assert case_of(client, case, "desk:110199001000").json()["cell"]["code"] == HERE
    assert kept(district, case, "picked_cell") == [None]


@pytest.mark.parametrize("cell", ["110199001002001", "110199001001999"])
def test_a_cell_that_is_not_near_is_refused_by_name(client: TestClient, cell: str) -> None:
    refused = report(client, cell=cell)
    assert error(refused) == (422, "bad_input")
    assert refused.json()["error"]["detail"]["fields"][0]["field"] == "cell"


def test_a_report_says_how_exact_it_is_and_when_it_was_seen(client: TestClient) -> None:
    seen = datetime.now(UTC) - timedelta(hours=3)
    case = report(client, accuracy_m=12.5, observed_at=seen.isoformat()).json()["id"]
    told = client.get(f"/api/incidents/{case}", headers={HEADER: "worker:1"}).json()
    assert told["accuracy_m"] == 12.5
    assert datetime.fromisoformat(told["observed_at"]) == seen
    assert datetime.fromisoformat(told["reported_at"]) > seen


@pytest.mark.parametrize("told", [{}, {"observed_at": "2999-01-01T00:00:00+08:00"}])
def test_a_phone_whose_clock_is_wrong_or_silent_saw_it_now(
    client: TestClient, district: Engine, told: dict[str, str]
) -> None:
    case = report(client, **told).json()["id"]
    observed, reported = kept(district, case, "observed_at", "reported_at")
    assert observed == reported


def test_a_workers_report_is_his_wherever_it_lies(client: TestClient, district: Engine) -> None:
    case = report(client, ELSEWHERE, source="resident").json()["id"]
    assert kept(district, case, "source", "reported_by") == ["grid_worker", ELSEWHERE]
    assert case_of(client, case, ELSEWHERE).status_code == 200
    sent = client.post(f"/api/cases/{case}/photos", content=drawn(40, 30), headers={HEADER: ELSEWHERE})
    assert sent.status_code == 201
    assert client.get(f"/api/photos/{sent.json()['id']}", headers={HEADER: ELSEWHERE}).status_code == 200


def test_anothers_report_elsewhere_stays_none_of_his_business(client: TestClient) -> None:
    case = report(client).json()["id"]
    assert error(case_of(client, case, ELSEWHERE)) == (404, "not_found")
    sent = client.post(f"/api/cases/{case}/photos", content=drawn(40, 30), headers={HEADER: ELSEWHERE})
    assert error(sent) == (403, "forbidden")


def test_who_reports_from_a_desk_is_not_noted(client: TestClient, district: Engine) -> None:
    case = report(client, "desk:110199001001", source="hotline").json()["id"]
    assert kept(district, case, "source", "reported_by") == ["hotline", None]


def test_where_somebody_stands_is_told_in_the_datum_of_his_phone(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    worker = moved(client, case, "accept")["holder"]["actor"]
    lon, lat = datum.convert(116.303, 39.905, source="wgs84", target="gcj02")
    moved(client, case, "note", actor=worker, note="x", at_lon=float(lon), at_lat=float(lat), at_datum="gcj02")
    last = events(district, case)[-1]
    assert (last["lon"], last["lat"]) == (116.303, 39.905)
