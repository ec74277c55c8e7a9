"""A forgotten filter leaks nothing: whole tables, read as the web's role under the settings of each office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from data import reference, schema, scope
from data.database import driver_connection
from data.dialogues import hold
from data.models import Base
from geo.callers import PUBLIC, Caller
from geo.grants import NOWHERE
from geo.lifecycle import Role
from geo.offices import ADMINISTRATORS, Office
from tests.people import name_workers

FOLDER = Path(__file__).parents[1] / "api"
TABLES = sorted(Base.metadata.tables)
VIEW = "reported_case"
"""Says by itself what the policies on cases and incidents say."""
INSIDE, OUTSIDE = "110199001000", "110199002000"
WEST, EAST = "110199001001", "110199002001"
Line = psycopg.Connection[Any]


def caller(actor: str, role: Role, digits: str, office: Office, *cells: str) -> Caller:
    return Caller(actor, role, digits, office, "li", cells)


STREET = caller(f"desk:{INSIDE}", Role.STREET, INSIDE[:9], Office.STREET)
CALLERS = {
    "community": caller(f"desk:{WEST}", Role.COMMUNITY, WEST, Office.COMMUNITY),
    "street": STREET,
    "district": caller("desk:110199000000", Role.DISTRICT, "110199", Office.DISTRICT),
    "another district": caller("desk:110198000000", Role.DISTRICT, "110198", Office.DISTRICT),
    "worker": caller("worker:1", Role.WORKER, WEST, Office.WORKER),
    "worker of a cell": caller("worker:2", Role.WORKER, WEST, Office.WORKER, f"{WEST}002"),
    "department that held one": caller("agency:1", Role.AGENCY, NOWHERE, Office.DEPARTMENT),
    "department that was called": caller("agency:2", Role.AGENCY, NOWHERE, Office.DEPARTMENT),
    "station": caller("station:1", Role.REPORTER, WEST, Office.STATION),
    "planner": caller("planner:110199000000", Role.REPORTER, "110199", Office.PLANNER),
    "public": PUBLIC,
} | {str(office): caller("admin:1", Role.REPORTER, NOWHERE, office) for office in sorted(ADMINISTRATORS)}
CASES = {
    "community": {1},
    "street": {1, 2},
    "district": {1, 2, 3, 4},
    "worker": {1, 3},
    "worker of a cell": {2},
    "department that held one": {2},
    "department that was called": {4},
}
"""The numbers of the cases that each sees; who is not named sees none. Worker 1 had the third in hand once, worker 2 leads the
second."""
OF_CASES = {
    "case_file": "id", "incident": "id", "case_event": "case_id", "case_whereabouts": "case_id", "case_photo": "case_id",
    "case_helper": "case_id", "case_follower": "case_id", "rating": "case_id", "exclusion": "case_id",
    "reporter_contact": "case_id", "whistle": "case_id", "reported_case": "id",
}  # fmt: skip
GROUND = {
    "unit", "area", "cell_code", "cell", "facility", "facility_serves", "residence", "landmark", "street_node", "street_edge",
    "service_build", "service_area", "service_coverage", "standard", "standard_limit", "check_run", "finding", "agency",
    "handling_rule", "parameter", "calendar_day", "duplicate_rule", "intake_rule", "ground_revision", "score_run",
    "retention_rule", "category",
}  # fmt: skip
LEDGER = ("case_event", "audit_line", "audit_seal", "rating", "case_photo", "case_follower", "whistle", "score_run")


@pytest.fixture(scope="module")
def settled(engine: Any, database_url: str) -> str:
    with engine.begin() as connection:
        reference.load(connection)
        connection.exec_driver_sql((FOLDER / "district.sql").read_text(encoding="utf-8"))
        name_workers(driver_connection(connection))
        driver_connection(connection).execute("SET LOCAL session_replication_role = replica")
        driver_connection(connection).execute((FOLDER / "cases_everywhere.sql").read_bytes())
        schema.admit_web(driver_connection(connection))
    return database_url


@pytest.fixture(scope="module")
def web(settled: str) -> Iterator[Line]:
    with psycopg.connect(settled, options="-c role=wangge_web") as opened:
        yield opened


READABLE = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')
"""


