"""Photos of cases: whose they are and who may see them. Their bytes are the business of `data.pictures`."""

from __future__ import annotations

import hashlib
from typing import Any

from data.dialogues import Dialogue, ask
from data.moves import keys, store
from data.pictures import Picture
from geo.callers import Caller
from geo.errors import Forbidden, NotFound
from geo.lifecycle import STAFF
from geo.moving import no_business, require_known


def check_may_add(case_id: int, caller: Caller) -> Dialogue[None]:
    """Raises: NotFound; Forbidden on other ground, and for who is not of the staff."""
    if caller.role not in STAFF:
        raise Forbidden(f"{caller.actor} can't add photos", actor=caller.actor)
    require_known((yield from store.read(case_id, caller)), caller)


def claim(case_id: int, content: bytes, caller: Caller, key: str | None) -> Dialogue[dict[str, Any] | None]:
    """Take `key` for these bytes; null: they may be stored. Else the photo that was stored under it: `id`, `width`, `height`.

    Raises: KeyReused when the key belongs to something else; NotFound for a photo that is gone since.
    """
    known = yield from keys.claim(key, caller, "photo", case_id, hashlib.sha256(content).hexdigest())
    if known is None:
        return None
    rows = yield ask("stored_photo", id=known["photo_id"])
    if not rows:
        raise NotFound(f"photo {known['photo_id']} is gone", id=known["photo_id"])
    return rows[0]


def add(case_id: int, picture: Picture, caller: Caller, key: str | None = None) -> Dialogue[dict[str, Any]]:
    """Note a picture that is kept already, under a key that was taken for it: `id`, `width`, `height`."""
    told = {"sha256": picture.sha256, "width": picture.width, "height": picture.height}
    rows = yield ask("store_photo", id=case_id, size_bytes=len(picture.content), taken_by=caller.actor, **told)
    if key:
        yield ask("note_photo_of_key", key=key, photo_id=rows[0]["id"])
    return {"id": rows[0]["id"], "width": picture.width, "height": picture.height}


def digest(photo_id: int, caller: Caller) -> Dialogue[str]:
    """The SHA-256 of a photo that the caller may see. Raises: NotFound; Forbidden."""
    (row,) = yield ask("photo", id=photo_id)
    if row["case_id"] is None:
        raise NotFound(f"no photo {photo_id}", id=photo_id)
    if row["sha256"] is None:
        raise no_business(row["case_id"], caller)
    return str(row["sha256"])
