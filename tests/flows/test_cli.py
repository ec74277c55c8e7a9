"""The command `wangge`: quick help, three exit statuses, one JSON line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from click import Command, Group

from data.settings import CHECKOUT
from flows import cli
from geo.errors import NotFound
from tests.conftest import Databases

HEAVY = ("prefect", "pandas", "geopandas", "sqlalchemy", "fastapi", "folium", "numpy")
WANGGE = [sys.executable, "-c", "from flows.cli import main; main()"]


def wangge(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WANGGE, *arguments], cwd=CHECKOUT, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def leaves(group: Group) -> Iterator[Command]:
    for command in group.commands.values():
        yield from leaves(command) if isinstance(command, Group) else (command,)


def test_help_waits_for_no_heavy_package() -> None:
    code = f"import sys; from flows import cli; cli.build(); print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_command_says_what_it_does() -> None:
    commands = list(leaves(typer.main.get_command(cli.build())))  # type: ignore[arg-type]
    assert len(commands) > 5
    assert [command.name for command in commands if not command.help] == []


def test_wrong_usage_ends_with_status_2() -> None:
    assert wangge("db", "no-such-command").returncode == 2


def test_refused_work_ends_with_status_1_and_a_message(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = wangge("up", "--port", port, WANGGE_HOME=str(tmp_path))
    assert done.returncode == 1
    assert (
        done.stderr
        == f"wangge: port {port} on 127.0.0.1 is taken by another program; choose one with --port or WANGGE_PORT\n"
    )
    assert done.stdout == ""


def test_a_database_that_is_away_is_a_refusal_and_no_traceback() -> None:
    done = wangge("standards", "check", "--json", WANGGE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "unavailable"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("standards", "check"), ("import", "streets", "streets.csv")])
def test_an_empty_database_says_how_to_make_the_tables(
    databases: Databases, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "streets.csv").write_text("code,name\n110199001000,x\n")
    arguments = [str(tmp_path / word) if word.endswith(".csv") else word for word in command]
    done = wangge(*arguments, "--json", WANGGE_DATABASE_URL=databases.create("empty", "template0"))
    assert json.loads(done.stdout)["error"]["code"] == "not_ready"
    assert "wangge db migrate" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("WORKING_HOURS", "secret"),
        ("DATABASE_URL", "secret"),
        ("DATABASE_URL", "mysql://secret@x/y"),
        ("DATABASE_URL", "postgresql://u:secret/x@h/d"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(name: str, value: str) -> None:
    done = wangge("standards", "check", **{f"WANGGE_{name}": value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"wangge: WANGGE_{name}: ")
    assert "secret" not in done.stderr


def test_a_refusal_is_a_json_line_when_json_is_wished(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.console.refuse(NotFound("no standard 高", name="高"), as_json=True) == 1
    out, err = capfd.readouterr()
    assert json.loads(out) == {"error": {"code": "not_found", "message": "no standard 高", "detail": {"name": "高"}}}
    assert err == "wangge: no standard 高\n"


def test_a_result_is_one_json_line_of_its_own_words(capfd: pytest.CaptureFixture[str]) -> None:
    with cli.console.progress() as bar:
        bar.advance(bar.add_task("working", total=1))
        cli.console.show({"name": "网格 [bold]", "rows": 3}, as_json=True)
    out, err = capfd.readouterr()
    assert out == '{"name": "网格 [bold]", "rows": 3}\n'
    assert "working" in err


def test_markup_in_results_is_shown_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    cli.console.show({"name": "[red]x[/red]"}, as_json=False)
    assert "[red]x[/red]" in capfd.readouterr().out
