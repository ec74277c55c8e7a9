"""Decisions taken again with the data of then: the whole demo agrees, and what was changed since is shown by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from data import replaying, why
from data.database import connect
from data.replaying import Past
from flows.dispatcher import drain
from geo.errors import NotFound

Line = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def start(demo_template: str) -> str:
    return demo_template


@pytest.fixture(scope="module")
def dispatched(database_url: str) -> list[int]:
    """The demo's waiting cases, dispatched; some after they were returned, once or twice."""
    with connect(autocommit=True) as line:
        ids = [row[0] for row in line.execute("SELECT id FROM case_file WHERE state = 'filed' ORDER BY id")]
        assert drain().dispatched == len(ids) == 500
        for turn in range(2):
            _return(line, ids[: 60 - 30 * turn])
            drain()
    return ids


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with connect(autocommit=True) as opened:
        yield opened


def _return(line: Line, ids: list[int]) -> None:
    """As a move does it: the ledger tells who had it."""
    line.execute(
        "WITH returned AS (UPDATE case_file SET state = 'filed', seq = seq + 1, returns = returns + 1,"
        "  refused_by = coalesce(refused_by, '{}') || holder.actor, worker_id = NULL, desk_code = NULL, agency_id = NULL"
        " FROM (SELECT id, coalesce('worker:' || worker_id, 'desk:' || desk_code, 'agency:' || agency_id) AS actor FROM case_file)"
        "  AS holder WHERE holder.id = case_file.id AND case_file.id = ANY(%s) RETURNING case_file.id, seq, holder.actor)"
        " INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, held_by, held_minutes, reason)"
        " SELECT id, seq, 'return', 'dispatched', 'filed', actor, actor, 1, 'not mine' FROM returned",
        [ids],
    )


def test_every_decision_of_the_demo_agrees_when_it_is_taken_again(line: Line, dispatched: list[int]) -> None:
    pasts: dict[Any, Past] = {}
    for case_id in dispatched:
        case = why.read(line, case_id)
        moment = replaying.moment_of(case)
        past = pasts.setdefault(moment, Past(line, moment))
        found = replaying.replay(line, case, past)
        assert (found["agrees"], found["differences"]) == (True, {}), case_id


def test_every_kind_of_holder_is_among_them(line: Line, dispatched: list[int]) -> None:
    steps = Counter(why.read(line, case_id)["explanation"]["step"] for case_id in dispatched)
    assert steps.keys() >= {"cell_head", "station", "committee", "street_team", "department"}


def test_who_returned_a_case_never_gets_it_again_and_the_second_time_it_goes_up(
    line: Line, dispatched: list[int]
) -> None:
    with line.cursor(row_factory=dict_row) as cursor:
        cases = cursor.execute("SELECT * FROM case_file WHERE id = ANY(%s)", [dispatched[:60]]).fetchall()
    for case in cases:
        holder = f"worker:{case['worker_id']}", f"desk:{case['desk_code']}", f"agency:{case['agency_id']}"
        assert not set(holder) & set(case["refused_by"])
        assert case["level"] == ("community" if case["returns"] == 2 else "cell")
        assert case["lead"] == case["refused_by"][0]
        assert case["hops"] == case["returns"]
    again = line.execute(
        "SELECT explanation -> 'clock' FROM case_event WHERE case_id = ANY(%s) AND event = 'dispatch' AND seq > 2",
        [dispatched[:60]],
    ).fetchall()
    assert len(again) == 90 and all(clock["is_kept"] for (clock,) in again)


def test_it_tells_by_what_it_was_decided(line: Line, dispatched: list[int]) -> None:
    told = why.tell(line, dispatched[-1], "en", is_replayed=True)
    assert told["replay"]["agrees"] and told["sentence"] == told["replay"]["sentence"]
    assert told["cell"]["valid_from"] is not None and told["rule"]["basis"]
    assert told["calendar"]["is_current"]
    assert why.tell(line, dispatched[-1], "zh")["replay"] is None


