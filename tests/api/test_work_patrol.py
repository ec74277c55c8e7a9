"""A worker's round over HTTP: duty, a track only while on duty and never as it was sent, streets walked, places, check-ins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

ME, COLLEAGUE, OTHER = "worker:1", "worker:2", "worker:3"
LON, LAT = 116.3025, 39.905
"""On the one street, in the cell of workers 1 and 2."""
METRE_DEG = 1 / 85_400
PLACES = """
    INSERT INTO visit_place (id, cell_code, kind, name, every_days, listed_on, last_at, geom) OVERRIDING SYSTEM VALUE VALUES
    (1, '110199001001001', 'fire_exit', '东门', 7, '2020-01-01', now() - interval '3 days', 'SRID=4490;POINT(116.3025 39.905)'),
    (2, '110199001001001', 'shop', '液化气站', 1, '2020-01-01', now() - interval '6 days', 'SRID=4490;POINT(116.3045 39.9)'),
    (3, '110199002001001', 'shop', '别处', 1, '2020-01-01', NULL, 'SRID=4490;POINT(116.3225 39.905)')
"""
SHORT = """
    INSERT INTO street_node VALUES (11, 'SRID=4490;POINT(116.302 39.905)'), (12, 'SRID=4490;POINT(116.304 39.905)'),
        (13, 'SRID=4490;POINT(116.304 39.907)');
    DELETE FROM street_edge;
    INSERT INTO street_edge (id, external_id, source_id, target_id, kind, length_m, geom) OVERRIDING SYSTEM VALUE VALUES
        (21, 'a', 11, 12, 'residential', 171, 'SRID=4490;LINESTRING(116.302 39.905, 116.304 39.905)'),
        (22, 'b', 12, 13, 'residential', 222, 'SRID=4490;LINESTRING(116.304 39.905, 116.304 39.907)'),
        (23, 'c', 1, 2, 'residential', 9, 'SRID=4490;LINESTRING(116.33 39.905, 116.34 39.905)');
