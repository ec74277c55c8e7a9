"""What all pages share: their templates, their language, and the modules that a browser will want. Takes values, gives HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from web.i18n import LANGUAGE_NAMES, LANGUAGES, translator

STATIC = Path(__file__).parent / "static"
IMPORTED = re.compile(r'^(?:import|export)[^;]*? from "(\.[^"]+)";', re.MULTILINE)
pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


def render(
    template: str, language: str, timezone: str, entry: str, told: Mapping[str, Any] | None = None, **values: Any
) -> str:
    """A page that begins with the module `entry`. `told`: what its script has to know besides language and time zone."""
    return pages.get_template(template).render(
        _=translator(language),
        language=language,
        **other_language(language),
        page={"language": language, "timezone": timezone, **(told or {})},
        entry=entry,
        modules=modules(entry),
        **values,
    )


@cache
def modules(entry: str) -> list[str]:
    """Addresses of `entry` and all that it imports: named in the page, they are fetched side by side, not one after another."""
    found: set[Path] = set()
    waiting = [(STATIC / "js" / entry).resolve()]
    while waiting:
        module = waiting.pop()
        found.add(module)
        imported = {(module.parent / name).resolve() for name in IMPORTED.findall(module.read_text(encoding="utf-8"))}
        waiting.extend(imported - found)
    return sorted(f"/static/{path.relative_to(STATIC.resolve()).as_posix()}" for path in found)


def other_language(language: str) -> dict[str, str]:
    """What the switch leads to, named in its own language."""
    other = next(one for one in LANGUAGES if one != language)
    return {"other_language": other, "other_name": LANGUAGE_NAMES[other]}
