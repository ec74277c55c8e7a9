"""A short campaign of broken files."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from data import reference
from tests.soak.broken_files import campaign

FILES = 60


@pytest.mark.slow
def test_broken_files_are_imported_or_refused_and_nothing_else(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE import_run, area CASCADE"))
        reference.load(connection)
    outcome = campaign(engine, FILES, seed=7)
    assert outcome.faults == []
    assert outcome.counts["refused"] > FILES / 4
    assert outcome.counts["imported"] > FILES / 20
