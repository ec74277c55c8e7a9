"""An explanation beside the one that the same decision gets when it is taken again: do they agree, and where do they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.routing import told

Seen = Mapping[str, Any]
DECIDES = {"cell": "id", "rule": "id", "clock": "due_at"}
"""What has to be the same besides the holder: a member of each of these."""


def agrees(then: Seen, again: Seen) -> bool:
    """Whether the same holder, cell version, rule and due time come out."""
    return told(then) == told(again) and all(_part(then, name) == _part(again, name) for name in DECIDES)


def differences(then: Seen, again: Seen) -> dict[str, dict[str, Any]]:
    """Each member that is not the same, as `then` and `again`, in the order of the explanation."""
    names = dict.fromkeys((*then, *again))
    return {
        name: {"then": then.get(name), "again": again.get(name)} for name in names if then.get(name) != again.get(name)
    }


def _part(seen: Seen, name: str) -> Any:
    return (seen.get(name) or {}).get(DECIDES[name])
