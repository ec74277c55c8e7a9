"""Moving cases over HTTP: what each move does to the case and what it leaves in the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from data import calendars
from flows.dispatcher import drain
from geo import clock
from geo.limits import parse
from tests.api.cases import (
    COMMUNITY,
    DISTRICT,
    ELSEWHERE,
    SPOT,
    STREET,
    closed,
    dispatched,
    error,
    events,
    move,
    moved,
    photo,
    row,
)
from tests.api.test_incidents import report


def give_clock(engine: Engine, case: int, due_in_hours: float, limit: str = "4wh") -> datetime:
    with engine.begin() as connection:
        due = datetime.now(UTC) + timedelta(hours=due_in_hours)
        connection.execute(
            text("UPDATE case_file SET time_limit = :limit, due_at = :due WHERE id = :id"),
            {"limit": limit, "due": due, "id": case},
        )
    return due


def test_a_case_is_accepted_finished_checked_and_verified(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    worker = moved(client, case, "accept")["holder"]["actor"]
    assert moved(client, case, "finish", actor=worker)["holder"]["actor"] == STREET
    assert moved(client, case, "check")["holder"]["actor"] == COMMUNITY
    spot = SPOT | {"photos": [photo(district, case)]}
    refused = move(client, case, "verify", actor=worker, **spot)
    assert error(refused) == (409, "illegal_move")
    assert refused.json()["error"]["detail"]["legal"] == ["follow", "note"]
    told = moved(client, case, "verify", actor="worker:2", **spot)
    assert (told["state"], told["outcome"]) == ("closed", "solved")
    ledger = events(district, case)
    assert [event["seq"] for event in ledger] == [1, 2, 3, 4, 5, 6]
    assert [event["held_by"] for event in ledger] == [None, None, worker, worker, STREET, COMMUNITY]
    assert all(event["held_minutes"] >= 0 for event in ledger[2:])
    assert (ledger[-1]["lon"], ledger[-1]["detail"]["photos"]) == (116.303, spot["photos"])


def test_who_verifies_on_the_spot_shows_it_and_a_desk_says_how_it_knows(client: TestClient) -> None:
    case = dispatched(client)
    moved(client, case, "accept", "finish", "check")
    missing = move(client, case, "verify", actor="worker:2").json()["error"]["detail"]["fields"]
    assert [field["field"] for field in missing] == ["photos", "at_lon", "at_lat"]
    assert move(client, case, "verify", actor=COMMUNITY).json()["error"]["detail"]["fields"][0]["field"] == "reason"
    assert move(client, case, "verify", actor="worker:2", photos=[10**9], **SPOT).status_code == 422


def test_a_returned_case_waits_for_the_dispatcher_and_passes_over_who_returned_it(
    client: TestClient, district: Engine
) -> None:
    case = dispatched(client)
    holder = moved(client, case, "note", reason="x")["holder"]["actor"]
    assert move(client, case, "return").json()["error"]["detail"]["fields"][0]["field"] == "reason"
    told = moved(client, case, "return", reason="不归我管")
    assert (told["state"], told["holder"], told["returns"]) == ("filed", None, 1)
    assert row(district, case)["refused_by"] == [holder]
    assert events(district, case)[-1]["reason"] == "不归我管"


def test_a_failed_check_goes_back_to_who_did_the_work(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    handler = moved(client, case, "accept", "finish", "check")["lead"]["actor"]
    told = moved(client, case, "reject", actor=COMMUNITY, reason="还有垃圾")
    assert (told["state"], told["holder"]["actor"], told["reworks"]) == ("handling", handler, 1)


def test_the_verifier_is_never_who_did_the_work(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    moved(client, case, "assign", to=COMMUNITY)
    moved(client, case, "accept", "finish", actor=COMMUNITY)
    assert move(client, case, "check", verifier=COMMUNITY).status_code == 422
    assert moved(client, case, "check")["holder"]["actor"] == STREET
    assert error(move(client, case, "verify", actor=COMMUNITY, reason="x")) == (409, "illegal_move")
    assert moved(client, case, "verify", reason="现场看过")["state"] == "closed"


def test_an_illegal_move_names_the_legal_ones_and_the_last_event(client: TestClient) -> None:
    case = dispatched(client)
    refused = move(client, case, "finish")
    detail = refused.json()["error"]["detail"]
    assert refused.status_code == 409
    assert (detail["state"], detail["seq"], detail["last"]["event"]) == ("dispatched", 2, "dispatch")
    assert "accept" in detail["legal"] and "finish" not in detail["legal"]


def test_who_saw_an_older_case_is_told_unless_nothing_that_matters_happened(client: TestClient) -> None:
    case = dispatched(client)
    moved(client, case, "note", reason="路过")
    assert moved(client, case, "accept", seq=2)["state"] == "handling"
    refused = move(client, case, "return", reason="x", seq=2)
    assert (error(refused), refused.json()["error"]["detail"]["seq"]) == ((409, "illegal_move"), 4)


def test_a_case_on_other_ground_is_not_for_the_caller_unless_he_has_it(client: TestClient) -> None:
    case = dispatched(client)
    assert error(move(client, case, "accept", actor=ELSEWHERE)) == (403, "forbidden")
    moved(client, case, "assign", to="worker:3")
    assert moved(client, case, "accept", actor="worker:3")["holder"]["actor"] == "worker:3"


def test_a_case_that_never_was_is_not_found(client: TestClient) -> None:
    assert move(client, 2**62, "accept").status_code == 404


@pytest.mark.parametrize("to", ["worker:99999", "agency:99999", "desk:999999999999"])
def test_a_case_is_given_to_somebody_who_is_there(client: TestClient, to: str) -> None:
    refused = move(client, dispatched(client), "assign", to=to)
    assert (refused.status_code, refused.json()["error"]["detail"]["fields"][0]["field"]) == (422, "to")


def test_the_first_receiver_stays_answerable_whoever_has_it_and_helpers_report_to_him(
    client: TestClient, district: Engine
) -> None:
    case = dispatched(client)
    lead = moved(client, case, "accept")["lead"]["actor"]
    moved(client, case, "ask_help", actor=lead, to="worker:3", reason="请帮忙抬一下")
    assert error(move(client, case, "help", actor="worker:2", reason="x")) == (409, "illegal_move")
    told = moved(client, case, "help", actor="worker:3", reason="抬好了")
    assert (told["helpers"][0]["report"], told["lead"]["actor"]) == ("抬好了", lead)
    assert error(move(client, case, "help", actor="worker:3", reason="again")) == (403, "forbidden")
    assert moved(client, case, "hand_over", actor=lead, to="worker:2")["lead"]["actor"] == lead


def test_another_place_and_category_in_one_call_route_once(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    place = {"lon": 116.3225, "lat": 39.905, "datum": "wgs84"}
    told = moved(client, case, "reclassify", category="E0101", **place)
    assert (told["state"], told["category"], told["holder"]) == ("filed", "E0101", None)
    assert drain().dispatched == 1
    told = client.get(f"/api/cases/{case}").json()
    assert (told["community"]["code"], told["lon"], told["lon_given"]) == ("110199002001", 116.3225, 116.3025)
    last = [event for event in events(district, case) if event["event"] in ("reclassify", "dispatch")]
    assert [event["event"] for event in last] == ["dispatch", "reclassify", "dispatch"]
    assert last[1]["detail"]["category"] == {"from": "C0101", "to": "E0101"}
    assert last[1]["detail"]["place"]["to"] == [116.3225, 39.905]
    assert move(client, case, "reclassify", actor=DISTRICT, category="E0101").status_code == 422


def test_the_clock_stops_while_a_case_is_suspended(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    give_clock(district, case, 24, limit="24h")
    told = moved(client, case, "suspend", reason="等材料")
    assert (told["time_left"], told["due_at"]) == ("stopped", None)
    assert told["clock"]["remaining_minutes"] == pytest.approx(24 * 60, abs=1)
    due = datetime.fromisoformat(moved(client, case, "resume")["due_at"])
    assert due - datetime.now(UTC) == timedelta(hours=24) or abs(
        due - datetime.now(UTC) - timedelta(hours=24)
    ) < timedelta(minutes=1)


def test_more_time_is_asked_for_and_granted_by_somebody_else(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    holder = moved(client, case, "accept")["holder"]["actor"]
    due = give_clock(district, case, 1)
    assert (
        moved(client, case, "ask_extension", actor=holder, limit="2wd", reason="下雨")["clock"]["asked_limit"] == "2wd"
    )
    assert error(move(client, case, "extend", actor=holder)) == (409, "illegal_move")
    told = moved(client, case, "extend")
    with district.connect() as connection:
        expected = clock.due(due, parse("2wd"), calendars.read(connection)).due
    assert datetime.fromisoformat(told["due_at"]) == expected
    assert (told["clock"]["asked_limit"], error(move(client, case, "refuse_extension", reason="x"))) == (
        None,
        (409, "conflict"),
    )
    assert moved(client, case, "extend", limit="1h")["due_at"] > told["due_at"]
    assert move(client, case, "extend").json()["error"]["detail"]["fields"][0]["field"] == "limit"


def test_a_case_goes_up_level_by_level_and_no_further(client: TestClient) -> None:
    case = dispatched(client)
    desks = [moved(client, case, "escalate", reason="办不了")["holder"]["actor"] for _ in range(3)]
    assert desks == [COMMUNITY, STREET, DISTRICT]
    assert error(move(client, case, "escalate", actor=DISTRICT, reason="x")) == (409, "conflict")


def test_a_closed_case_that_is_opened_again_begins_anew(client: TestClient, district: Engine) -> None:
    case = closed(client)
    told = moved(client, case, "reopen", reason="还没好")
    assert (told["state"], told["outcome"], told["closed_at"], told["due_at"]) == ("filed", None, None, None)
    assert told["reworks"] == 1


def test_texts_stay_texts(client: TestClient) -> None:
    case = dispatched(client)
    told = moved(client, case, "note", reason="  <script>alert(1)</script>\x07 ")
    assert told["history"][-1]["reason"] == "<script>alert(1)</script>"


def test_a_move_under_the_same_key_is_made_once(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    first, second = (move(client, case, "accept", key="k1") for _ in range(2))
    assert (first.status_code, second.status_code, second.headers["idempotency-replayed"]) == (200, 200, "true")
    assert second.json()["seq"] == first.json()["seq"] == 3
    assert error(move(client, case, "finish", key="k1")) == (409, "key_reused")
    assert error(move(client, case, "accept", key="k2")) == (409, "illegal_move")
    assert error(move(client, case, "accept", key="k2")) == (409, "illegal_move")  # a refusal takes no key
    assert moved(client, case, "finish")["seq"] == 4


def test_reports_of_a_source_are_collected_first_where_a_rule_says_so(client: TestClient, district: Engine) -> None:
    rule = "UPDATE intake_rule SET is_collected = {} WHERE reported_by = 'video'"
    with district.begin() as connection:
        connection.execute(text(rule.format("true")))
    collected, dismissed = (report(client, source="video").json() for _ in range(2))
    with district.begin() as connection:
        connection.execute(text(rule.format("false")))
    assert (collected["state"], drain().taken) == ("collected", 0)
    assert [event["event"] for event in events(district, collected["id"])] == ["collect"]
    assert moved(client, collected["id"], "file")["state"] == "filed"
    assert drain().dispatched == 1
    told = moved(client, dismissed["id"], "dismiss", reason="看不清")
    assert (told["state"], told["outcome"], told["holder"]) == ("closed", "dismissed", None)
