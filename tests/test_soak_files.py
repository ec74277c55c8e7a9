"""A short campaign of broken files."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from data import reference
from tests.soak.broken_files import campaign

FILES = 200


@pytest.mark.slow
def test_broken_files_are_imported_or_refused_and_nothing_else(engine: Engine) -> None:
    with engine.begin() as connection:
        reference.load(connection)
    outcome = campaign(engine, FILES, seed=7)
    assert outcome.faults == []
    assert outcome.counts["refused"] > FILES / 4
    assert outcome.counts["imported"] > FILES / 20
