"""What the checks of imports tolerate, by name, as it holds on a day. Units are in the names: m, m², %, characters, days."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import psycopg

from data.parameters import Numbers, typed

HELD = """
    SELECT name, value FROM parameter
    WHERE name = ANY(%(names)s) AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
"""


@dataclass(frozen=True, kw_only=True)
class Tolerances:
    """One value of each parameter in `data/reference/parameters.csv` that a check asks for."""

    edition_moved_m: float
    edition_reshaped_pct: float
    sliver_width_m: float
    vertex_distance_m: float
    noise_width_m: float
    overlap_tolerated_m2: float
    same_ground_pct: float
    gap_tolerated_m2: float
    gap_width_m: float
    outside_tolerated_m2: float
    outside_tolerated_m: float
    same_place_m: float
    same_name_m: float
    floor_area_min_m2: float
    floor_area_max_m2: float
    households_tolerated_pct: float
    name_chars_max: int
    text_chars_max: int
    ahead_days_max: int
    due_days_max: int


def held(connection: psycopg.Connection[Any], kind: type[Numbers], on: date) -> Numbers:
    """The parameters that the fields of `kind` name, as they hold on the day `on`. Raises: NotReady when one is missing."""
    found = connection.execute(HELD, {"names": [field.name for field in fields(kind)], "day": on}).fetchall()
    return typed(kind, dict(found))


def tolerances(connection: psycopg.Connection[Any], on: date) -> Tolerances:
    """What holds on the day `on`. Raises: NotReady when a parameter is missing."""
    return held(connection, Tolerances, on)