"""


@pytest.fixture(scope="module", autouse=True)
def round_(district: Engine) -> None:
    with district.begin() as connection:
        connection.execute(text(PLACES))
        connection.exec_driver_sql(SHORT)


def now(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def send(client: TestClient, path: str, actor: str = ME, key: str | None = None, **body: Any) -> Any:
    headers = {"X-Wangge-Actor": actor} | ({"Idempotency-Key": key} if key else {})
    return client.post(f"/api/work/{path}", json=body, headers=headers)


def read(client: TestClient, actor: str = ME) -> Any:
    answer = client.get("/api/work/patrol", headers={"X-Wangge-Actor": actor})
    assert answer.status_code == 200, answer.text
    return answer.json()


def turn(client: TestClient, is_on: bool, actor: str = ME, **ago: float) -> Any:
    answer = send(client, "duty", actor, is_on=is_on, at=now(**ago))
    assert answer.status_code == 200, answer.text
    return answer.json()["duty"]


def walk(minutes_ago: float = 5, accuracy_m: float = 5.0) -> list[list[Any]]:
    """Along the first street and no farther, a fix every ten metres."""
    began = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return [
        [116.302 + 10 * step * METRE_DEG, LAT, accuracy_m, (began + timedelta(seconds=8 * step)).isoformat()]
        for step in range(15)
    ]


def rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_who_is_off_duty_is_not_followed(client: TestClient, district: Engine) -> None:
    refused = send(client, "track", points=walk())
    assert (refused.status_code, refused.json()["error"]["detail"]) == (409, {"off_duty": 15})
    assert rows(district, "SELECT * FROM duty_track") == rows(district, "SELECT * FROM street_walked") == []


def test_duty_begins_once_and_ends_once(client: TestClient, district: Engine) -> None:
    first = turn(client, True, minutes=30)
    assert turn(client, True)["id"] == first["id"] == read(client)["duty"]["id"]
    assert read(client, COLLEAGUE)["duty"] is None
    assert turn(client, False, minutes=20) is None is turn(client, False)
    again = datetime.fromisoformat(turn(client, True, minutes=25)["began_at"])
    assert [(again,)] == rows(district, f"SELECT ended_at FROM duty WHERE id = {first['id']}")


def test_a_track_on_duty_becomes_streets_and_squares_and_is_not_stored(client: TestClient, district: Engine) -> None:
    early, vague = walk(minutes_ago=60)[:2], walk(accuracy_m=80.0)[:3]
    told = send(client, "track", points=[*early, *walk(), *vague], key="t1")
    assert told.json() == {"taken": 15, "off_duty": 2, "vague": 3, "edges": [21], "is_replayed": False}
    walked = read(client)["walked"]
    assert walked == {
        "today": pytest.approx(171 / 393), "week": pytest.approx(171 / 393), "streets_m": 393, "edges_today": [21],
        "edges_week": [21],
        "edges_open": [22],
    }  # fmt: skip
    squares = rows(district, "SELECT lon, lat, at FROM duty_track")
    assert 3 <= len(squares) <= 8 and not {fix[0] for fix in walk()} & {square[0] for square in squares}
    assert {square[2].second + square[2].minute % 5 for square in squares} == {0}
    again = send(client, "track", points=[*early, *walk(), *vague], key="t1")
    assert again.json()["error"]["code"] == "key_reused"  # other moments
    assert read(client, COLLEAGUE)["walked"]["today"] == 0


def test_the_same_key_takes_the_same_track_once(client: TestClient) -> None:
    points = walk()
    first, second = (send(client, "track", points=points, key="t2") for _ in range(2))
    assert (first.json()["taken"], second.json()["is_replayed"]) == (15, True)
    assert second.headers["Idempotency-Replayed"] == "true"


def test_a_forgotten_duty_ends_by_itself(client: TestClient, district: Engine) -> None:
    with district.begin() as connection:
        connection.execute(text("INSERT INTO duty (worker_id, began_at) VALUES (2, now() - interval '13 hours')"))
    assert read(client, COLLEAGUE)["duty"] is None
    assert send(client, "track", COLLEAGUE, points=walk()).status_code == 409
    assert turn(client, True, COLLEAGUE)
    lasted = rows(
        district, "SELECT extract(hour FROM ended_at - began_at)::int FROM duty WHERE worker_id = 2 ORDER BY began_at"
    )
    assert lasted == [(12,), (None,)]


@pytest.mark.parametrize(("ago", "message"), [({"minutes": -10}, "lies ahead"), ({"hours": 80}, "hours ago")])
def test_a_phone_whose_clock_is_wrong_is_told(client: TestClient, ago: dict[str, float], message: str) -> None:
    refused = send(client, "duty", is_on=True, at=now(**ago))
    assert refused.status_code == 422 and message in refused.json()["error"]["message"]


def test_what_is_most_overdue_comes_first_and_others_places_not_at_all(client: TestClient) -> None:
    places = read(client)["places"]
    assert [(place["id"], place["days_over"]) for place in places] == [(2, 5), (1, -4)]
    assert places[0]["gcj02"][0] - places[0]["lon"] == pytest.approx(0.006, abs=0.001)
    assert [place["id"] for place in read(client, OTHER)["places"]] == [3]


def check_in(client: TestClient, place: int, actor: str = ME, key: str | None = None, **changed: Any) -> Any:
    told = {"lon": LON, "lat": LAT, "accuracy_m": 8.0, "at": now()} | changed
    return send(client, f"places/{place}/check-in", actor, key, **told)


def test_a_check_in_far_away_or_without_knowing_where_is_refused_with_the_distance(
    client: TestClient, district: Engine
) -> None:
    far = check_in(client, 1, lon=LON + 200 * METRE_DEG).json()["error"]
    assert (
        far["code"] == "conflict"
        and far["detail"]["allowed_m"] == 58
        and far["detail"]["distance_m"] == pytest.approx(200, abs=2)
    )
    vague = check_in(client, 1, accuracy_m=300.0).json()["error"]
    assert vague["detail"] == {"accuracy_m": 300, "allowed_m": 50}
    assert check_in(client, 3).status_code == 404
    assert rows(district, "SELECT * FROM check_in") == []


def test_a_check_in_moves_a_place_to_the_end_for_everybody_and_is_the_same_twice(
    client: TestClient, district: Engine
) -> None:
    at, lon, lat = now(minutes=2), 116.308576, 39.906286
    told = [check_in(client, 1, key="c1", at=at, lon=lon, lat=lat, datum="gcj02") for _ in range(2)]
    assert [answer.json()["days_over"] for answer in told] == [-7, -7]
    assert told[1].headers["Idempotency-Replayed"] == "true"
    assert [place["days_over"] for place in read(client, COLLEAGUE)["places"]] == [5, -7]
    (row,) = rows(district, "SELECT place_id, worker_id, distance_m FROM check_in")
    assert row[:2] == (1, 1) and row[2] < 20
    assert check_in(client, 1, at=now(hours=30)).json()["days_over"] == -7


@pytest.mark.parametrize("actor", ["desk:110199001001", "desk:110199001000", "desk:110199000000"])
def test_no_desk_sees_a_round(client: TestClient, actor: str) -> None:
    answer = client.get("/api/work/patrol", headers={"X-Wangge-Actor": actor})
    assert answer.status_code == 403
