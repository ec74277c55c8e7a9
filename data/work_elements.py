"""The elements of a worker's cells (人、地、物、事、组织): found, added, corrected on the spot, one shown whole with a reason.

Lists hold masked forms only. Positions in EPSG:4490.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import audit, sealing
from data.contacts import KINDS
from data.database import sql
from data.dialogues import Ask, Dialogue, Row, ask
from data.moves import keys
from data.search import escaped
from data.work_ground import Ground, read_ground
from geo.audit import Action
from geo.callers import Caller
from geo.cases import refuse
from geo.errors import Conflict, Forbidden, KeyReused, NotFound
from geo.masking import mask_texts
from geo.persons import Kind

PAGE = 50
PEOPLE = "people"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which elements: of a kind, with a text, a name or a number, and after which number the page begins."""

    kind: str | None = None
    q: str | None = None
    after: int = 0


def find(caller: Caller, wanted: Selection) -> Dialogue[Row]:
    """`elements` of the caller's cells, masked, and `next`: where the next page begins, null on the last."""
    ground = yield from read_ground(caller)
    typed = (wanted.q or "").strip()
    rows = yield _elements(ground, kind=wanted.kind, typed=typed, after=wanted.after, limit=PAGE + 1)
    shown = [_shown(row) for row in rows[:PAGE]]
    return {"elements": shown, "next": shown[-1]["id"] if len(rows) > PAGE else None}


def add(caller: Caller, given: Mapping[str, Any], key: str | None) -> Dialogue[tuple[Row, bool]]:
    """Put an element on the list of a cell: as it is then, and whether the key had done it before.

    given: `kind`, `cell`, `title` (null for people), `label`, `note`, `name`, `phone`, `home`, `point`.
    Raises: BadInput for people with a title or a place, or others without a title; Forbidden for another's cell; KeyReused.
    """
    ground = yield from read_ground(caller)
    if given["cell"] not in ground.codes:
        raise Forbidden(f"cell {given['cell']} is not looked after by {caller.actor}", actor=caller.actor)
    _check(given["kind"], given)
    if (yield from keys.claim(key, caller, "element", *_asked(given))):
        return (yield from _by_key(ground, key)), True
    told = {name: given[name] for name in ("kind", "cell", "title", "label", "note")}
    whole = told | _point(given) | _sealed(given) | {"actor": caller.actor, "key": key}
    rows = yield Ask(sql("work_element_add"), whole)
    if not rows:
        raise KeyReused("this idempotency key belongs to something else", key=key)
    yield from _note(rows[0]["id"], ["added"])
    return (yield from _one(ground, rows[0]["id"])), False


def change(
    caller: Caller, element_id: int, given: Mapping[str, Any], *, seq: int, is_gone: bool, key: str | None
) -> Dialogue[tuple[Row | None, bool]]:
    """Correct an element, say that it is still so, or take it off the list; as it is then (None: gone), and whether done before.

    given: the members that change. Raises: NotFound; Conflict when it was changed since `seq`, with the `element` as it is now;
    BadInput; KeyReused.
    """
    ground = yield from read_ground(caller)
    if (yield from keys.claim(key, caller, "element", element_id, seq, is_gone, *_asked(given))):
        return (yield from _perhaps(ground, element_id)), True
    before = yield from _one(ground, element_id)
    _check(before["kind"], {"title": before["title"], **given})
    told: dict[str, Any] = {
        "id": element_id,
        "seq": seq,
        "is_gone": is_gone,
        "told": list(given),
        "actor": caller.actor,
    }
    whole: dict[str, Any] = dict.fromkeys(("title", "label", "note", "point", *KINDS)) | dict(given)
    texts = {name: whole[name] for name in ("title", "label", "note")}
    if not (yield Ask(sql("work_element_change"), told | texts | _point(whole) | _sealed(whole))):
        raise Conflict(f"element {element_id} was changed since", seq=before["seq"], element=_plain(before))
    yield from _note(element_id, ["gone"] if is_gone else list(given) or ["confirmed"])
    return (None if is_gone else (yield from _one(ground, element_id))), False


def unmask(caller: Caller, element_id: int, reason: str) -> Dialogue[Row]:
    """Whole `title`, `note`, `name`, `phone`, `home` of one element. Raises: NotFound."""
    ground = yield from read_ground(caller)
    rows = yield ask("sealed_of_element", id=element_id, cells=ground.codes)
    if not rows:
        raise _missing(element_id)
    opened = {name: sealing.open_(kind, rows[0][f"{name}_sealed"]) for name, kind in KINDS.items()}
    shown = [name for name, value in opened.items() if value]
    yield from audit.record(Action.UNMASK, f"element:{element_id}", {"shown": shown}, reason=reason)
    return {"title": rows[0]["title"], "note": rows[0]["note"]} | opened


def _elements(
    ground: Ground,
    *,
    id_: int | None = None,
    key: str | None = None,
    kind: str | None = None,
    typed: str = "",
    after: int = 0,
    limit: int = 1,
) -> Any:
    return ask(
        "work_elements",
        cells=ground.codes,
        id=id_,
        key=key,
        kind=kind,
        text=f"%{escaped(typed)}%" if typed else None,
        names=sealing.wanted_part(typed),
        phones=sealing.wanted(Kind.PHONE, typed),
        after=after,
        limit=limit,
    )


def _one(ground: Ground, element_id: int) -> Dialogue[Row]:
    found = yield from _perhaps(ground, element_id)
    if found is None:
        raise _missing(element_id)
    return found


def _perhaps(ground: Ground, element_id: int) -> Dialogue[Row | None]:
    rows = yield _elements(ground, id_=element_id)
    return _shown(rows[0]) if rows else None


def _by_key(ground: Ground, key: str | None) -> Dialogue[Row]:
    rows = yield _elements(ground, key=key)
    if not rows:
        raise NotFound("what was added with this key is gone", key=key)
    return _shown(rows[0])


def _missing(element_id: int) -> NotFound:
    return NotFound(f"no element {element_id} in the cells of the caller", id=element_id)


def _check(kind: str, told: Mapping[str, Any]) -> None:
    """Of people there is a name, never a title or a place; of all else a title."""
    if kind == PEOPLE:
        for name in ("title", "point"):
            if told.get(name):
                raise refuse(name, told[name], "people have a name and a home, nothing else that tells where they are")
    elif not told.get("title"):
        raise refuse("title", told.get("title"), "say what it is called")


def _shown(row: Row) -> Row:
    """As lists show it: numbers that somebody wrote into texts are masked too."""
    return row | {name: mask_texts(row[name]) for name in ("title", "label", "note")}


def _asked(given: Mapping[str, Any]) -> Iterator[str]:
    """What is given, as the digest of a key is made of it: of a person only what tells nothing without the ring of keys."""
    for name, value in sorted(given.items()):
        told = [digest.hex() for digest in sealing.wanted(KINDS[name], value)] if name in KINDS and value else value
        yield f"{name}={told}"


def _plain(row: Row) -> Row:
    """With moments as text."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _sealed(given: Mapping[str, Any]) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    for name, kind in KINDS.items():
        forms |= sealing.seal(kind, given[name]).columns(name)
    return forms


def _point(given: Mapping[str, Any]) -> dict[str, float | None]:
    x, y = given["point"] or (None, None)
    return {"x": x, "y": y}


def _note(element_id: int, changed: list[str]) -> Dialogue[None]:
    yield from audit.record(Action.ELEMENT_CHANGED, f"element:{element_id}", {"changed": sorted(changed)})
