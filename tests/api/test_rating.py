"""The reporter comes back by a link: rates once per closing, opens again for some days."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.models.moves import NewRating
from data import links
from flows.dispatcher import drain
from geo.errors import NotFound
from tests.api.cases import ELSEWHERE, closed, dispatched, error, events, move, moved, post, row
from tests.api.test_incidents import report

GOOD = {"is_answered": True, "is_solved": True, "satisfaction": 5, "comment": "<b>很快</b>"}


def address(case: int) -> str:
    return f"/api/rate/{links.token(case)}"


def test_the_answer_to_a_report_holds_its_link(client: TestClient) -> None:
    told = report(client).json()
    assert told["link"] == links.address(told["id"])
    seen = client.get(f"/api{told['link']}").json()
    assert (seen["id"], seen["can_rate"], seen["can_reopen"], seen["rating"]) == (told["id"], False, False, None)
    assert client.get(told["link"]).headers["cache-control"] == "no-store"
    assert "link" not in client.get(f"/api/incidents/{told['id']}").json()


@pytest.mark.parametrize("change", [
    lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda token: "1" + token, lambda token: token.split(".")[0],
    lambda token: token + "A", lambda _: "0.", lambda _: "x", lambda _: "é.x", lambda _: "9" * 19 + ".AAAA", lambda _: "%00",
    lambda _: "-1.x", lambda _: "²." + "A" * 20,
])  # fmt: skip
def test_a_link_that_was_not_made_here_leads_nowhere(client: TestClient, change: Any) -> None:
    case = report(client).json()["id"]
    wrong = change(links.token(case))
    assert client.get(f"/api/rate/{wrong}").status_code == 404
    assert client.post(f"/api/rate/{wrong}", json=GOOD).status_code == 404
    assert client.get(f"/rate/{wrong}").status_code == 404
    with pytest.raises(NotFound):
        links.read(wrong)


def test_a_closed_case_is_rated_once(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    assert error(post(client, address(case), **GOOD)) == (409, "illegal_move")
    moved(client, case, "accept", "finish", "check", "verify", reason="x")
    told = post(client, address(case), **GOOD).json()
    assert (told["state"], told["rating"]["comment"], told["can_rate"]) == ("evaluated", "<b>很快</b>", False)
    assert error(post(client, address(case), **GOOD)) == (409, "illegal_move")
    last = events(district, case)[-1]
    assert (last["event"], last["actor"], last["detail"]["rating"]["satisfaction"]) == ("rate", "reporter", 5)
    with district.connect() as connection:
        assert connection.scalar(text("SELECT closing FROM rating WHERE case_id = :id"), {"id": case}) == 6


def test_each_closing_is_rated_by_itself(client: TestClient, district: Engine) -> None:
    case = closed(client)
    assert post(client, address(case), **GOOD | {"satisfaction": 1}).status_code == 200
    told = post(client, f"{address(case)}/reopen", reason="还没好").json()
    assert (told["state"], told["rating"], told["can_reopen"]) == ("filed", None, False)
    drain()
    moved(client, case, "accept", "finish", "check", "verify", reason="x")
    assert post(client, address(case), **GOOD).json()["rating"]["satisfaction"] == 5
    with district.connect() as connection:
        found = connection.scalars(text("SELECT closing FROM rating WHERE case_id = :id ORDER BY id"), {"id": case})
        assert list(found) == [6, 13]


def test_a_case_is_opened_again_within_days_alone(client: TestClient, district: Engine) -> None:
    young, old = closed(client), closed(client)
    later = text("UPDATE case_file SET closed_at = closed_at - make_interval(hours => :hours) WHERE id = :id")
    with district.begin() as connection:
        connection.execute(later, {"hours": 7 * 24 - 1, "id": young})
        connection.execute(later, {"hours": 7 * 24 + 1, "id": old})
    assert post(client, f"{address(young)}/reopen", reason="x").json()["state"] == "filed"
    assert client.get(address(old)).json()["can_reopen"] is False
    assert error(post(client, f"{address(old)}/reopen", reason="x")) == (409, "conflict")
    assert (row(district, old)["state"], row(district, young)["handler"]) == ("closed", None)


@pytest.mark.parametrize(
    "change", [{"satisfaction": 0}, {"satisfaction": 6}, {"satisfaction": 4.5}, {"is_solved": "yes"}]
)
def test_a_rating_is_answers_and_points(client: TestClient, change: dict[str, Any]) -> None:
    assert post(client, address(report(client).json()["id"]), **GOOD | change).status_code == 422
    assert set(GOOD) == set(NewRating.model_fields)


def test_a_desk_hands_the_link_over_and_rates_for_who_calls(client: TestClient) -> None:
    case = closed(client)
    assert post(client, f"/api/cases/{case}/link").json() == {"url": links.address(case)}
    assert error(post(client, f"/api/cases/{case}/link", ELSEWHERE)) == (403, "forbidden")
    assert error(post(client, f"/api/cases/{case}/link", "reporter")) == (403, "forbidden")
    assert move(client, case, "rate").status_code == 422
    assert moved(client, case, "rate", rating=GOOD)["state"] == "evaluated"
