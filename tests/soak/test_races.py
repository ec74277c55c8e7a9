"""The judge of the races finds what it is there to find."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests import town
from tests.soak.races import AGENCIES, FIGURES, FILE, Book, Ground, verify

EVENT = (
    "INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id, held_by)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


@pytest.fixture(scope="module")
def town_url(database_url: str) -> str:
    town.settle(database_url, town.build(2, 2))
    with psycopg.connect(database_url) as connection:
        connection.execute(AGENCIES, ["110199001000", town.DISTRICT])
    return database_url


@pytest.fixture
def case(town_url: str) -> Iterator[int]:
    """A case that was filed, dispatched to a worker and accepted, without a fault."""
    with psycopg.connect(town_url) as connection:
        ((id_,),) = connection.execute(FILE, [[116.252], [39.752]]).fetchall()
        connection.execute(EVENT, [id_, 2, "dispatch", "filed", "dispatched", "dispatcher", 1, None])
        connection.execute(EVENT, [id_, 3, "accept", "dispatched", "handling", "worker:1", None, "worker:1"])
        connection.execute(
            "UPDATE case_file SET seq = 3, state = 'handling', worker_id = 1, dispatched_at = now() WHERE id = %s",
            [id_],
        )
    yield int(id_)


def faults(url: str, case: int, told: list[tuple[int, int, str, str]]) -> dict[str, int]:
    _, found = verify(url, Ground([case], ["worker:1"]), Book(told=told))
    return {name: count for name, count in found.items() if count}


def change(url: str, statement: str, *parameters: object) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement, parameters)  # type: ignore[call-overload]


def test_a_history_without_a_fault_has_none(town_url: str, case: int) -> None:
    figures, found = verify(town_url, Ground([case], ["worker:1"]), Book(told=[(case, 3, "accept", "k")]))
    assert figures == dict(zip(FIGURES, (1, 3, 3, 0), strict=True))
    assert not any(found.values())


def test_it_finds_what_is_lost_or_was_never_told(town_url: str, case: int) -> None:
    told = [(case, 3, "accept", "k"), (case, 4, "finish", "l")]
    assert faults(town_url, case, told) == {"lost": 1}
    assert faults(town_url, case, []) == {"never_told": 1}
    assert faults(town_url, case, [(case, 3, "accept", "k"), (case, 3, "accept", "l")]) == {"told_twice": 1}


def test_it_finds_a_case_that_is_gone(town_url: str, case: int) -> None:
    _, found = verify(town_url, Ground([case, 4711], []), Book())
    assert found["lost_cases"] == 1


def test_it_finds_a_gap_and_a_broken_chain(town_url: str, case: int) -> None:
    change(town_url, EVENT, case, 5, "note", "verifying", "handling", "desk:110199001000", None, None)
    assert faults(town_url, case, [(case, 3, "accept", "k")]) == {"gaps": 1, "broken_chains": 1, "adrift": 1}


def test_it_finds_another_holder_than_the_history_says(town_url: str, case: int) -> None:
    change(town_url, "UPDATE case_file SET worker_id = 2 WHERE id = %s", case)
    assert faults(town_url, case, [(case, 3, "accept", "k")]) == {"other_holder": 1}


def test_it_finds_a_wrong_ledger(town_url: str, case: int) -> None:
    change(town_url, EVENT, case, 4, "note", "handling", "handling", "desk:110199001000", None, "worker:2")
    change(town_url, "UPDATE case_file SET seq = 4 WHERE id = %s", case)
    assert faults(town_url, case, [(case, 3, "accept", "k")]) == {"wrong_ledger": 1}


def test_it_finds_work_that_was_verified_by_who_did_it(town_url: str, case: int) -> None:
    change(town_url, EVENT, case, 4, "finish", "handling", "fed_back", "worker:1", 2, "worker:1")
    change(town_url, EVENT, case, 5, "verify", "fed_back", "closed", "worker:1", None, "worker:2")
    change(
        town_url,
        "UPDATE case_file SET seq = 5, state = 'closed', worker_id = 2, outcome = 'solved' WHERE id = %s",
        case,
    )
    told = [(case, 3, "accept", "k"), (case, 4, "finish", "l"), (case, 5, "verify", "m")]
    assert faults(town_url, case, told) == {"verified_by_handler": 1}
