"""Rules, agencies and loads as the dispatcher meets them in the database: what was changed a second ago counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from flows.dispatcher import Dispatcher, drain
from geo.callers import DISPATCHER
from tests import town
from tests.data.test_cases import dispatches, file_cases

TOWN = town.build(6, 6)
CELL = TOWN.cells.iloc[14]
COMMUNITY, STREET = CELL["code"][:12], f"{CELL['code'][:9]}000"
Line = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, TOWN)
    return database_url


@pytest.fixture
def line(settled: str) -> Iterator[Line]:
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened
        drain()
        opened.execute("DELETE FROM leave")
        opened.execute("DELETE FROM handling_rule WHERE code LIKE 'test%'")


def file_one(line: Line, category: str = "E0101", **values: Any) -> int:
    point = CELL.geometry.representative_point()
    (case_id,) = file_cases(line, 1, at=(point.x, point.y))
    line.execute("UPDATE case_file SET category_code = %s WHERE id = %s", [category, case_id])
    for name, value in values.items():
        line.execute(f"UPDATE case_file SET {name} = %s WHERE id = %s", [value, case_id])
    return case_id


def dispatch(line: Line, dispatcher: Dispatcher, category: str = "E0101", **values: Any) -> dict[str, Any]:
    """What became of a case that is filed now."""
    case_id = file_one(line, category, **values)
    assert dispatcher.batch(10).dispatched == 1
    row = line.execute(
        "SELECT jsonb_build_object('step', explanation ->> 'step', 'rule', explanation -> 'rule' ->> 'code', 'actor', actor)"
        " || to_jsonb(case_file) FROM case_file JOIN case_event ON case_id = case_file.id AND event = 'dispatch'"
        " WHERE case_file.id = %s",
        [case_id],
    ).fetchone()
    assert row and row[0]["actor"] == DISPATCHER.actor
    return dict(row[0])


def add_agency(line: Line, kind: str, area: str, code: str, valid: str = "'2020-01-01', NULL") -> int:
    row = line.execute(
        f"INSERT INTO agency (code, kind, name, area_code, valid_from, valid_to) VALUES (%s, %s, '某机构', %s, {valid})"
        " RETURNING id",
        [code, kind, area],
    ).fetchone()
    assert row
    return int(row[0])


def test_a_rule_changed_a_second_ago_counts(line: Line) -> None:
    dispatcher = Dispatcher(line)
    before = dispatch(line, dispatcher)
    line.execute(
        "INSERT INTO handling_rule (code, category_code, area_code, handler, time_limit, basis)"
        " VALUES ('test', 'E0101', %s, 'cell_worker', '1wd', 'a test')",
        [COMMUNITY],
    )
    after = dispatch(line, dispatcher)
    line.execute("UPDATE handling_rule SET valid_to = current_date WHERE code = 'test'")
    ended = dispatch(line, dispatcher)
    told = [(case["rule"], case["time_limit"]) for case in (before, after, ended)]
    assert told == [("exposed-rubbish", "4wh"), ("test", "1wd"), ("exposed-rubbish", "4wh")]


def test_an_agency_takes_what_is_its_until_it_ends(line: Line) -> None:
    dispatcher = Dispatcher(line)
    assert dispatch(line, dispatcher, "E0501")["step"] == "cell_head"
    committee = add_agency(line, "committee", COMMUNITY, "c1")
    found = dispatch(line, dispatcher, "E0501")
    assert (found["step"], found["agency_id"], found["lead"]) == ("committee", committee, f"agency:{committee}")
    line.execute("UPDATE agency SET valid_to = current_date WHERE id = %s", [committee])
    assert dispatch(line, dispatcher, "E0501")["step"] == "cell_head"


def test_an_agency_that_ended_yesterday_gets_nothing(line: Line) -> None:
    add_agency(line, "street_team", STREET, "t0", "'2020-01-01', current_date - 1")
    assert dispatch(line, Dispatcher(line), "E0201")["step"] == "cell_head"
    team = add_agency(line, "street_team", STREET, "t1")
    found = dispatch(line, Dispatcher(line), "E0201")
    assert (found["step"], found["agency_id"]) == ("street_team", team)
    line.execute("UPDATE agency SET valid_to = current_date WHERE id = %s", [team])


def test_who_has_as_many_cases_as_he_may_gets_no_more_in_one_batch_or_many(line: Line) -> None:
    line.execute("UPDATE parameter SET value = 12 WHERE name = 'worker_load_max'")
    line.execute("UPDATE case_file SET worker_id = NULL, desk_code = '000000000000' WHERE worker_id IS NOT NULL")
    ids = [file_one(line) for _ in range(60)]
    assert drain(hands=1).dispatched == 60
    assert dispatches(line, ids) == [1] * 60
    loads = line.execute(
        "SELECT worker.code, count(*) FROM case_file JOIN worker ON worker.id = worker_id WHERE case_file.id = ANY(%s) GROUP BY 1",
        [ids],
    ).fetchall()
    assert dict(loads)[f"W{CELL['code']}"] == 12 == max(count for _, count in loads)
    more = [file_one(line) for _ in range(60)]
    drain(hands=1)
    most = line.execute(
        "SELECT max(count) FROM (SELECT count(*) FROM case_file GROUP BY worker_id HAVING worker_id > 0) AS each"
    )
    assert most.fetchone() == (12,)
    desks = line.execute(
        "SELECT count(*) FROM case_file WHERE id = ANY(%s) AND desk_code = %s", [ids + more, COMMUNITY]
    )
    assert desks.fetchone() == (120 - 9 * 12,)
    line.execute("UPDATE parameter SET value = 40 WHERE name = 'worker_load_max'")


def test_who_returned_a_case_is_passed_over_and_twice_is_a_level(line: Line) -> None:
    dispatcher = Dispatcher(line)
    line.execute("UPDATE case_file SET worker_id = NULL, desk_code = '000000000000' WHERE worker_id IS NOT NULL")
    head = line.execute("SELECT id FROM worker WHERE code = %s", [f"W{CELL['code']}"]).fetchone()
    assert head
    once = dispatch(line, dispatcher, refused_by=[f"worker:{head[0]}"], returns=1, lead=f"worker:{head[0]}")
    assert once["step"] == "community_worker" and once["worker_id"] != head[0]
    assert (once["level"], once["lead"], once["hops"]) == ("cell", f"worker:{head[0]}", 1)
    twice = dispatch(line, dispatcher, refused_by=[f"worker:{head[0]}"], returns=2)
    assert (twice["level"], twice["desk_code"], twice["returns_before"]) == ("community", COMMUNITY, 2)


def test_a_clock_that_runs_is_kept_and_a_new_one_follows_the_rule(line: Line) -> None:
    dispatcher = Dispatcher(line)
    running = dispatch(line, dispatcher, due_at="2026-01-05T02:00:00Z", time_limit="2h")
    fresh = dispatch(line, dispatcher, "E0404")
    kept = "SELECT time_limit, due_at = '2026-01-05T02:00:00Z' FROM case_file WHERE id = %s"
    counted = "SELECT time_limit, due_at = dispatched_at + interval '2 hours' FROM case_file WHERE id = %s"
    assert line.execute(kept, [running["id"]]).fetchone() == ("2h", True)
    assert line.execute(counted, [fresh["id"]]).fetchone() == ("2h", True)
