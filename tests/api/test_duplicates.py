"""What is reported twice: offered, followed, linked, closed with its parent."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.api.cases import STREET, closed, dispatched, error, events, move, moved, post, row
from tests.api.server import running
from tests.signing import Signing

AT = {"category": "E0101", "lon": 116.3075, "lat": 39.907, "datum": "wgs84"}


def nearby(client: TestClient, **changes: Any) -> Any:
    return client.get("/api/cases/nearby", params=AT | changes)


def test_open_cases_of_the_kind_nearby_are_offered_nearest_first(client: TestClient, district: Engine) -> None:
    north = [39.9072, 39.9071, 39.909]
    near, nearest, far = (dispatched(client, **AT | {"lat": lat}) for lat in north)
    other = dispatched(client, **AT | {"category": "E0102"})
    done = closed(client, **AT)
    told = nearby(client).json()
    assert (told["radius_m"], told["hours"]) == (50, 24)
    assert [case["id"] for case in told["cases"]] == [nearest, near]
    assert 10 < told["cases"][0]["distance_m"] < 12 < told["cases"][1]["distance_m"] < 23
    assert {far, other, done}.isdisjoint(case["id"] for case in told["cases"])


def test_what_was_filed_too_long_ago_is_another_thing(client: TestClient, district: Engine) -> None:
    place = {"lon": 116.3085, "lat": 39.901}
    case = dispatched(client, **AT | place)
    with district.begin() as connection:
        connection.execute(
            text("UPDATE case_file SET filed_at = now() - interval '25 hours' WHERE id = :id"), {"id": case}
        )
    assert nearby(client, **place).json()["cases"] == []


def test_a_kind_without_a_rule_of_its_own_has_that_of_its_major_kind_or_of_any(client: TestClient) -> None:
    told = [nearby(client, category=category).json()["radius_m"] for category in ("E0101", "C0101", "C0201", "E0102")]
    assert told == [50, 20, 30, 50]
    assert nearby(client, category="C9999").status_code == 422


def test_nearness_is_that_of_the_ground_whatever_the_datum(client: TestClient) -> None:
    case = dispatched(client, **AT | {"lat": 39.903})
    assert case in [found["id"] for found in nearby(client, lat=39.903).json()["cases"]]
    assert nearby(client, lat=39.903, datum="bd09").json()["cases"] == []


def test_a_second_reporter_follows_instead_of_opening_another(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    path = f"/api/cases/{case}/followers"
    first, again = (
        post(client, path, "reporter", key="f1", note="<b>我也</b>看到了", source="hotline") for _ in range(2)
    )
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    told = client.get(f"/api/cases/{case}").json()
    assert [follower["note"] for follower in told["followers"]] == ["<b>我也</b>看到了"]
    assert [event["event"] for event in events(district, case)] == ["file", "dispatch", "follow"]
    assert error(post(client, path, "reporter", key="f1", note="别的")) == (409, "key_reused")
    assert post(client, path, "desk:110199002000").status_code == 201  # anybody may, wherever his ground lies


def test_a_closed_case_is_not_followed_any_more(client: TestClient) -> None:
    assert error(post(client, f"/api/cases/{closed(client)}/followers", "reporter")) == (409, "illegal_move")
    assert post(client, f"/api/cases/{2**62}/followers", "reporter").status_code == 404


def test_closing_the_parent_closes_its_children_each_with_its_own_event(client: TestClient, district: Engine) -> None:
    parent, child, grandchild, early = (dispatched(client) for _ in range(4))
    for case, above in ((child, parent), (grandchild, child), (early, parent)):
        moved(client, case, "link", parent=above)
    moved(client, early, "close", actor="desk:110199001000", reason="已另案处理", outcome="duplicate")
    told = moved(client, parent, "accept", "finish", "check", "verify", reason="现场已清")
    assert [one["id"] for one in told["children"]] == [child, early]
    for case, above in ((child, parent), (grandchild, child)):
        last = events(district, case)[-1]
        assert (row(district, case)["outcome"], last["event"], last["actor"]) == ("with_parent", "close", STREET)
        assert (last["detail"]["parent"], last["reason"]) == (above, f"with case {above}")
    assert row(district, early)["outcome"] == "duplicate"


def test_cases_are_never_linked_in_a_ring_nor_to_what_is_closed(client: TestClient, district: Engine) -> None:
    first, second, third = (dispatched(client) for _ in range(3))
    moved(client, second, "link", parent=first)
    moved(client, third, "link", parent=second)
    for case, parent in ((first, third), (first, second), (first, first)):
        assert error(move(client, case, "link", parent=parent)) == (409, "conflict")
    assert error(move(client, third, "link", parent=closed(client))) == (409, "conflict")
    assert move(client, third, "link", parent=2**62).status_code == 422
    assert moved(client, third, "unlink")["parent_id"] is None
    assert error(move(client, third, "unlink")) == (409, "conflict")


def test_two_who_link_crosswise_make_no_ring(
    client: TestClient, district: Engine, database_url: str, signing: Signing
) -> None:
    pairs = [(dispatched(client), dispatched(client)) for _ in range(8)]
    with running(database_url) as (address, _):
        import httpx2 as httpx

        def link(case: int, parent: int, barrier: Barrier) -> None:
            barrier.wait()
            body = {"event": "link", "parent": parent}
            httpx.post(
                f"{address}/api/cases/{case}/moves",
                json=body,
                headers={"X-Wangge-Actor": STREET},
                auth=signing,
                timeout=30,
            )

        for one, other in pairs:
            barrier = Barrier(2)
            threads = [Thread(target=link, args=[*ends, barrier]) for ends in ((one, other), (other, one))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted([row(district, one)["parent_id"] is None, row(district, other)["parent_id"] is None]) == [
                False,
                True,
            ]
