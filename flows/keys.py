"""Keys under which people's data is sealed, for the command line: listed, changed, taken away when nothing uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data import audit, keyring, resealing
from data.database import connect
from data.dialogues import hold
from geo.audit import Action

Step = Callable[[int, int], None]


def listed() -> list[dict[str, Any]]:
    """Each key by its age: `id`, `drawn_on`, `uses` and whether it `seals` now; never the key itself."""
    with connect() as line:
        used = resealing.used_keys(line)
    ring = keyring.ring()
    return [
        {"id": key.id.hex(), "drawn_on": key.drawn_on, "uses": used[key.id], "seals": key == ring.newest}
        for key in ring.keys
    ]


def rotate(step: Step) -> dict[str, Any]:
    """Draw a key, unless an earlier rotation is not through, and seal everything anew; `key`, `is_new`, `resealed`.

    Keys from the environment are put there by hand; then only what is under older ones is sealed anew.
    """
    with connect(autocommit=True) as line:
        left = _stale(line)
        is_new = not left and not keyring.is_given()
        if is_new:
            keyring.add()
            left = _stale(line)
        done = 0
        while count := resealing.step(line):
            done += count
            step(done, left)
        told = {"is_new": is_new, "resealed": done}
        newest = keyring.ring().newest.id.hex()
        hold(line, audit.record(Action.KEYS_ROTATED, f"key:{newest}", told, account=audit.operator()))
    return {"key": newest} | told


def prune() -> dict[str, Any]:
    """Take away keys that nothing uses, but the two newest: who began to seal before a rotation may end after it."""
    with connect() as line:
        used = resealing.used_keys(line)
    unused = {key.id for key in keyring.ring().keys[:-2] if not used[key.id]}
    if unused:
        keyring.remove(unused)
    return {"removed": sorted(key_id.hex() for key_id in unused)}


def _stale(line: resealing.Line) -> int:
    used = resealing.used_keys(line)
    return used.total() - used[keyring.ring().newest.id]
