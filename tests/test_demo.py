"""The demo district in a real database: complete, calibrated to the published table, and ready for every flow."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from data import reference, replaying, why
from data.database import driver_connection
from data.demo.load import load
from geo.errors import Conflict
from tests.conftest import DEMO_YEAR_ENDS
from tests.soak.races import Book, Ground, verify


@pytest.fixture(scope="module")
def start(demo_template: str) -> str:
    return demo_template


def count(connection: Connection, what: str) -> int:
    return connection.scalar(text(f"SELECT count(*) FROM {what}")) or 0


def test_it_is_a_district_of_15_streets_and_148_communities(connection: Connection) -> None:
    by_level = connection.execute(text("SELECT level, count(*) FROM area GROUP BY level")).all()
    assert dict(map(tuple, by_level)) == {"city": 1, "district": 1, "street": 15, "community": 148}


def test_it_says_of_itself_that_it_is_no_real_ground(connection: Connection) -> None:
    assert count(connection, "area WHERE NOT is_derived OR source <> 'demo'") == 0


def test_every_level_tiles_the_one_above(connection: Connection) -> None:
    strays = text("""
        SELECT p.code FROM area p JOIN area c ON c.parent_code = p.code
        GROUP BY p.id HAVING abs(sum(ST_Area(c.geom)) / ST_Area(p.geom) - 1) > 1e-6
        UNION ALL
        SELECT p.code FROM area p JOIN cell c ON c.community_code = p.code
        GROUP BY p.id HAVING abs(sum(ST_Area(c.geom)) / ST_Area(p.geom) - 1) > 1e-6
    """)
    assert connection.scalars(strays).all() == []


def test_ordinary_cells_hold_300_to_500_households(connection: Connection) -> None:
    assert count(connection, "cell WHERE kind = 'ordinary' AND households NOT BETWEEN 300 AND 500") == 0
    assert count(connection, "cell WHERE kind = 'dedicated'") > 0


def test_households_add_up_from_homes_to_the_district(connection: Connection) -> None:
    sums = connection.execute(
        text("SELECT (SELECT sum(households) FROM residence), (SELECT sum(households) FROM cell), "
             "(SELECT sum(households) FROM area WHERE level = 'community'), "
             "(SELECT households FROM area WHERE level = 'district')")
    ).one()  # fmt: skip
    assert len(set(sums)) == 1
    assert 240_000 <= sums[0] <= 260_000


def test_five_hundred_incidents_wait_and_a_year_of_others_has_its_events(connection: Connection) -> None:
    assert count(connection, "case_file WHERE state = 'filed'") == 500
    assert 45_000 <= count(connection, "case_file WHERE state <> 'filed'") <= 55_000
    assert (
        count(connection, "case_file c WHERE state <> 'filed' AND num_nonnulls(worker_id, desk_code, agency_id) <> 1")
        == 0
    )
    gaps = text("""
        SELECT case_id FROM (SELECT case_id, from_state, lag(to_state) OVER (PARTITION BY case_id ORDER BY id) AS before
                             FROM case_event) AS steps WHERE from_state IS DISTINCT FROM before
    """)
    assert connection.scalars(gaps).all() == []


def test_every_history_hangs_together_as_those_of_raced_cases_must(connection: Connection) -> None:
    ids = list(connection.scalars(text("SELECT id FROM case_file WHERE state <> 'filed'")))
    url = connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    figures, faults = verify(url, Ground(ids, []), Book())
    assert figures["cases"] == len(ids)
    assert {name: number for name, number in faults.items() if number} == {}


def test_most_cases_are_on_time_some_late_some_done_again_and_some_rated(connection: Connection) -> None:
    closed = count(connection, "case_file WHERE closed_at IS NOT NULL")
    assert 0.8 < count(connection, "case_file WHERE closed_at <= due_at") / closed < 0.95
    assert 0.04 < count(connection, "case_file WHERE reworks > 0") / closed < 0.08
    assert 0.3 < count(connection, "rating") / closed < 0.45
    assert (
        count(connection, "rating JOIN case_event e USING (case_id) WHERE e.seq = closing AND e.event <> 'verify'") == 0
    )
    assert (
        count(
            connection,
            "case_file WHERE (state = 'evaluated') <> EXISTS (SELECT FROM rating WHERE case_id = case_file.id)",
        )
        == 0
    )


def test_a_desk_finds_work_in_every_stage_and_a_clock_on_all_of_it(connection: Connection) -> None:
    states = "SELECT DISTINCT state FROM case_file WHERE due_at IS NOT NULL AND rule_id IS NOT NULL"
    assert {"dispatched", "handling", "fed_back", "verifying", "closed", "evaluated"} <= set(
        connection.scalars(text(states))
    )
    assert count(connection, "case_file WHERE state <> 'filed' AND (due_at IS NULL OR lead IS NULL)") == 0
    open_ones = "case_file JOIN case_event e ON e.case_id = case_file.id AND e.event = 'dispatch'"
    assert count(connection, f"{open_ones} WHERE closed_at IS NULL AND explanation IS NULL") == 0


def test_who_has_an_open_case_is_decided_again_from_the_data_of_then(connection: Connection) -> None:
    wanted = "SELECT id FROM case_file WHERE closed_at IS NULL AND state <> 'filed' ORDER BY id % 7, id LIMIT 10"
    line = driver_connection(connection)
    for case_id in connection.scalars(text(wanted)).all():
        told = replaying.replay(line, why.read(line, case_id))
        assert told["agrees"], told["differences"]


def test_no_step_of_a_case_lies_after_the_year_ends(connection: Connection) -> None:
    assert connection.scalar(text("SELECT max(at) FROM case_event")) <= DEMO_YEAR_ENDS


def test_every_case_ends_its_history_in_its_state(connection: Connection) -> None:
    assert count(
        connection,
        "case_file JOIN LATERAL (SELECT to_state FROM case_event WHERE case_id = case_file.id ORDER BY id DESC LIMIT 1) "
        "AS last ON last.to_state <> case_file.state",
    ) == 0  # fmt: skip


def test_every_area_has_its_agencies_and_every_rule_finds_one(connection: Connection) -> None:
    kinds = connection.execute(text("SELECT kind, count(*) FROM agency GROUP BY kind")).all()
    assert dict(map(tuple, kinds)) == {"station": 148, "committee": 148, "street_team": 15, "department": 10}
    lost = count(
        connection,
        "handling_rule WHERE agency_code IS NOT NULL AND NOT EXISTS ("
        "SELECT FROM agency WHERE agency.kind = handler AND agency.code = '110199-' || agency_code)",
    )
    assert lost == 0


def test_new_rows_are_numbered_behind_the_demos(connection: Connection) -> None:
    highest = connection.scalar(text("SELECT max(id) FROM incident"))
    assert connection.scalar(text("SELECT nextval(pg_get_serial_sequence('incident', 'id'))")) == highest + 1


def test_the_demo_is_never_mixed_with_other_ground(connection: Connection) -> None:
    with pytest.raises(Conflict, match="already holds areas"):
        load(connection, progress=print)


def test_reference_rows_are_there(connection: Connection) -> None:
    assert count(connection, "parameter") == len(reference.rows("parameters"))
