"""Keys under which moves are asked for: the same key with the same content is the same move, however often it is sent."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from data.dialogues import Dialogue, Row, ask
from geo.callers import Caller
from geo.errors import KeyReused


def claim(key: str | None, caller: Caller, *asked: Any) -> Dialogue[Row | None]:
    """Take `key` for what is `asked`; null: it may be done. Else what is known of the key: done before, by `bulk_id` if set, with
    the photo `photo_id`.

    Raises: KeyReused when the key belongs to something else.
    """
    if key is None:
        return None
    told = orjson.dumps([caller.actor, *asked], default=sorted)
    digest = hashlib.sha256(told).hexdigest()
    if (yield ask("claim_key", key=key, digest=digest)):
        return None
    rows = yield ask("taken_key", key=key)
    if not rows or rows[0]["digest"] != digest:
        raise KeyReused("this idempotency key belongs to something else", key=key)
    return rows[0]
