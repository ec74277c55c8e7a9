"""The judge of the soak finds what it is there to find."""

from __future__ import annotations

import psycopg
import pytest

from tests import town
from tests.soak.verify import against_database

REPORT = "INSERT INTO incident (idempotency_key, category_code, description, lon, lat, datum, geom)"
POINT = " VALUES (%s, 'C0102', %s, 116.3, 39.8, 'cgcs2000', ST_SetSRID(ST_MakePoint(116.3, 39.8), 4490)) RETURNING id"
EVENT = "INSERT INTO case_event (case_id, event, from_state, to_state, actor) VALUES (%s, %s, %s, %s, 'dispatcher')"


@pytest.fixture(scope="module")
def answered(database_url: str) -> dict[str, int]:
    """Three reports: waiting, dispatched twice, and the second again under another key."""
    town.settle(database_url, town.build(2, 2))
    with psycopg.connect(database_url) as connection:
        told = {key: _store(connection, key, what) for key, what in (("a", "1"), ("b", "2"), ("c", "2"))}
        for _ in range(2):
            connection.execute(EVENT, [told["b"], "dispatch", "filed", "dispatched"])
    return told


def _store(connection: psycopg.Connection, key: str, what: str) -> int:
    (number,) = connection.execute(REPORT + POINT, [key, what]).fetchone() or (0,)
    connection.execute("INSERT INTO case_file (id, located) VALUES (%s, 'inside')", [number])
    connection.execute(EVENT, [number, "file", None, "filed"])
    return int(number)


def test_it_finds_what_is_lost(database_url: str, answered: dict[str, int]) -> None:
    figures, faults = against_database(database_url, answered | {"d": 4711, "e": answered["a"]})
    assert (figures["stored"], figures["inside"]) == (3, 3)
    assert (faults["lost"], faults["waiting"], faults["never_dispatched"], faults["without_holder"]) == (2, 3, 2, 3)


def test_it_finds_what_is_doubled(database_url: str, answered: dict[str, int]) -> None:
    _, faults = against_database(database_url, {key: answered[key] for key in ("a", "b")})
    assert (faults["doubled"], faults["never_answered"], faults["dispatched_twice"]) == (1, 1, 1)
    assert faults["broken_chains"] == 3