def seen(web: Line, table: str) -> list[dict[str, Any]] | None:
    """All rows that a plain reading gives, with the columns that may be read; null where there are none."""
    columns = [sql.Identifier(row[0]) for row in web.execute(READABLE, [table])]
    if not columns:
        return None
    asked = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(columns), sql.Identifier(table))
    with web.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(asked).fetchall()


def everything(web: Line, me: Caller | None) -> dict[str, list[dict[str, Any]] | None]:
    with web.transaction(force_rollback=True):
        if me:
            scope.enter_sync(web, me)
        return {table: seen(web, table) for table in (*TABLES, VIEW)}


def test_every_table_is_under_row_level_security(web: Line) -> None:
    rows = web.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relname = ANY (%s)", [TABLES]).fetchall()
    assert sorted(row[0] for row in rows) == TABLES


def test_who_says_nothing_sees_nothing(web: Line) -> None:
    assert not any(everything(web, None).values())


@pytest.mark.parametrize("name", CALLERS)
def test_of_cases_everybody_sees_his_own(web: Line, name: str) -> None:
    told = everything(web, CALLERS[name])
    assert {table: {row[key] for row in told[table] or ()} for table, key in OF_CASES.items()} == dict.fromkeys(
        OF_CASES, CASES.get(name, set())
    )
    calls = told["whistle_call"]
    assert len(calls or ()) == (4 in CASES.get(name, set()))


def test_a_case_that_is_shown_is_in_sight_everywhere(web: Line) -> None:
    with web.transaction(force_rollback=True):
        scope.enter_sync(web, CALLERS["public"])
        hold(web, scope.show(4))
        shown = {table: {row[key] for row in seen(web, table) or ()} for table, key in OF_CASES.items()}
    assert shown == {table: {4} for table in OF_CASES}


@pytest.mark.parametrize("name", CALLERS)
def test_ground_is_for_all_who_signed_in(web: Line, name: str) -> None:
    told = everything(web, CALLERS[name])
    shown = {table for table in GROUND if told[table]}
    assert shown == ({"category"} if name == "public" else GROUND)


@pytest.mark.parametrize(("name", "workers"), [
    ("community", {1, 2}), ("street", {1, 2}), ("district", {1, 2, 3}), ("worker", {1, 2}), ("worker of a cell", {1, 2}),
    ("department that held one", set()), ("planner", set()), ("station", set()), ("public", set()), ("system_admin", set()),
])  # fmt: skip
def test_people_are_seen_by_who_works_with_them(web: Line, name: str, workers: set[int]) -> None:
    told = everything(web, CALLERS[name])
    assert {row["id"] for row in told["worker"] or ()} == workers
    assert {row["worker_id"] for row in told["leave"] or ()} == workers
    assert {row["worker_id"] for row in told["assignment"] or ()} == workers


@pytest.mark.parametrize("name", CALLERS)
def test_a_round_is_seen_by_who_makes_it_and_elements_by_who_looks_after_their_cell(web: Line, name: str) -> None:
    told = everything(web, CALLERS[name])
    worker = {"worker": 1, "worker of a cell": 2}.get(name)
    own = {worker} - {None}
    assert (
        {row["worker_id"] for row in told["duty"] or ()}
        == {row["worker_id"] for row in told["street_walked"] or ()}
        == own
    )
    assert told["duty_track"] is told["check_in"] is None
    cells = {f"{WEST}001"} if name == "worker" else set()  # who is restricted to another cell looks after none of them
    assert (
        {row["cell_code"] for row in told["visit_place"] or ()}
        == {row["cell_code"] for row in told["element"] or ()}
        == cells
    )


