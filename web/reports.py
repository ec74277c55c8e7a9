"""The report of an import as a page: every finding in a list and in its place on a map of its own. Degrees, EPSG:4490.

Served, it takes its files from our server; as a file of its own it holds everything and asks nobody for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from math import log2
from typing import Any
from zoneinfo import ZoneInfo

from web import sentences, tokens
from web.i18n import translator
from web.pages import STATIC, other_language, pages

FOLDER = STATIC / "reports"
MOMENT = "%Y-%m-%d %H:%M"
NEAREST = (8, 17)
"""Zoom levels between which the link to the map chooses."""
DRAWN = ("check", "severity", "shape")


def render(report: Mapping[str, Any], language: str, *, timezone: str = "UTC", is_alone: bool = False) -> str:
    """The page of a report as `import_run` keeps it, in `language`; `is_alone`: it opens from a disk without a network."""
    return pages.get_template("import_report.html.j2").render(
        _=translator(language),
        language=language,
        report=report,
        told_at=_moment(report.get("started_at"), timezone),
        shows_remarks=True,
        said=partial(sentences.in_language, language),
        drawn=drawn(report),
        **other_language(language),
        map_link=_map_link(report),
        inline=is_alone,
        tokens=tokens.stylesheet(),
        css=_text("report.css"),
        script=_text("report.js"),
    )


def _moment(told: str | None, timezone: str) -> str | None:
    return told and datetime.fromisoformat(told).astimezone(ZoneInfo(timezone)).strftime(MOMENT)


def drawn(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the map draws; the texts are in the page already."""
    findings = report.get("findings") or []
    kept = [{name: finding[name] for name in DRAWN if name in finding} for finding in findings]
    return {"findings": kept, "outlines": report.get("outlines") or []}


def _map_link(report: Mapping[str, Any]) -> str:
    """Where the map shows the middle of what went in, as near as it fits."""
    if not report.get("bounds"):
        return "/"
    west, south, east, north = report["bounds"]
    wide = max(east - west, (north - south) * 1.5, 1e-6)
    zoom = min(max(round((log2(360 / wide) + 1) * 2) / 2, NEAREST[0]), NEAREST[1])
    return f"/#{zoom:g}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
