"""`wangge explain`: a sentence and what decided, for people and as JSON."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from flows.cli import build
from flows.dispatcher import drain
from geo.errors import NotFound
from tests import town

TOWN = town.build(3, 3)


@pytest.fixture(scope="module")
def case(database_url: str) -> int:
    town.settle(database_url, TOWN)
    point = TOWN.cells.geometry[4].representative_point()
    with psycopg.connect(database_url, autocommit=True) as line:
        row = line.execute(
            "WITH told AS (INSERT INTO incident (category_code, lon, lat, datum, geom) SELECT 'E0101', x, y, 'cgcs2000',"
            " ST_SetSRID(ST_MakePoint(x, y), 4490) FROM (SELECT %s::float8 AS x, %s::float8 AS y) AS place RETURNING id)"
            " INSERT INTO case_file (id) SELECT id FROM told RETURNING id",
            [point.x, point.y],
        ).fetchone()
    assert row and drain().dispatched == 1
    return int(row[0])


def wangge(*arguments: str) -> str:
    done = CliRunner().invoke(build(), ["explain", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_it_says_why_in_a_sentence_and_by_what(case: int) -> None:
    told = wangge(str(case), "--lang", "en", "--replay")
    assert "its head 张* is on duty" in told
    assert "exposed-rubbish: cell_worker, 4wh" in told
    assert "replayed: it agrees" in told


def test_the_same_as_json(case: int) -> None:
    told: dict[str, Any] = json.loads(wangge(str(case), "--replay", "--json").splitlines()[-1])
    assert told["replay"]["agrees"]
    assert told["explanation"]["step"] == "cell_head"


def test_a_case_that_is_not_there_is_refused(case: int) -> None:
    with pytest.raises(NotFound):
        wangge(str(case + 1))
