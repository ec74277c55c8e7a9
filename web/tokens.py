"""Colours, sizes and type, written once in tokens.json: pages read them as CSS custom properties, Python as values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TOKENS_FILE = Path(__file__).parent / "tokens.json"


@cache
def tokens() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(TOKENS_FILE.read_text(encoding="utf-8"))
    return read


def value(name: str) -> str:
    """One token by its name in CSS without the dashes in front: `value("colour-state-filed")`."""
    return flat(tokens()["normal"])[name]


def flat(group: dict[str, Any]) -> dict[str, str]:
    """The tokens of a group by their names."""
    return dict(_flat(group))


@cache
def stylesheet() -> str:
    """Every token as `--group-name`; people who ask for more contrast, of their system or of the page, get the sunlight values."""
    normal, sunlight = _rule(tokens()["normal"]), _rule(tokens()["sunlight"])
    chosen = _rule(tokens()["sunlight"], ":root[data-sunlight]")
    return f"{normal}\n@media (prefers-contrast: more) {{\n{sunlight}\n}}\n{chosen}\n"


def _rule(group: dict[str, Any], selector: str = ":root") -> str:
    lines = (f"  --{name}: {text};" for name, text in _flat(group))
    return "\n".join([f"{selector} {{", *lines, "}"])


def _flat(group: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, inner in group.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict):
            yield from _flat(inner, f"{name}-")
        else:
            yield name, str(inner)
