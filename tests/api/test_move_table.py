"""The table of moves, every state by every event by every role, tried over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.models.moves import Move
from geo.lifecycle import HELD, MOVES, Event, Part, Role, State, is_legal, legal

CALLERS = {
    Role.WORKER: "worker:1",
    Role.AGENCY: "agency:1",
    Role.COMMUNITY: "desk:110199001001",
    Role.STREET: "desk:110199001000",
    Role.DISTRICT: "desk:110199000000",
}
COLUMNS = {"worker": "worker_id", "desk": "desk_code", "agency": "agency_id"}
ELSEWHERE = {Event.FOLLOW: "followers", Event.WHISTLE: "whistle"}
BY_RULE = set(Event) - set(get_args(Move)) - set(ELSEWHERE) - {Event.REPORT_IN}
OPENED = """
    WITH told AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        VALUES ('C0101', 116.3025, 39.905, 'wgs84', 'SRID=4490;POINT(116.3025 39.905)') RETURNING id
    ), opened AS (
        INSERT INTO case_file (id, state, seq, outcome, closed_at, dispatched_at, held_since, time_limit, due_at, asked_limit,
                               remaining_minutes, handler, lead, community_id, street_id, parent_id, worker_id, desk_code,
                               agency_id)
        SELECT id, %(state)s::text, 2, CASE WHEN %(is_done)s::bool THEN 'solved' END, CASE WHEN %(is_done)s::bool THEN now() END,
               now(), now(), '4wh', CASE WHEN %(state)s::text <> 'suspended' THEN now() + interval '1 day' END, '2wh',
               CASE WHEN %(state)s::text = 'suspended' THEN 60 END, 'worker:3', 'worker:3',
               (SELECT max(id) FROM area WHERE code = '110199001001'), (SELECT max(id) FROM area WHERE code = '110199001000'),
               %(parent)s::bigint, %(worker_id)s::bigint, %(desk_code)s::text, %(agency_id)s::bigint
        FROM told RETURNING id
    ), photo AS (
        INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by) SELECT id, 'x', 1, 1, 1, 'x' FROM opened
        RETURNING id
    ), whistled AS (
        INSERT INTO whistle (case_id, called_by, meet_at, geom)
        SELECT id, 'desk:110199001000', now() + interval '1 hour', 'SRID=4490;POINT(116.3025 39.905)' FROM opened RETURNING id
    ), called AS (
        INSERT INTO whistle_call (whistle_id, agency_id, due_at) SELECT id, 1, now() + interval '2 hours' FROM whistled
    ), logged AS (
        INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor)
        SELECT id, 1, 'file', NULL, 'filed', 'reporter' FROM opened
        UNION ALL
        SELECT id, 2, 'note', CASE WHEN NOT %(is_done)s::bool THEN %(state)s::text END, %(state)s::text, 'sweeper' FROM opened
    )
    SELECT opened.id, photo.id, whistled.id FROM opened, photo, whistled
"""
Line = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def line(district: Engine, database_url: str) -> Iterator[Line]:
    with psycopg.connect(database_url, autocommit=True) as opened:
        opened.execute(
            "INSERT INTO agency (code, kind, name, area_code) VALUES ('A1', 'street_team', '城管', '110199001000')"
        )
        yield opened


def opened(line: Line, state: State, holder: str, parent: int | None = None) -> tuple[int, int, int]:
    """A case in `state` held by `holder`, one of its photos, and a whistle for which agency 1 was called."""
    kind, _, key = holder.partition(":")
    held = dict.fromkeys(COLUMNS.values()) | (
        {COLUMNS[kind]: key} if state not in (State.COLLECTED, State.FILED) else {}
    )
    is_done = state in (State.CLOSED, State.EVALUATED)
    row = line.execute(OPENED, {"state": state, "is_done": is_done, "parent": parent} | held).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def ask(client: TestClient, event: Event, role: Role, case: tuple[int, int, int], parent: int) -> Any:
    """Everything that any event needs."""
    case_id, photo, whistle = case
    headers = {"X-Wangge-Actor": CALLERS[role]}
    if event == Event.REPORT_IN:
        body: dict[str, Any] = {"agency": "agency:1", "signature": "张"}
        return client.post(f"/api/whistles/{whistle}/report-in", json=body, headers=headers)
    if event in ELSEWHERE:
        body = {"agencies": ["agency:1"], "meet_at": "2999-01-01T00:00:00+08:00"} if event == Event.WHISTLE else {}
        return client.post(f"/api/cases/{case_id}/{ELSEWHERE[event]}", json=body, headers=headers)
    told = {"reason": "x", "to": "worker:2", "limit": "2wh", "parent": parent, "category": "E0101", "photos": [photo]}
    rating = {"is_answered": True, "is_solved": True, "satisfaction": 5}
    where = {"at_lon": 116.3, "at_lat": 39.9}
    return client.post(
        f"/api/cases/{case_id}/moves", json={"event": event, "rating": rating} | told | where, headers=headers
    )


@pytest.mark.parametrize("event", sorted(set(Event) - BY_RULE))
@pytest.mark.parametrize("state", list(State))
def test_every_role_may_do_what_the_table_says_and_nothing_else(
    client: TestClient, line: Line, state: State, event: Event
) -> None:
    parent, _, _ = opened(line, State.HANDLING, "worker:3")
    for role, actor in CALLERS.items():
        for holder in ("worker:3", actor) if is_by_holder(state, event) else ("worker:3",):
            standing = {"is_holder": holder == actor and state in HELD, "is_called": role == Role.AGENCY}
            case = opened(line, state, holder, parent=parent)
            response = ask(client, event, role, case, parent)
            if is_legal(state, event, role, **standing):
                assert response.status_code in (200, 201), (role, holder, response.text)
                after = line.execute("SELECT state, seq FROM case_file WHERE id = %s", [case[0]]).fetchone()
                assert after == (MOVES[state, event].to, 3)
            else:
                refused(response, state, legal(state, role, **standing))


def is_by_holder(state: State, event: Event) -> bool:
    return (state, event) in MOVES and MOVES[state, event].part in (Part.HOLDER, Part.NOT_HOLDER)


def refused(response: Any, state: State, possible: list[Event]) -> None:
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (409, "illegal_move"), error
    told = error["detail"]
    assert told["legal"] == possible
    assert (told["state"], told["seq"], told["last"]["event"]) == (state, 2, "note")


@pytest.mark.parametrize("event", sorted(BY_RULE))
def test_what_the_system_does_by_rule_nobody_else_can_ask_for(client: TestClient, line: Line, event: Event) -> None:
    case = opened(line, State.HANDLING, "worker:3")
    assert ask(client, event, Role.DISTRICT, case, case[0]).status_code == 422


def test_a_reporter_comes_by_his_link_alone(client: TestClient, line: Line) -> None:
    case, _, _ = opened(line, State.CLOSED, "worker:3")
    body = {"event": "reopen", "reason": "x"}
    answer = client.post(f"/api/cases/{case}/moves", json=body, headers={"X-Wangge-Actor": "reporter"})
    assert answer.status_code == 403


def test_held_states_are_those_that_somebody_has_in_hand() -> None:
    assert {state for (state, event) in MOVES if event == Event.WHISTLE} == HELD
