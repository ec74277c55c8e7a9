"""Short soaks: each part is killed once under the reports of sixteen clients; sixteen users race while the database dies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.running import System
from tests.soak import system
from tests.soak.campaign import soak
from tests.soak.kills import OFTEN
from tests.soak.races import race

pytestmark = [pytest.mark.flow, pytest.mark.slow]
SEED = 7


@pytest.fixture(scope="module")
def running() -> Iterator[System]:
    with system.running(until="dispatcher  ready") as started:
        yield started


async def test_nothing_is_lost_or_doubled_while_parts_are_killed(running: System) -> None:
    names = np.random.default_rng(SEED).permutation(OFTEN).tolist()
    outcome = await soak(running, names, clients=16, seed=SEED)
    assert {name: len(seconds) for name, seconds in outcome.recoveries.items()} == dict.fromkeys(OFTEN, 1)
    assert outcome.figures["reports"] > 100
    assert [name for name, count in outcome.faults.items() if count] == []


async def test_every_raced_case_has_one_history_though_the_database_dies(running: System) -> None:
    outcome = await race(running, users=16, seconds=8, kills=1, seed=SEED)
    assert len(outcome.recoveries["database"]) == 1
    assert outcome.figures["moves"] > 20
    assert [name for name, count in outcome.faults.items() if count] == []