@pytest.mark.parametrize("statement", [
    "INSERT INTO duty (worker_id, began_at) VALUES (2, now())",
    "INSERT INTO street_walked SELECT 2, current_date, min(id) FROM street_edge",
    "INSERT INTO check_in (place_id, worker_id, at, distance_m) VALUES (1, 2, now(), 1)",
    "INSERT INTO element (kind, cell_code, name, changed_by) VALUES ('people', '110199002001001', '张*', 'x')",
])  # fmt: skip
def test_nobody_writes_anothers_round_or_element(web: Line, statement: LiteralString) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
        scope.enter_sync(web, CALLERS["worker"])
        web.execute(statement)


def test_what_is_kept_for_oneself_is_nobody_elses(web: Line) -> None:
    told = everything(web, STREET)
    kept = {"saved_view": "owner", "move_key": "claimed_by", "bulk_move": "actor"}
    assert {table: [row[column] for row in told[table] or ()] for table, column in kept.items()} == {
        table: [STREET.actor] for table in kept
    }
    assert {row["key"] for row in told["score"] or ()} == {INSIDE, WEST, "110199001002"}
    assert {row["asked_by"] for row in told["personal_export"] or ()} == {"li"}


@pytest.mark.parametrize("name", CALLERS)
def test_the_door_is_kept_by_administrators_and_everybody_has_his_own_key(web: Line, name: str) -> None:
    told = everything(web, CALLERS[name])
    accounts = {row["name"] for row in told["account"] or ()}
    keepers = {"system_admin", "security_admin"}
    assert accounts == ({"li", "wang"} if name in keepers else set() if name == "public" else {"li"})
    doors = ("account_session", "account_recovery", "account_grant")
    assert {len(told[table] or ()) for table in doors} == {len(accounts)}
    assert bool(told["audit_line"]) == (name == "audit_admin")
    assert bool(told["import_run"]) == (name in ("district", "another district"))


SECRETS = {
    "account": ("password_hash", "totp_sealed"), "account_password": ("password_hash",), "account_recovery": ("digest",)
}  # fmt: skip


@pytest.mark.parametrize("name", CALLERS)
def test_what_somebody_signs_in_with_is_read_by_no_office(web: Line, name: str) -> None:
    """Not his own, not in a condition, not by way of what a change returns."""
    ways: tuple[LiteralString, ...] = (
        "SELECT {0} FROM {1}", "SELECT FROM {1} WHERE {0} IS NOT NULL", "SELECT * FROM {1}", "DELETE FROM {1} RETURNING {0}",
        "UPDATE {1} SET {0} = {0} RETURNING {0}",
    )  # fmt: skip
    with web.transaction(force_rollback=True):
        scope.enter_sync(web, CALLERS[name])
        for table, columns in SECRETS.items():
            for column in columns:
                for way in ways:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
                        web.execute(sql.SQL(way).format(sql.Identifier(column), sql.Identifier(table)))
        judging = "SELECT count(*) FROM account, account_secrets(id), passwords_before(id, 9)"
        assert web.execute(judging).fetchone() == (0,)
        taking = "SELECT count(*) FROM account, take_totp_step(id, 99), use_recovery_code(id, sha256('x'))"
        assert web.execute(taking).fetchone() == (0,)


def test_at_the_door_one_account_is_judged_by_what_it_signs_in_with(web: Line) -> None:
    """And whoever gives it another password leaves the one before to the trigger."""
    secret = "SELECT secret.* FROM account, account_secrets(id) AS secret WHERE name = 'wang'"
    before = "SELECT past FROM account, passwords_before(id, 1) AS past WHERE name = 'wang'"
    with web.transaction(force_rollback=True):
        scope.enter_sync(web, CALLERS["system_admin"])
        for given in ("first", "second"):
            web.execute("UPDATE account SET password_hash = %s, totp_sealed = 'x' WHERE name = 'wang'", [given])
        web.execute("SELECT set_config('wangge.door', 'on', true)")
        assert web.execute(secret).fetchone() == ("second", b"x")
        assert web.execute(before).fetchone() == ("first",)
        assert web.execute("SELECT count(*) FROM account, use_recovery_code(id, sha256('x'))").fetchone() == (2,)
        assert web.execute("SELECT count(*) FROM account, use_recovery_code(id, sha256('x'))").fetchone() == (0,)


