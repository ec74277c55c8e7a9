"""Who calls, and for which area."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.cases import error
from tests.signing import Signing

STREET = {"code": "110199001000", "name": "柳荫街道", "level": "street"}


def test_who_asks_for_nothing_acts_as_his_first_grant(client: TestClient) -> None:
    me = client.get("/api/me").json()
    assert (me["actor"], me["role"], me["area"]["level"]) == ("desk:000000000000", "district", "city")
    assert (me["account"], me["office"]) == ("as.desk.000000000000", "district")


def test_as_whom_he_acts_is_remembered(client: TestClient) -> None:
    told = client.put("/api/me", json={"actor": "desk:110199001000"})
    assert told.json() == {
        "actor": "desk:110199001000",
        "role": "street",
        "name": "柳荫街道",
        "area": STREET,
        "office": "street",
        "account": "as.desk.000000000000",
    }
    cookie = told.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    assert client.get("/api/me").json() == told.json()
    client.cookies.clear()


def test_a_worker_is_shown_without_his_full_name(client: TestClient) -> None:
    me = client.get("/api/me", headers={"X-Wangge-Actor": "worker:1"}).json()
    assert (me["name"], me["role"], me["area"]["code"]) == ("张*", "worker", "110199001001")


@pytest.mark.parametrize("actor", ["worker:1", "worker:99", "agency:1", "desk:999999999999", "planner:110199000000"])
def test_nobody_acts_as_another(client: TestClient, signing: Signing, actor: str) -> None:
    assert error(client.put("/api/me", json={"actor": actor})) == (403, "forbidden")
    headers = {"Authorization": f"Bearer {signing.token()}", "X-Wangge-Actor": actor}
    assert error(client.get("/api/me", headers=headers)) == (403, "forbidden")


def test_an_actor_that_is_none_is_refused(client: TestClient) -> None:
    assert client.put("/api/me", json={"actor": "dispatcher"}).status_code == 422


def test_another_ones_choice_is_forgotten(client: TestClient, signing: Signing) -> None:
    """A browser that was somebody else's before still has his cookie."""
    headers = {"Cookie": "actor=worker:2", "Authorization": f"Bearer {signing.token('worker:1')}"}
    assert client.get("/api/me", headers=headers).json()["actor"] == "worker:1"


def test_choices_are_found_by_a_part_of_a_name_and_signs_mean_themselves(client: TestClient) -> None:
    every = client.get("/api/me/choices").json()
    assert [desk["level"] for desk in every["desks"]] == ["city", "district", *["street"] * 2, *["community"] * 4]
    assert [desk["name"] for desk in client.get("/api/me/choices?q=槐荫").json()["desks"]] == ["槐荫街道", "槐荫社区"]
    assert [worker["name"] for worker in client.get("/api/me/choices?q=W3").json()["workers"]] == ["王*"]
    assert client.get("/api/me/choices?q=%25").json() == {"desks": [], "agencies": [], "workers": []}


def test_one_may_act_as_what_one_was_granted_and_for_the_desks_below(client: TestClient) -> None:
    def parts(actor: str, q: str = "") -> list[str]:
        told = client.get("/api/me/parts", params={"q": q}, headers={"X-Wangge-Actor": actor}).json()["parts"]
        return [part["actor"] for part in told]

    street, below = "desk:110199001000", ["desk:110199001001", "desk:110199001002"]
    assert parts(street) == [street, *below]
    assert parts(street, "社区") == below
    assert parts(below[0]) == below[:1]
    assert parts("worker:1") == ["worker:1"]
    assert parts("station:1") == ["station:1"]
    assert parts("planner:110199000000") == ["planner:110199000000"]
    assert len(parts("desk:000000000000")) == 8
