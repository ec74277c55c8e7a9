"""A setting, a command or a table that nobody can read about is not finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from click import Group

from data.models import Base
from data.settings import Settings
from flows.cli import build

ROOT = Path(__file__).parent.parent


def commands(group: Group, prefix: str) -> Iterator[tuple[str, list[str]]]:
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        if isinstance(command, Group):
            yield from commands(command, path)
        else:
            yield path, [option for parameter in command.params for option in parameter.opts if option.startswith("--")]


ALL_COMMANDS = dict(commands(typer.main.get_command(build()), "wangge"))


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`WANGGE_{name.upper()}`" in read("settings.md")


@pytest.mark.parametrize("path", ALL_COMMANDS)
def test_every_command_is_documented_with_its_options(path: str) -> None:
    text = read("commands.md")
    assert f"## `{path}" in text
    section = text.split(f"## `{path}", 1)[1].split("\n## ", 1)[0]
    assert [option for option in ALL_COMMANDS[path] if option not in section] == []


@pytest.mark.parametrize("table", Base.metadata.tables)
def test_every_table_is_documented(table: str) -> None:
    assert f"`{table}`" in read("data-model.md")


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_links_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    assert [target for target in targets if not (ROOT / target).exists()] == []
