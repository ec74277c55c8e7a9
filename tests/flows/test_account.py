"""`wangge account …`: from the first administrator to the last session."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from data import reference
from flows.cli import build
from geo.errors import BadInput, Conflict, NotFound
from tests.api.conftest import DISTRICT

STREET = "110199001000"


@pytest.fixture(scope="module", autouse=True)
def town(engine: Engine) -> None:
    with engine.begin() as connection:
        reference.load(connection)
        connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))


def run(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(build(), ["account", *arguments, "--json"], catch_exceptions=False)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_an_account_lives(engine: Engine) -> None:
    made = run("create", "Wang.Fang", "--office", "street", "--ground", STREET)
    assert (made["account"], made["actor"]) == ("wang.fang", f"desk:{STREET}")
    assert run("reset", "wang.fang")["password"] != made["password"]
    given = run("grant", "wang.fang", "worker", "1", "--cell", "110199001001001", "--until", "2099-01-01")
    assert (given["actor"], given["valid_to"]) == ("worker:1", "2099-01-01")
    assert run("revoke", "wang.fang", str(given["id"]))["office"] == "worker"
    assert [held["holds"] for held in run("grants", "wang.fang")["grants"]] == [False, True]
    run("lock", "wang.fang")
    (row,) = run("list", "--part", "wang")["accounts"]
    assert row["locked_at"] and [held["actor"] for held in row["grants"]] == [f"desk:{STREET}"]
    run("unlock", "wang.fang")
    assert run("sessions", "wang.fang") == {"sessions": []}
    assert run("sessions", "wang.fang", "--end-all") == {"ended": 0}
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT action, account FROM audit_line WHERE subject = 'account:wang.fang' ORDER BY id")
        )
        lines = [tuple(line) for line in found]
    assert [action for action, _ in lines] == [
        "account_made", "grant_given", "password_reset", "grant_given", "grant_ended", "locked", "unlocked",
    ]  # fmt: skip
    assert all(who.startswith("command:") for _, who in lines)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("create", "x"), BadInput),
        (("create", "new.one", "--office", "king"), BadInput),
        (("create", "new.one", "--office", "street", "--ground", "110199009000"), NotFound),
        (("lock", "nobody.here"), NotFound),
        (("revoke", "kept", "999"), NotFound),
        (("grant", "kept", "street", STREET), Conflict),
        (("link", "kept", "somebody"), Exception),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_left_of_it(
    engine: Engine, arguments: tuple[str, ...], error: Any
) -> None:
    if not run("list", "--part", "kept")["accounts"]:
        run("create", "kept", "--office", "audit_admin")
    with pytest.raises(error):
        run(*arguments)
    assert run("list", "--part", "new.one") == {"accounts": []}


def test_a_table_is_read_by_people() -> None:
    run("create", "read.me", "--office", "planner", "--ground", "110199000000")
    told = CliRunner(env={"COLUMNS": "200"}).invoke(
        build(), ["account", "list", "--part", "read"], catch_exceptions=False
    )
    assert "read.me" in told.output and "planner:110199000000" in told.output
