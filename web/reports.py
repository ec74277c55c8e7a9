"""The report of an import as a page: every finding in a list and in its place on a map of its own. Degrees, EPSG:4490.

Served, it takes its files from our server; as a file of its own it holds everything and asks nobody for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from web import sentences, tokens
from web.i18n import translator
from web.maps import STATIC, pages

FOLDER = STATIC / "reports"
DRAWN = ("check", "severity", "shape")


def render(report: Mapping[str, Any], language: str, *, is_alone: bool = False) -> str:
    """The page of a report as `import_run` keeps it, in `language`; `is_alone`: it opens from a disk without a network."""
    return pages.get_template("import_report.html.j2").render(
        _=translator(language),
        language=language,
        report=report,
        said=partial(sentences.in_language, language),
        drawn=_drawn(report),
        inline=is_alone,
        tokens=tokens.stylesheet(),
        css=_text("report.css"),
        script=_text("report.js"),
    )


def _drawn(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the map draws; the texts are in the page already."""
    findings = report.get("findings") or []
    kept = [{name: finding[name] for name in DRAWN if name in finding} for finding in findings]
    return {"findings": kept, "outlines": report.get("outlines") or []}


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
