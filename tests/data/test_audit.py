"""Lines of the audit: who, what, to what; and nobody changes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from psycopg import Connection as Line
from psycopg.errors import RestrictViolation
from psycopg.rows import dict_row
from sqlalchemy import Connection

from data import audit, changes, ledger
from data.database import driver_connection
from data.dialogues import hold
from data.settings import settings
from geo.audit import Action

CALLER = {"account": "7", "office": "street", "actor": "desk:110199001000", "address": "192.0.2.7"}


@pytest.fixture
def line(connection: Connection) -> Line:
    return driver_connection(connection)


def test_a_line_says_who_without_being_told(line: Line) -> None:
    for name, value in CALLER.items():
        line.execute("SELECT set_config(%s, %s, true)", [f"wangge.{name}", value])
    hold(line, audit.record(Action.EXPORT, "cases:csv", {"rows": 3}, reason="weekly report"))
    found = line.cursor(row_factory=dict_row).execute("SELECT * FROM audit_line").fetchone()
    assert found
    assert {name: found[name] for name in CALLER} == CALLER
    assert (found["action"], found["subject"], found["detail"]) == ("export", "cases:csv", {"rows": 3})
    assert found["reason"] == "weekly report"


def test_a_command_names_its_user_and_nobody_else_is_invented(line: Line) -> None:
    hold(line, audit.record(Action.BACKUP, "backup:x", account=audit.operator()))
    hold(line, audit.record(Action.SIGN_IN_FAILED, "account:nobody"))
    rows = line.execute("SELECT account, office, actor, address FROM audit_line ORDER BY id").fetchall()
    assert rows == [(audit.operator(), None, None, None), (None, None, None, None)]
    assert audit.operator().startswith("command:")


@pytest.mark.parametrize("table", ["audit_line", "audit_line_other", "audit_line_2031_05", "case_event_2031_05"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("resting", ["origin", "replica"])
def test_nobody_changes_or_removes_a_line(line: Line, table: str, statement: str, resting: str) -> None:
    may = datetime(2031, 5, 1, tzinfo=UTC)
    for parent in ("audit_line", "case_event"):
        ledger.ensure_months(line, may, may, table=parent)
    line.execute(f"SET LOCAL session_replication_role = {resting}")
    with pytest.raises(RestrictViolation, match="append-only"):
        line.execute(statement.format(table))


def test_what_changed_in_settings_and_reference_rows_is_on_record_once(
    line: Line, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changes.record(line) == 2
    assert changes.record(line) == 0
    monkeypatch.setenv("WANGGE_SHIFT_MINUTES", "17")
    monkeypatch.setenv("WANGGE_BACKUP_KEY", "a passphrase of some length")
    settings.cache_clear()
    assert changes.record(line) == 1
    settings.cache_clear()
    (told,) = line.execute("SELECT detail FROM audit_line ORDER BY id DESC LIMIT 1").fetchone() or ({},)
    assert told["changed"] == ["backup_key", "shift_minutes"]
    assert (told["now"]["shift_minutes"], told["now"]["backup_key"]) == ("17", "set")
    assert told["now"]["database_url"] == told["now"]["home"] == "set"