@pytest.mark.parametrize(
    ("change", "undo", "members"),
    [
        (
            "UPDATE handling_rule SET time_limit = '1h' WHERE id = %(rule)s",
            "UPDATE handling_rule SET time_limit = %(limit)s WHERE id = %(rule)s",
            {"rule", "clock"},
        ),
        (
            "UPDATE worker SET is_active = false WHERE id = %(worker)s",
            "UPDATE worker SET is_active = true WHERE id = %(worker)s",
            {"roster", "worker_id", "step"},
        ),
        (
            "UPDATE cell SET name = name || '?' WHERE id = %(cell)s",
            "UPDATE cell SET name = trim(trailing '?' from name) WHERE id = %(cell)s",
            {"cell"},
        ),
    ],
)
def test_what_was_changed_since_is_shown_member_by_member(
    line: Line, dispatched: list[int], change: str, undo: str, members: set[str]
) -> None:
    explanation = next(
        seen
        for seen in (why.read(line, case_id)["explanation"] for case_id in dispatched[60:])
        if seen["step"] == "cell_head"
    )
    case_id = next(one for one in dispatched[60:] if why.read(line, one)["explanation"] == explanation)
    rule = explanation["rule"]
    wish = {
        "rule": rule["id"],
        "limit": rule["time_limit"],
        "worker": explanation["worker_id"],
        "cell": explanation["cell"]["id"],
    }
    line.execute(change, wish)
    found = replaying.replay(line, why.read(line, case_id))
    line.execute(undo, wish)
    assert found["differences"].keys() >= members
    assert found["agrees"] == (members == {"cell"})
    assert replaying.replay(line, why.read(line, case_id))["agrees"]


def test_a_case_that_waits_says_so_and_one_that_is_not_there_is_not_found(line: Line, dispatched: list[int]) -> None:
    line.execute(
        "WITH told AS (INSERT INTO incident (category_code, lon, lat, datum, geom) SELECT 'E0101', lon, lat, datum, geom"
        " FROM incident LIMIT 1 RETURNING id) INSERT INTO case_file (id) SELECT id FROM told"
    )
    (waiting,) = line.execute("SELECT max(id) FROM case_file").fetchone() or ()
    told = why.tell(line, waiting, "en", is_replayed=True)
    assert told["sentence"] == "The case has not been dispatched yet."
    assert told["explanation"] is None and told["replay"] is None
    (old,) = line.execute("SELECT min(id) FROM case_file").fetchone() or ()
    assert why.tell(line, old, "zh")["sentence"] == "案件已派遣，但没有留下派遣依据。"
    with pytest.raises(NotFound):
        why.tell(line, waiting + 1, "en")


def test_a_corrected_category_and_place_are_followed_back(line: Line, dispatched: list[int]) -> None:
    case_id = dispatched[100]
    before = why.read(line, case_id)
    line.execute("UPDATE incident SET geom = ST_Translate(geom, 0.01, 0) WHERE id = %s", [case_id])
    line.execute("UPDATE case_file SET category_code = 'E9901', seq = seq + 1 WHERE id = %s", [case_id])
    line.execute(
        "INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, detail) SELECT id, seq, 'reclassify',"
        " 'dispatched', 'filed', 'desk:000000000000', jsonb_build_object('category', jsonb_build_object('from', %s::text, 'to',"
        " 'E9901'), 'place', jsonb_build_object('from', jsonb_build_array(%s::float8, %s::float8), 'to', '[]'::jsonb))"
        " FROM case_file WHERE id = %s",
        [before["category"], before["lon"], before["lat"], case_id],
    )
    after = why.read(line, case_id)
    assert (after["category"], after["lon"], after["lat"]) == (before["category"], before["lon"], before["lat"])
    assert replaying.replay(line, after)["agrees"]
