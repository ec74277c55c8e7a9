"""Who calls, and for which area."""

from __future__ import annotations

from fastapi.testclient import TestClient

STREET = {"code": "110199001000", "name": "柳荫街道", "level": "street"}


def test_who_says_nothing_acts_for_the_duty_desk(client: TestClient) -> None:
    me = client.get("/api/me").json()
    assert (me["actor"], me["role"], me["area"]["level"]) == ("desk:000000000000", "district", "city")


def test_who_says_who_he_is_is_remembered(client: TestClient) -> None:
    told = client.put("/api/me", json={"actor": "desk:110199001000"})
    assert told.json() == {"actor": "desk:110199001000", "role": "street", "name": "柳荫街道", "area": STREET}
    cookie = told.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    assert client.get("/api/me").json() == told.json()
    client.cookies.clear()


def test_a_worker_is_shown_without_his_full_name(client: TestClient) -> None:
    me = client.get("/api/me", headers={"X-Wangge-Actor": "worker:1"}).json()
    assert (me["name"], me["role"], me["area"]["code"]) == ("张*", "worker", "110199001001")


def test_nobody_acts_for_somebody_who_is_not_there(client: TestClient) -> None:
    for actor in ("worker:99", "agency:1", "desk:999999999999"):
        assert client.put("/api/me", json={"actor": actor}).status_code == 404
    assert client.put("/api/me", json={"actor": "dispatcher"}).status_code == 422


def test_choices_are_found_by_a_part_of_a_name_and_signs_mean_themselves(client: TestClient) -> None:
    every = client.get("/api/me/choices").json()
    assert [desk["level"] for desk in every["desks"]] == ["city", "district", *["street"] * 2, *["community"] * 4]
    assert [desk["name"] for desk in client.get("/api/me/choices?q=槐荫").json()["desks"]] == ["槐荫街道", "槐荫社区"]
    assert [worker["name"] for worker in client.get("/api/me/choices?q=W3").json()["workers"]] == ["王*"]
    assert client.get("/api/me/choices?q=%25").json() == {"desks": [], "agencies": [], "workers": []}
