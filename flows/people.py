"""One person's data by command: found, told whole, corrected, deleted. Each is put on record, without the data itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import audit, persons, pictures
from data.database import connect, sql
from data.dialogues import hold
from data.persons import Line, Row, Wanted
from geo.audit import Action
from geo.errors import BadInput, Conflict
from geo.persons import Kind

ROWS = ("reporter_contact", "notice_address")
"""Tables of which the whole row goes; of others only the values, because cases point to them."""
IS_OF_PEOPLE = "SELECT kind = 'people' FROM element WHERE id = %s"
"""An element that is a person goes; of a shop, who is asked for there."""


def find(wanted: Wanted, reason: str) -> dict[str, Any]:
    """`records` with what they show masked, and how many `texts` and `photos` there are."""
    with connect() as line:
        refs = persons.find(line, wanted)
        texts = persons.texts(line, wanted.words())
        _note(line, Action.PERSON_FOUND, refs, reason)
        places = [{"record": text["record"], "column": text["column"]} for text in texts]
        records = [persons.read(line, ref) for ref in refs]
        return {"records": records, "texts": places, "photos": len(_photos(line, refs))}


def export(wanted: Wanted, folder: Path, reason: str) -> dict[str, Any]:
    """Write all that is kept of a person to `folder`, which must not be there yet: `person.json` and his cases' photos."""
    if folder.exists():
        raise Conflict(f"{folder} is there already; name a new folder")
    with connect() as line:
        refs = persons.find(line, wanted)
        photos = _photos(line, refs)
        told = {
            "made_at": datetime.now(UTC).isoformat(),
            "asked": {"name": wanted.name, "phone": wanted.phone},
            "records": [persons.read(line, ref, is_whole=True) | _beside(line, ref) for ref in refs],
            "texts": persons.texts(line, wanted.words()),
            "photos": photos,
        }
        _note(line, Action.PERSON_EXPORTED, refs, reason)
        _write(folder, told)
    return {"folder": str(folder), "records": len(refs), "texts": len(told["texts"]), "photos": len(photos)}


def correct(ref: str, told: dict[Kind, str], reason: str) -> dict[str, Any]:
    """Put right what a record says; `record` and what it shows now, masked."""
    if not told:
        raise BadInput("say what is right: --name, --phone or --home")
    with connect() as line:
        persons.correct(line, ref, told)
        _note(line, Action.PERSON_CORRECTED, [ref], reason, changed=sorted(told))
        return persons.read(line, ref)


def delete(refs: Sequence[str], wanted: Wanted, reason: str, *, with_texts: bool, with_photos: bool) -> dict[str, Any]:
    """Delete the records `refs`, else those with a person's number; which `records`, and how many `texts` and `photos`.

    Raises: BadInput for a name alone, which may be several people's; Conflict for a worker in service.
    """
    if not refs and not wanted.phone:
        raise BadInput(
            "a name alone may be several people's: give the number too, or --record for each of `wangge person find`"
        )
    with connect() as line:
        gone = list(refs) or [ref for ref in persons.find(line, wanted) if persons.has_number(ref)]
        photos = _photos(line, gone) if with_photos else []
        for ref in gone:
            _delete(line, ref)
        texts = persons.blank_texts(line, wanted.words()) if with_texts else 0
        line.execute("DELETE FROM case_photo WHERE id = ANY(%s)", [[photo["id"] for photo in photos]])
        _note(line, Action.PERSON_DELETED, gone, reason, texts=texts, photos=len(photos))
    return {"records": gone, "texts": texts, "photos": len(photos)}


def _delete(line: Line, ref: str) -> None:
    table, _ = persons.parse(ref)
    persons.read(line, ref)
    if table.name == "worker":
        _leave(line, ref)
    (persons.delete if _goes_whole(line, ref) else persons.blank)(line, ref)


def _goes_whole(line: Line, ref: str) -> bool:
    table, key = persons.parse(ref)
    if table.name != "element":
        return table.name in ROWS
    row = line.execute(IS_OF_PEOPLE, [key["id"]]).fetchone()
    return row is not None and bool(row[0])


def _leave(line: Line, ref: str) -> None:
    """What else is kept of a worker. Raises: Conflict."""
    number = int(ref.partition(":")[2])
    row = line.execute("SELECT is_active FROM worker WHERE id = %s", [number]).fetchone()
    if row and row[0]:
        raise Conflict(
            f"{ref} is in service, and his name is needed for it; import him with is_active = no first", ref=ref
        )
    line.execute("UPDATE leave SET reason = NULL WHERE worker_id = %s", [number])
    line.execute(sql("forget_whereabouts_of"), {"actor": ref})
    line.execute(sql("forget_rounds_of"), {"worker_id": number})


def _beside(line: Line, ref: str) -> Row:
    """Where a worker stood, his rounds, and why he was away; nothing for others."""
    table, key = persons.parse(ref)
    if table.name != "worker":
        return {}
    stood = line.execute(sql("whereabouts_of"), {"actor": ref}).fetchall()
    away = line.execute("SELECT during::text, reason FROM leave WHERE worker_id = %s", [key["id"]]).fetchall()
    went = line.execute(sql("rounds_of"), {"worker_id": key["id"]}).fetchall()
    told = {"whereabouts": [list(map(str, row)) for row in stood], "leave": [list(row) for row in away]}
    return told | {"rounds": [list(row) for row in went]}


def _photos(line: Line, refs: Sequence[str]) -> list[Row]:
    """Photos of the cases that the person reported: `id`, `case`, `sha256`."""
    cases = [persons.parse(ref)[1]["case_id"] for ref in refs if ref.startswith("reporter_contact:")]
    found = line.execute("SELECT id, case_id, sha256 FROM case_photo WHERE case_id = ANY(%s) ORDER BY id", [cases])
    return [dict(zip(("id", "case", "sha256"), row, strict=True)) for row in found.fetchall()]


def _write(folder: Path, told: Row) -> None:
    folder.mkdir(mode=0o700, parents=True)
    (folder / "person.json").write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    for photo in told["photos"]:
        (folder / f"photo-{photo['id']}.jpg").write_bytes(pictures.read(photo["sha256"]))


def _note(line: Line, action: Action, refs: Sequence[str], reason: str, **detail: Any) -> None:
    told = {"records": list(refs)} | detail
    hold(line, audit.record(action, "person:by_command", told, reason=reason, account=audit.operator()))
