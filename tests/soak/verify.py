"""What is held against what was told: by the database, and by those who followed the stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.soak.clients import Follower

CHECKS = (Path(__file__).parent / "verify.sql").read_text(encoding="utf-8")
KINDS = ("inside", "border", "gap", "picked", "backstop")
FIGURES = ("stored", *KINDS, "median_seconds_to_dispatch", "most_seconds_to_dispatch")
"""What is not a fault."""


def against_database(url: str, answered: Mapping[str, int]) -> tuple[dict[str, Any], dict[str, int]]:
    """Figures, and faults by name: each must be 0."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute("CREATE TEMP TABLE told (key text, id bigint)")
        with connection.cursor().copy("COPY told FROM STDIN") as copy:
            for row in answered.items():
                copy.write_row(row)
        held = connection.execute(CHECKS).fetchone() or {}  # type: ignore[call-overload]
    figures = {name: held.pop(name) for name in FIGURES}
    return figures, held | {"unaccounted": figures["stored"] - sum(figures[kind] for kind in KINDS)}


def against_stream(followers: Iterable[Follower], cases: Iterable[int]) -> dict[str, int]:
    """Faults by name: events of these cases that some follower missed, or saw more than once."""
    wanted = {(case, event) for case in cases for event in ("file", "dispatch")}
    missed = doubled = 0
    for follower in followers:
        missed += len(wanted - follower.seen.keys())
        doubled += sum(times > 1 for times in follower.seen.values())
    return {"missed_by_stream": missed, "doubled_by_stream": doubled}
