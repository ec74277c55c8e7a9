"""What is exported imports again to the same state, whatever the layer, the format and the coordinates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Engine, create_engine

from data.database import sqlalchemy_url
from tests.conftest import Databases
from tests.data.nasty_towns import Town, towns
from tests.data.round_trips import there_and_back

ONCE = settings(
    max_examples=1,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TURNS = (1, 6)
"""Of eight: in one, the layers meet all formats, each one of them. All turns are in tests/soak/round_trips.py."""


@pytest.fixture(scope="module")
def elsewhere(databases: Databases, template: str) -> Iterator[Engine]:
    """An empty database beside the module's own."""
    made = create_engine(sqlalchemy_url(databases.create("elsewhere", template)))
    yield made
    made.dispose()


@pytest.mark.parametrize("turn", TURNS)
@ONCE
@given(town=towns())
def test_every_layer_comes_back_the_same_in_every_format(
    engine: Engine, elsewhere: Engine, tmp_path: Path, turn: int, town: Town
) -> None:
    there_and_back(engine, elsewhere, town, turn=turn, folder=tmp_path)
