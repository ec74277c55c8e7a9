"""Files that people bring in by the browser, as the web asks for them: added, looked at, checked, let in, forgotten.

What is asked for is done by the importer (`data.upload_turns`). The transaction is the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from psycopg.types.json import Jsonb

from data import kept_files
from data.dialogues import Dialogue, Row, ask
from data.kept_files import Arrival
from geo.errors import Conflict, NotFound
from geo.masking import mask_texts

AT_WORK = ("reading", "checking", "importing")
"""States in which the importer has the word."""
NEWEST = 2**63 - 1
QUOTING = ("proposal", "problem", "report")
"""What quotes rows of the file."""


def add(arrival: Arrival, uploader: str) -> Dialogue[int]:
    """Keep what has come in and put it down to be looked at; returns its number. Raises: BadInput if it is not whole."""
    kept = arrival.finish()
    yield ask("upload_lock_file", sha256=kept.sha256)
    arrival.keep(kept)
    told = {"file_name": kept.name, "sha256": kept.sha256, "size_bytes": kept.size_bytes}
    (row,) = yield ask("upload_add", uploader=uploader, **told)
    return int(row["id"])


def read(upload_id: int) -> Dialogue[Row]:
    """Everything about an upload; numbers of people that it quotes are masked. Raises: NotFound."""
    rows = yield ask("upload", id=upload_id)
    if not rows:
        _missing(upload_id)
    return rows[0] | {name: mask_texts(rows[0][name]) for name in QUOTING}


def state(upload_id: int) -> Dialogue[Row]:
    """`id`, `state`, `turn`, `progress`, `import_id`. Raises: NotFound."""
    rows = yield ask("upload_state", id=upload_id)
    return rows[0] if rows else _missing(upload_id)


def unfinished() -> Dialogue[list[Row]]:
    """What waits for somebody or is at work, newest first."""
    return (yield ask("uploads_open"))


def imported(before: int | None, limit: int) -> Dialogue[list[Row]]:
    """Runs with a number below `before`, newest first."""
    return (yield ask("imports", before=before or NEWEST, limit=limit))


def ask_for(
    upload_id: int, to: Literal["reading", "checking"], kind: str | None, options: Mapping[str, Any]
) -> Dialogue[int]:
    """Have the file looked at or checked with these options; returns the turn. Raises: NotFound; Conflict while it is at work."""
    rows = yield ask("upload_ask", id=upload_id, to=to, kind=kind, options=Jsonb(dict(options)))
    if rows:
        return int(rows[0]["turn"])
    standing = yield from state(upload_id)
    raise _out_of_turn(standing)


def confirm(upload_id: int, digest: str, confirmed_by: str) -> Dialogue[int]:
    """Have let in what was checked under `digest`; returns the turn.

    Raises: NotFound; Conflict when it was not checked, was checked with something else, or the ground has changed since.
    """
    rows = yield ask("upload_confirm", id=upload_id, digest=digest, confirmed_by=confirmed_by)
    if rows:
        return int(rows[0]["turn"])
    standing = yield from read(upload_id)
    if standing["state"] != "checked":
        raise _out_of_turn(standing)
    if standing["digest"] != digest:
        raise Conflict("the file was checked with other options meanwhile: look at that report", reason="other_options")
    raise Conflict("the ground has changed since the check: check again", reason="ground_changed")


def cancel(upload_id: int) -> Dialogue[None]:
    """Forget an upload and its file, at work or not. Raises: NotFound; Conflict when it is in already."""
    standing = yield from read(upload_id)
    yield ask("upload_lock_file", sha256=standing["sha256"])
    rows = yield ask("upload_cancel", id=upload_id)
    if not rows:
        raise _out_of_turn((yield from state(upload_id)))
    kept_files.forget(upload_id)
    if not rows[0]["is_shared"]:
        kept_files.remove(rows[0]["sha256"])


def kept_file(import_id: int) -> Dialogue[tuple[str, Path]]:
    """Name and place of the file of an import. Raises: NotFound when it came by command or is not kept any more."""
    rows = yield ask("upload_of_import", import_id=import_id)
    if not rows or not (path := kept_files.content(rows[0]["sha256"])).is_file():
        raise NotFound(f"the file of import {import_id} is not kept", import_id=import_id)
    return rows[0]["file_name"], path


def _missing(upload_id: int) -> Row:
    raise NotFound(f"no upload {upload_id}", upload_id=upload_id)


def _out_of_turn(standing: Row) -> Conflict:
    return Conflict(f"upload {standing['id']} is {standing['state']}", state=standing["state"])
