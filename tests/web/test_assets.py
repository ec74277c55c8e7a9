"""The web's files come from npm at set-up, by a lock file that names no host."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from web import assets


def test_everything_listed_is_there_after_the_set_up() -> None:
    assert [target for target in assets.wanted().values() if not (assets.VENDOR / target).exists()] == []


def test_a_second_installation_does_nothing() -> None:
    assert not assets.install()


def test_every_listed_package_is_locked_by_its_content_and_by_no_address() -> None:
    packages = json.loads((assets.CHECKOUT / "package-lock.json").read_text())["packages"]
    locked = {name.removeprefix("node_modules/"): entry for name, entry in packages.items() if name}
    assert {"/".join(source.split("/")[: 1 + source.startswith("@")]) for source in assets.wanted()} <= set(locked)
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in locked.values())


def test_npm_works_without_any_node_on_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    call, _ = assets.npm()
    done = subprocess.run([*call, "--version"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split(".")[0]) >= 10
