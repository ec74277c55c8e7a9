"""Towns with everything that files are bad at, taken away in every format and brought into an empty database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from hypothesis import HealthCheck, Phase, given, seed, settings
from psycopg import sql
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from data.database import sqlalchemy_url
from data.schema import upgrade
from tests.data.nasty_towns import Town, towns
from tests.data.round_trips import FORMATS, ORDER, there_and_back

ELSEWHERE = "wangge_elsewhere"


@dataclass
class Outcome:
    """How many towns came back, and the first that did not."""

    towns: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.faults

    @property
    def figures(self) -> dict[str, int]:
        return {"towns": self.towns, "layers_brought_back": self.towns * len(ORDER), "faults": len(self.faults)}


def elsewhere(url: str) -> Engine:
    """A second, empty database on the same server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(ELSEWHERE)))
    other = make_url(url).set(database=ELSEWHERE).render_as_string(hide_password=False)
    upgrade(other)
    return create_engine(sqlalchemy_url(other))


def campaign(here: Engine, there: Engine, most: int, number: int, tell: Callable[[int], None]) -> Outcome:
    """Try `most` towns, the formats in turn; hypothesis shows the town that did not come back."""
    outcome, turns = Outcome(), count()

    @seed(number)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(town=towns())
    def trip(town: Town) -> None:
        with TemporaryDirectory() as folder:
            there_and_back(here, there, town, turn=next(turns) % len(FORMATS), folder=Path(folder))
        outcome.towns += 1
        tell(outcome.towns)

    try:
        trip()
    except AssertionError as error:
        outcome.faults.append(str(error))
    return outcome
