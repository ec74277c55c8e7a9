"""What a grid worker has in hand, as his phone keeps it."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.models.work_cases import WorkCases
from geo import datum
from tests.api.cases import DISTRICT, STREET, dispatched, error, move, moved
from tests.signing import HEADER

WORKER, COLLEAGUE, STRANGER = "worker:1", "worker:2", "worker:3"


def cases(client: TestClient, actor: str = WORKER) -> WorkCases:
    answer = client.get("/api/work/cases", headers={HEADER: actor})
    assert answer.status_code == 200, answer.text
    return WorkCases.model_validate_json(answer.content)


def ids(client: TestClient, actor: str = WORKER) -> list[int]:
    return [case.id for case in cases(client, actor).cases]


def test_a_worker_gets_what_he_has_in_hand_with_all_that_his_phone_needs(client: TestClient) -> None:
    mine = dispatched(client, contact={"name": "诸葛孔明", "phone": "13912345678"})
    (case,) = [one for one in cases(client).cases if one.id == mine]
    assert (case.state, case.holder and case.holder.actor) == ("dispatched", WORKER)
    assert [one.event for one in case.moves][:1] == ["accept"]
    assert case.contact and (case.contact.name, case.contact.phone) == ("诸*", "139****5678")
    lon, lat = datum.convert(case.lon, case.lat, source="cgcs2000", target="gcj02")
    assert case.gcj02 == (round(float(lon), 6), round(float(lat), 6))
    detail = client.get(f"/api/cases/{mine}", headers={HEADER: WORKER}).json()
    assert [one.model_dump() for one in case.moves] == detail["moves"]
    assert mine not in ids(client, COLLEAGUE)


def test_what_is_done_is_gone_and_what_one_helps_with_is_there(client: TestClient) -> None:
    done, shared = dispatched(client), dispatched(client)
    moved(client, done, "accept", "finish", actor=WORKER)
    moved(client, shared, "accept", actor=WORKER)
    assert move(client, shared, "ask_help", WORKER, to=COLLEAGUE, reason="需要人手").status_code == 200
    assert done not in ids(client)
    assert shared in ids(client)
    (helped,) = [one for one in cases(client, COLLEAGUE).cases if one.id == shared]
    assert "help" in [one.event for one in helped.moves]
    assert move(client, shared, "help", COLLEAGUE, reason="已到").status_code == 200
    assert shared not in ids(client, COLLEAGUE)


def test_the_cursor_stands_right_behind_what_is_told(client: TestClient, engine: Engine) -> None:
    dispatched(client)
    told = cases(client)
    known = max(one.id for one in told.cases)
    visible = """SELECT bool_and(pg_visible_in_snapshot(txid::text::xid8, CAST(:cursor AS pg_snapshot)))
                 FROM case_event WHERE case_id = :id"""
    later = dispatched(client)
    with engine.connect() as connection:
        seen: Any = [connection.scalar(text(visible), {"cursor": told.cursor, "id": case}) for case in (known, later)]
    assert seen == [True, False]


def test_nobody_in_hand_is_an_answer_too(client: TestClient) -> None:
    told = cases(client, STRANGER)
    assert (told.cases, bool(told.cursor)) == ([], True)


def test_it_is_for_grid_workers_alone(client: TestClient) -> None:
    for actor in (STREET, DISTRICT):
        assert error(client.get("/api/work/cases", headers={HEADER: actor})) == (403, "forbidden")


def test_cases_come_by_due_time(client: TestClient) -> None:
    due = [one.due_at for one in cases(client).cases if one.due_at]
    assert due == sorted(due) and len(due) > 1
