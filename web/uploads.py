"""Pages for bringing files in: the list of imports, and one file from its columns to its report. Takes rows, gives HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from web import pages, reports, sentences
from web.maps import View

LIST, FILE = "imports/list.js", "imports/file.js"
WITH_TEXTS = (".csv", ".tsv", ".txt", ".zip", ".shp", ".gz")
"""Endings of files whose texts may be in any encoding."""
CONTINENTS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
Row = Mapping[str, Any]


def render_list(view: View, imports: Sequence[Row], unfinished: Sequence[Row], *, before: int | None) -> str:
    """What went in, and what waits. `before`: where the older ones begin."""
    return _page(
        "imports.html.j2",
        view,
        LIST,
        imports=[run | {"told_at": _moment(run["started_at"], view)} for run in map(dict, imports)],
        unfinished=[_told(row, view) for row in unfinished],
        next=before,
    )


def render_upload(view: View, upload: Row, *, metric_crs: str) -> str:
    """The page of one file, by its state."""
    file = _told(upload, view)
    proposal, report = upload["proposal"], upload["report"]
    return _page(
        "upload.html.j2",
        view,
        FILE,
        {"upload": _for_the_browser(upload)},
        file=file,
        said=partial(sentences.in_language, view.language),
        proposal=proposal,
        layers=_layers(upload),
        metric_crs=metric_crs,
        timezones=timezones(),
        has_encoding=upload["file_name"].lower().endswith(WITH_TEXTS),
        **(_fields(proposal, upload["options"]) if proposal else {}),
        **(_report(report) if report else {}),
    )


def _page(template: str, view: View, entry: str, told: Row | None = None, **values: Any) -> str:
    return pages.render(template, view.language, view.timezone, entry, told, **values)


def _for_the_browser(upload: Row) -> dict[str, Any]:
    """What the page's script has to know; the texts of the file are put in as text."""
    columns = (upload["proposal"] or {}).get("columns", [])
    shown = {name: upload[name] for name in ("id", "state", "kind", "options", "digest")}
    return shown | {"samples": {column["name"]: column["samples"] for column in columns}}


def _told(upload: Row, view: View) -> dict[str, Any]:
    return dict(upload) | {"size": _size(upload["size_bytes"]), "told_at": _moment(upload["uploaded_at"], view)}


def _layers(upload: Row) -> list[str]:
    """Names of its sheets, layers or files, where it has several."""
    detail = (upload["problem"] or {}).get("detail", {})
    return list((upload["proposal"] or {}).get("layers") or detail.get("layers") or [])


@cache
def timezones() -> list[str]:
    """By their places; those of one country's own habit and of ships are left out."""
    return sorted(name for name in available_timezones() if name.startswith(CONTINENTS) or name == "UTC")


def _fields(proposal: Row, options: Row) -> dict[str, Any]:
    """Fields that are asked about at once, the others, and the columns that no field takes."""
    fields = [_chosen(field, options) for field in proposal["fields"]]
    taken = {field["column"] for field in fields}
    missing = [
        name for name in proposal["missing"] if not any(field["name"] == name and field["column"] for field in fields)
    ]
    first = [field for field in fields if field["column"] or field["is_required"] or field["name"] in missing]
    return {
        "shown": first,
        "others": [field for field in fields if field not in first],
        "unused": [column["name"] for column in proposal["columns"] if column["name"] not in taken],
        "missing": missing,
    }


def _chosen(field: Row, options: Row) -> dict[str, Any]:
    """A field as a person chose it, where he did."""
    name, told = field["name"], dict(field)
    told["column"] = options.get("columns", {}).get(name, field["column"])
    told["unit"] = options.get("units", {}).get(name, field["unit"])
    return told | ({"column": None} if name in options.get("left_out", ()) else {})


def _report(report: Row) -> dict[str, Any]:
    changes = report.get("changes") or {}
    return {
        "report": report,
        "drawn": reports.drawn(report),
        "nothing_good": report["read"] > 0 and report["rejected"] == report["read"],
        "changes": any(changes.values()),
    }


def _moment(moment: datetime, view: View) -> str:
    return moment.astimezone(ZoneInfo(view.timezone)).strftime(reports.MOMENT)


def _size(size_bytes: int) -> str:
    """In the largest unit of which there is at least one."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    return f"{size_bytes} B"
