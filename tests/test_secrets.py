"""Secrets stay where they are set: not in a log, an error, an answer, nor in what the settings show of themselves."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys

import httpx2 as httpx
import pytest
from pydantic import SecretStr

from data.settings import Settings
from tests.api.server import START_S, running
from tests.conftest import ROOT

MARK = "Marked4Secret"
NOWHERE = f"postgresql://wangge:{MARK}@127.0.0.1:1/none"
KEY = base64.b64encode(MARK.encode().ljust(32, b"!")).decode()
SECRET = re.compile(r"secret|key|url|password|token")
PUBLIC = {"tile_url": "the browser asks there itself", "tianditu_key": "the browser shows it to Tianditu"}


def _kinds(annotation: object) -> set[object]:
    parts = getattr(annotation, "__args__", ())
    return {annotation}.union(*map(_kinds, parts))


NAMED_SO = {
    name
    for name, field in Settings.model_fields.items()
    if SECRET.search(name) and name not in PUBLIC and {str, SecretStr} & _kinds(field.annotation)
}


def marked() -> dict[str, str]:
    """Every setting that can hold a secret, with one."""
    special = {"database_url": NOWHERE, "web_database_url": NOWHERE, "data_keys": KEY}
    return {f"WANGGE_{name.upper()}": special.get(name, f"{MARK}-{name}".ljust(40, "!")) for name in NAMED_SO}


def holds(told: str) -> bool:
    return MARK in told or KEY in told


def test_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in marked().items():
        monkeypatch.setenv(name, value)
    read = Settings()
    assert not holds(repr(read)) and not holds(str(read))


def test_what_is_named_like_a_secret_is_one() -> None:
    kept = {
        name for name, field in Settings.model_fields.items() if SecretStr in _kinds(field.annotation) or not field.repr
    }
    assert kept >= NAMED_SO


def test_a_web_whose_database_is_away_tells_no_secret(capfd: pytest.CaptureFixture[str]) -> None:
    with running(NOWHERE, **marked()) as (address, _):
        for path in (
            "/",
            "/desk",
            "/api/areas",
            "/api/categories",
            "/health/ready",
            "/map.js",
            "/openapi.json",
            "/nothing",
        ):
            assert not holds(httpx.get(address + path, timeout=30).text), path
        httpx.post(f"{address}/api/session", json={"name": "root", "password": MARK + "typed"}, timeout=30)
    told = capfd.readouterr()
    assert "wangge.api" in told.err or "database away" in told.err or "settled" in told.err
    assert not holds(told.out + told.err)


WRONG = ({}, {"WANGGE_DATABASE_URL": f"mysql://u:{MARK}@h/n"}, {"WANGGE_SECRET": MARK}, {"WANGGE_DATA_KEYS": MARK})


@pytest.mark.parametrize("changed", WRONG, ids=["away", "no address", "short", "no key"])
@pytest.mark.parametrize("command", [["db", "migrate"], ["keys", "list"]], ids=["migrate", "keys"])
def test_a_command_that_fails_tells_no_secret(command: list[str], changed: dict[str, str]) -> None:
    argv = [sys.executable, "-c", "from flows.cli import main; main()", *command]
    done = subprocess.run(
        argv,
        cwd=ROOT,
        env=os.environ | marked() | changed,
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    assert done.returncode != 0 or command == ["keys", "list"]
    assert not holds(done.stdout + done.stderr)
