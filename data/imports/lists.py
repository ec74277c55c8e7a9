"""Lists in one field: `A;B`, or pairs such as `A=0.6;B=0.4`."""

from __future__ import annotations

import re

SEPARATORS = re.compile(r"[;,；，、|\s]+")


def parse_pairs(told: str, mark: str) -> list[tuple[str, str | None]]:
    """The parts in order, each split at its first `mark`; None where there is no mark. A part that comes again replaces."""
    parts = (part.partition(mark) for part in SEPARATORS.split(told) if part)
    return list({name.strip(): value.strip() or None for name, _, value in parts}.items())
