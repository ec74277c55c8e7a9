"""A short campaign over the whole API, as each office."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from flows.dispatcher import drain
from tests.api.conftest import district, district_template, start  # noqa: F401
from tests.api.server import running
from tests.soak.schema import campaign, prepare


@pytest.mark.slow
def test_every_office_is_answered_as_the_api_says_and_sees_its_own_ground(district: Engine, database_url: str) -> None:  # noqa: F811
    with running(database_url) as (address, _):
        prepare(address, database_url, drain)
        outcome = campaign(address, database_url, examples=1, seed=7)
    assert outcome.faults == {}
    assert outcome.calls > 200
