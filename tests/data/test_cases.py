"""Dispatching: each case once whoever works, in order, by the ground and the rosters of this very moment."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest

from data import cases
from data.situation import look
from flows.dispatcher import Board, Dispatcher, drain
from geo import routing
from geo.location import locate
from tests import town

TOWN = town.build(13, 13)
Line = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, TOWN)
    return database_url


@pytest.fixture
def line(settled: str) -> Iterator[Line]:
    """A connection in autocommit; afterwards nothing waits."""
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened
    drain()


def file_cases(line: Line, count: int, *, at: tuple[float, float] | None = None) -> list[int]:
    """Cases as an import leaves them: not located, the first the oldest. All at one place, or spread over the town."""
    west, south, east, north = (*at, *at) if at else TOWN.bounds.tolist()
    rows = line.execute(
        "WITH told AS (INSERT INTO incident (category_code, lon, lat, datum, geom)"
        " SELECT 'C0101', x, y, 'cgcs2000', ST_SetSRID(ST_MakePoint(x, y), 4490)"
        " FROM (SELECT %s + random() * %s AS x, %s + random() * %s AS y FROM generate_series(1, %s)) AS places RETURNING id)"
        " INSERT INTO case_file (id, filed_at)"
        " SELECT id, now() - interval '1 hour' + id * interval '1 second' FROM told RETURNING id",
        [west, east - west, south, north - south, count],
    )
    return [row[0] for row in rows]


def dispatches(line: Line, ids: list[int]) -> list[int]:
    """How often each was dispatched."""
    counted = "(SELECT count(*) FROM case_event WHERE case_id = asked.id AND event = 'dispatch')"
    return [row[0] for row in line.execute(f"SELECT {counted} FROM unnest(%s::bigint[]) AS asked (id)", [ids])]


def holder(line: Line, case_id: int) -> tuple[Any, ...]:
    row = line.execute(
        "SELECT worker.code, desk_code FROM case_file LEFT JOIN worker ON worker.id = worker_id WHERE case_file.id = %s",
        [case_id],
    ).fetchone()
    assert row is not None
    return row


def in_the_middle() -> tuple[str, tuple[float, float]]:
    """A cell and a point of it far from its borders."""
    cell = TOWN.cells.iloc[len(TOWN.cells) // 2]
    point = cell.geometry.representative_point()
    return cell["code"], (point.x, point.y)


def least_loaded(line: Line, code: str) -> str:
    """Of the community's other workers the one with the fewest open cases, who gets what the cell `code` can't take."""
    row = line.execute(
        "SELECT worker.code FROM worker LEFT JOIN case_file ON worker_id = worker.id AND state NOT IN ('closed', 'evaluated')"
        " WHERE community_code = %s AND worker.code <> %s GROUP BY worker.id ORDER BY count(case_file.id), worker.id LIMIT 1",
        [code[:12], f"W{code}"],
    ).fetchone()
    assert row
    return str(row[0])


def test_all_that_waits_is_dispatched_once_and_counted(line: Line) -> None:
    ids = file_cases(line, 300)
    figures = drain()
    assert figures.taken == figures.dispatched == 300
    assert figures.inside + figures.border + figures.gap + figures.backstop == 300
    assert dispatches(line, ids) == [1] * 300
    assert drain().taken == 0


def test_two_dispatchers_side_by_side_share_the_work(line: Line, settled: str) -> None:
    ids = file_cases(line, 400)
    done: list[int] = []

    def work() -> None:
        with psycopg.connect(settled, autocommit=True) as own:
            dispatcher = Dispatcher(own)
            barrier.wait()
            while (figures := dispatcher.batch(10)).taken:
                done.append(figures.dispatched)

    barrier = threading.Barrier(8)
    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 400
    assert dispatches(line, ids) == [1] * 400


def test_the_longest_waiting_are_taken_first(line: Line, settled: str) -> None:
    ids = file_cases(line, 10)
    with psycopg.connect(settled) as other:
        assert list(cases.take_batch(other, 4)["id"]) == ids[:4]


def test_what_a_dead_dispatcher_had_taken_is_dispatched_by_another(line: Line, settled: str) -> None:
    ids = file_cases(line, 5)
    with closing(psycopg.connect(settled)) as dead:
        assert len(cases.take_batch(dead, 5)) == 5
        assert drain().taken == 0
        line.execute("SELECT pg_terminate_backend(%s, 5000)", [dead.info.backend_pid])
    assert drain().taken == 5
    assert dispatches(line, ids) == [1] * 5


def test_a_case_that_moved_on_meanwhile_is_left_alone(line: Line) -> None:
    first, second = file_cases(line, 2)
    with line.transaction():
        taken = cases.take_batch(line, 2)
        line.execute(
            "UPDATE case_file SET state = 'closed', desk_code = '000000000000', dispatched_at = now() WHERE id = %s",
            [first],
        )
        known = look(line)
        located = locate(taken[["x", "y"]].to_numpy(), known.ground)
        assert cases.apply(line, taken, located, cases.decide(line, taken, located, known)) == 1
    assert dispatches(line, [first]) == [0]
    assert dispatches(line, [second]) == [1]


def test_a_leave_that_begins_now_counts_at_once(line: Line) -> None:
    code, point = in_the_middle()
    dispatcher = Dispatcher(line)
    (before,) = file_cases(line, 1, at=point)
    dispatcher.batch(10)
    line.execute(
        "INSERT INTO leave (worker_id, during) SELECT id, tstzrange(now(), NULL) FROM worker WHERE code = %s",
        [f"W{code}"],
    )
    other = least_loaded(line, code)
    (after,) = file_cases(line, 1, at=point)
    dispatcher.batch(10)
    line.execute("DELETE FROM leave")
    assert holder(line, before) == (f"W{code}", None)
    assert holder(line, after) == (other, None)


def test_a_leave_that_was_planned_counts_when_it_begins(line: Line) -> None:
    code, point = in_the_middle()
    dispatcher = Dispatcher(line)
    line.execute(
        "INSERT INTO leave (worker_id, during) SELECT id, tstzrange(now() + interval '1 second', NULL) FROM worker WHERE code = %s",
        [f"W{code}"],
    )
    (before,) = file_cases(line, 1, at=point)
    dispatcher.batch(10)
    line.execute("SELECT pg_sleep(1.1)")
    other = least_loaded(line, code)
    (after,) = file_cases(line, 1, at=point)
    dispatcher.batch(10)
    line.execute("DELETE FROM leave")
    assert holder(line, before) == (f"W{code}", None)
    assert holder(line, after) == (other, None)


def test_two_hands_may_look_at_new_ground_at_once(settled: str, line: Line) -> None:
    """GEOS completes prepared shapes at their first use; two threads in it at once end the process."""
    west, south, east, north = TOWN.bounds
    random = np.random.default_rng(7)
    taken = pd.DataFrame({"x": random.uniform(west, east, 5000), "y": random.uniform(south, north, 5000)})
    taken = taken.assign(picked_cell=cases.nothing(len(taken)))

    def locate_on(board: Board, ready: threading.Barrier) -> pd.DataFrame:
        with psycopg.connect(settled, autocommit=True) as own:
            ready.wait()
            return board.locate(own, taken)[0]

    for _ in range(60):
        board, ready = Board(), threading.Barrier(2)
        board.look(line)
        with ThreadPoolExecutor(2) as hands:
            one, other = hands.map(lambda _, board=board, ready=ready: locate_on(board, ready), range(2))
        assert one.equals(other)


def test_a_border_moved_a_moment_ago_counts_and_unchanged_shapes_are_kept(line: Line) -> None:
    code, point = in_the_middle()
    dispatcher = Dispatcher(line)
    file_cases(line, 1, at=point)
    dispatcher.batch(10)
    kept = dispatcher.board.look(line).ground.cells.shapes
    with line.transaction(force_rollback=True):
        line.execute("UPDATE cell SET valid_to = current_date WHERE code = %s", [code])
        line.execute("UPDATE area SET valid_to = current_date WHERE code = %s", [code[:12]])
        (after,) = file_cases(line, 1, at=point)
        dispatcher.batch(10)
        now = dispatcher.board.look(line).ground.cells.shapes
        assert holder(line, after) == (None, f"{code[:9]}000")
    assert len(now) == len(kept) - 1
    assert {id(shape) for shape in now} < {id(shape) for shape in kept}


def test_an_explanation_in_the_database_gives_its_decision_again(line: Line) -> None:
    ids = file_cases(line, 50)
    drain()
    rows = line.execute(
        "SELECT explanation, worker_id, desk_code, agency_id FROM case_event WHERE event = 'dispatch' AND case_id = ANY(%s)",
        [ids],
    ).fetchall()
    assert len(rows) == 50
    for explanation, *holder in rows:
        assert routing.replay(explanation) == (explanation["step"], *holder)


@pytest.mark.parametrize("column", ["cell_id", "community_id", "street_id", "worker_id", "desk_code"])
def test_a_case_points_to_nothing_that_is_not_there(line: Line, column: str) -> None:
    (case_id,) = file_cases(line, 1)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"case {case_id} points to"):
        line.execute(f"UPDATE case_file SET {column} = '999999999' WHERE id = %s", [case_id])


def test_an_event_belongs_to_a_case(line: Line) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="no case 999999999"):
        line.execute(
            "INSERT INTO case_event (case_id, event, to_state, actor) VALUES (999999999, 'file', 'filed', 'import')"
        )


@pytest.mark.parametrize("table", ["cell", "area", "worker"])
def test_what_cases_point_to_is_not_deleted(line: Line, table: str) -> None:
    file_cases(line, 1, at=in_the_middle()[1])
    drain()
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"points to a {table}|still referenced"):
        line.execute(f"DELETE FROM {table}")
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"cases point to {table}"):
        line.execute(f"TRUNCATE {table} CASCADE")


def test_a_case_without_a_place_goes_to_the_duty_desk_and_holds_up_nobody(line: Line) -> None:
    lost, found = file_cases(line, 2, at=in_the_middle()[1])
    line.execute("UPDATE incident SET geom = 'SRID=4490;POINT EMPTY' WHERE id = %s", [lost])
    assert drain().backstop == 1
    assert holder(line, lost) == (None, routing.DUTY_DESK)
    assert holder(line, found)[0] == f"W{in_the_middle()[0]}"


def test_a_tolerance_changed_a_moment_ago_counts(line: Line) -> None:
    dispatcher = Dispatcher(line)
    before = dispatcher.board.look(line).ground.tolerance_m
    line.execute("UPDATE parameter SET value = value + 1 WHERE name = 'border_tolerance_m'")
    assert dispatcher.board.look(line).ground.tolerance_m == before + 1
