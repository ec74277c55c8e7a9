"""Photos of cases: whose they are and who may see them. Their bytes are the business of `data.pictures`."""

from __future__ import annotations

from typing import Any

from data.dialogues import Dialogue, ask
from data.moves import store
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


def add(case_id: int, picture: Picture, caller: Caller) -> Dialogue[dict[str, Any]]:
    """Note a picture that is kept already: `id`, `width`, `height`."""
    told = {"sha256": picture.sha256, "width": picture.width, "height": picture.height}
    rows = yield ask("store_photo", id=case_id, size_bytes=len(picture.content), taken_by=caller.actor, **told)
    return {"id": rows[0]["id"], "width": picture.width, "height": picture.height}


def digest(photo_id: int, caller: Caller) -> Dialogue[str]:
    """The SHA-256 of a photo that the caller may see. Raises: NotFound; Forbidden."""
    (row,) = yield ask("photo", id=photo_id)
    if row["case_id"] is None:
        raise NotFound(f"no photo {photo_id}", id=photo_id)
    if row["sha256"] is None:
        raise no_business(row["case_id"], caller)
    return str(row["sha256"])
