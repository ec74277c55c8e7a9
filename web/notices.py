"""Notices as text, in the language of who reads them: what happened to which case, where, and when it is due. No people's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from jinja2.environment import TemplateModule

from web.i18n import translator

texts = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=False)
PLACES = ("street", "community")


@dataclass(frozen=True)
class Message:
    """What is sent."""

    title: str
    body: str


def write(notices: Sequence[Mapping[str, Any]], language: str, zone: ZoneInfo, reference: str) -> Message:
    """One message of rows of `data.notices.facts`; `reference` tells a doubled message from another."""
    macros = _macros(language)
    told = [_told(notice, language, zone) for notice in notices]
    body = "\n".join(macros.line(notice) for notice in told)  # type: ignore[attr-defined]
    return Message(macros.title(told), f"{body}\n[{reference}]")  # type: ignore[attr-defined]


def write_test(language: str) -> Message:
    """A message that shows whether an address works."""
    macros = _macros(language)
    return Message(macros.test_title(), macros.test_body())  # type: ignore[attr-defined]


def _told(notice: Mapping[str, Any], language: str, zone: ZoneInfo) -> dict[str, Any]:
    street, community = (_named(notice, place, language) for place in PLACES)
    cell = notice["cell"] or ""
    names = [street, None if community and cell.startswith(community) else community, cell]
    space = "" if language == "zh" else " "
    due = notice["due_at"] and notice["due_at"].astimezone(zone).strftime("%m-%d %H:%M")
    return {
        "kind": notice["kind"],
        "case_id": notice["case_id"],
        "outcome": notice["outcome"],
        "category": _named(notice, "category", language),
        "place": space.join(filter(None, names)),
        "due": due,
    }


def _named(notice: Mapping[str, Any], name: str, language: str) -> str | None:
    own, english = notice[name], notice[f"{name}_en"]
    named: str | None = english or own if language == "en" else own
    return named


@cache
def _macros(language: str) -> TemplateModule:
    return texts.get_template("notice.txt.j2").make_module({"_": translator(language)})