def test_the_outbox_is_closed(web: Line) -> None:
    told = everything(web, CALLERS["district"])
    assert [told[table] for table in ("notice", "notice_address", "notice_cursor")] == [None, None, None]


@pytest.mark.parametrize("table", LEDGER)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_ledger_is_only_added_to(web: Line, table: str, change: LiteralString) -> None:
    column = next(iter(Base.metadata.tables[table].columns)).name
    names = [sql.Identifier(part) for part in (table, column, column)][: change.count("{}")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
        scope.enter_sync(web, CALLERS["district"])
        web.execute(sql.SQL(change).format(*names))


@pytest.mark.parametrize("statement", [
    "CREATE TABLE x (id int)", "CREATE TEMP TABLE x (id int)", "CREATE SCHEMA x", "CREATE VIEW x AS SELECT 1",
    "CREATE ROLE x", "ALTER TABLE case_file DISABLE ROW LEVEL SECURITY", "DROP POLICY sight ON case_file", "SET ROLE postgres",
    "SELECT * FROM pg_authid", "SELECT pg_read_file('/etc/passwd')", "COPY case_file TO PROGRAM 'cat'",
    "SET session_replication_role = replica", "UPDATE case_file SET community_id = 1", "UPDATE incident SET lon = 0",
    "SELECT ensure_months('case_event', '2031-01-01', '2031-01-01')", "LOCK TABLE case_event IN EXCLUSIVE MODE",
])  # fmt: skip
def test_the_web_can_neither_make_nor_bend(settled: str, statement: LiteralString) -> None:
    with psycopg.connect(settled, options="-c role=wangge_web") as line, pytest.raises(psycopg.Error):
        line.execute("SET SESSION AUTHORIZATION wangge_web")
        line.execute(statement)


def test_months_of_the_ledger_are_reached_through_it_alone(settled: str, web: Line) -> None:
    with psycopg.connect(settled) as owner:
        parts = [
            row[0] for row in owner.execute("SELECT relid::text FROM pg_partition_tree('case_event') WHERE isleaf")
        ]
        owner.execute("SELECT ensure_months('case_event', '2031-01-01', '2031-01-01')")
    assert len(parts) > 1
    assert {seen(web, part) is None for part in [*parts, "case_event_2031_01"]} == {True}


def test_nobody_moves_or_tells_of_a_case_out_of_his_sight(web: Line) -> None:
    with web.transaction(force_rollback=True):
        scope.enter_sync(web, STREET)
        assert web.execute("UPDATE case_file SET hops = 9").rowcount == 2
        forged = "INSERT INTO case_event (case_id, event, to_state, actor) VALUES (3, 'note', 'filed', 'x')"
        with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
            web.execute(forged)
        filed = "INSERT INTO case_file (id) SELECT 99"
        with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
            web.execute(filed)


def test_a_role_that_sees_past_everything_is_refused(settled: str) -> None:
    with psycopg.connect(settled) as owner:
        owner.execute("ALTER ROLE wangge_web BYPASSRLS")
        with pytest.raises(psycopg.errors.RaiseException, match="sees past row-level security"):
            schema.admit_web(owner)
        owner.rollback()


def test_what_the_web_may_do_is_laid_down_anew_with_every_migration(settled: str) -> None:
    with psycopg.connect(settled) as owner:
        owner.execute("GRANT DELETE ON case_event TO wangge_web")
        schema.admit_web(owner)
        found = owner.execute("SELECT has_table_privilege('wangge_web', 'case_event', 'DELETE')").fetchone()
        owner.rollback()
    assert found == (False,)
