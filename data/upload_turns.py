"""What the importer does with uploads: it holds one, begins its turn, tells how far it is, and says what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Jsonb

from data import kept_files
from data.days import today
from data.dialogues import Dialogue, Row, ask, hold
from data.imports.options import Options, Report
from data.imports.tolerances import held
from geo.errors import Conflict, WanggeError

Line = psycopg.Connection[Any]
CHANNEL = "uploads"
MOST_ATTEMPTS = 3
"""A turn that ended so often with its process is given up."""
COUNTED = ("read", "stored", "updated", "unchanged", "rejected", "repaired", "warned", "found", "numbers")
"""What has to come out of an import as it came out of its check."""


@dataclass(frozen=True, kw_only=True)
class Days:
    """How long files are kept: parameters of these names."""

    import_file_days: int
    import_draft_days: int


class Unwanted(Exception):
    """Somebody cancelled the turn, or asked for another."""


@contextmanager
def held_alone(line: Line, upload_id: int) -> Iterator[bool]:
    """Whether the upload was free; it is let go at the end, or when the session ends."""
    (row,) = hold(line, _one("upload_hold", id=upload_id))
    try:
        yield row["is_held"]
    finally:
        if row["is_held"]:
            hold(line, _one("upload_let_go", id=upload_id))


def waiting(line: Line) -> list[int]:
    return [row["id"] for row in hold(line, _one("uploads_waiting"))]


def begin(line: Line, upload_id: int) -> Row | None:
    """The upload, if there still is something to do."""
    rows = hold(line, _one("upload_begin", id=upload_id))
    return rows[0] if rows else None


def progress(line: Line, upload: Row, told: Mapping[str, Any]) -> None:
    """Raises: Unwanted when nobody waits for this turn any more."""
    if not hold(line, _one("upload_progress", **_key(upload), progress=Jsonb(dict(told)))):
        raise Unwanted


def proposed(line: Line, upload: Row, kind: str, proposal: Mapping[str, Any]) -> None:
    hold(line, _one("upload_proposed", **_key(upload), kind=kind, proposal=_json(proposal)))


def checked(line: Line, upload: Row, report: Report, ground: int) -> None:
    told = report.kept() | {"outcome": outcome(report)}
    hold(line, _one("upload_checked", **_key(upload), report=_json(told), digest=digest(upload), ground=ground))


def refused(line: Line, upload: Row, error: WanggeError) -> None:
    problem = {"code": error.code, "message": error.message, "detail": error.detail}
    hold(line, _one("upload_refused", **_key(upload), problem=_json(problem)))


def imported(line: Line, upload: Row, report: Report) -> None:
    """In the transaction of the import, at its end. Raises: Conflict unless it came out as it was checked; Unwanted."""
    if outcome(report) != upload["report"]["outcome"]:
        raise Conflict("the ground has changed since the check: check again", reason="ground_changed")
    if not hold(line, _one("upload_imported", **_key(upload), import_id=report.import_id)):
        raise Unwanted


def ground(line: Line) -> int:
    row = line.execute("SELECT revision FROM ground_revision").fetchone()
    return int(row[0]) if row else 0


def outcome(report: Report) -> str:
    """The same for a check and an import that did the same: figures, and the units of each kind of change."""
    codes = {change: sorted(str(unit["code"]) for unit in units) for change, units in report.changes.items()}
    told = {name: getattr(report, name) for name in COUNTED} | {"changes": codes}
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def digest(upload: Row) -> str:
    """Of what is checked: the content, the layer, the options."""
    told = [upload["sha256"], upload["kind"], upload["options"]]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def options_of(upload: Row) -> Options:
    """What was chosen in the browser, as an import takes it. Raises: BadInput."""
    told: Mapping[str, Any] = upload["options"]
    plain: dict[str, Any] = {
        name: told.get(name) for name in ("crs", "datum", "under", "timezone", "layer", "encoding")
    }
    plain |= {
        f"is_{name}": bool(told.get(name))
        for name in ("repairing", "derived", "history", "swapped", "insisting", "provisional")
    }
    return Options(
        columns=told.get("columns") or {},
        units=told.get("units") or {},
        left_out=frozenset(told.get("left_out") or ()),
        edition=date.fromisoformat(told["edition"]) if told.get("edition") else None,
        uploader=upload["uploader"],
        **plain,
    )


def sweep(line: Line) -> None:
    """Throw away drafts that nobody confirmed, files whose time is over, and what killed processes left. Needs autocommit."""
    days = held(line, Days, today())
    for row in hold(line, _one("uploads_over", days=days.import_draft_days)):
        with held_alone(line, row["id"]) as is_free, line.transaction():
            if is_free:
                hold(line, _one("upload_cancel", id=row["id"]))
    hold(line, _one("uploads_expire", days=days.import_file_days))
    _remove_unneeded(line)
    kept_files.remove_left_behind()


def _remove_unneeded(line: Line) -> None:
    """Contents and folders that no upload needs. Whoever adds one holds the lock of its checksum until it can be seen here."""
    for sha256 in list(kept_files.known_contents()):
        with line.transaction():
            hold(line, _one("upload_lock_file", sha256=sha256))
            if not hold(line, _one("upload_needed", sha256=sha256)):
                kept_files.remove(sha256)
    for upload_id in list(kept_files.known_uploads()):
        rows = hold(line, _one("upload", id=upload_id))
        if not rows or rows[0]["removed_at"]:
            kept_files.forget(upload_id)


def _key(upload: Row) -> dict[str, Any]:
    return {"id": upload["id"], "turn": upload["turn"]}


def _json(told: Mapping[str, Any]) -> Jsonb:
    """PostgreSQL's JSON cannot hold the character NUL, which a file may well have."""
    text = orjson.dumps(dict(told), default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
    return Jsonb(orjson.loads(text.replace(b"\\u0000", "\ufffd".encode())))


def _one(name: str, **parameters: Any) -> Dialogue[list[Row]]:
    return (yield ask(name, **parameters))
