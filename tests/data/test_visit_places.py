"""A district's list of places to visit: what is new, changed, gone and astray, and what can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from data import reference, visit_places
from data.database import driver_connection
from geo.errors import BadFile
from tests.api.conftest import DISTRICT

HEAD = "name,kind,every_days,lon,lat\n"
FIRST = (
    HEAD
    + "液化气站,shop,3,116.3025,39.905\n东门,fire_exit,7,116.3026,39.905\n海里,shop,3,120,30\n别处,shop,3,116.3225,39.905\n"
)
SECOND = "\ufeff" + HEAD + "液化气站,shop,2,116.3025,39.905\n西门,fire_exit,7,116.3026,39.906\n"


@pytest.fixture
def ground(engine: Engine, connection: Connection) -> Connection:
    reference.load(connection)
    connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
    return connection


def brought(connection: Connection, folder: Path, text: str, datum: str = "wgs84") -> dict[str, int]:
    (folder / "places.csv").write_text(text, encoding="utf-8")
    return visit_places.store(driver_connection(connection), visit_places.read(folder / "places.csv", datum))


def test_a_file_is_the_whole_list_of_the_cells_it_speaks_of(ground: Connection, tmp_path: Path) -> None:
    assert brought(ground, tmp_path, FIRST) == {"listed": 3, "changed": 0, "unchanged": 0, "ended": 0, "no_cell": 1}
    assert brought(ground, tmp_path, FIRST) == {"listed": 0, "changed": 0, "unchanged": 3, "ended": 0, "no_cell": 1}
    assert brought(ground, tmp_path, SECOND) == {"listed": 1, "changed": 1, "unchanged": 0, "ended": 1, "no_cell": 0}
    rows = ground.exec_driver_sql(
        "SELECT name, every_days, cell_code FROM visit_place WHERE ended_on IS NULL ORDER BY cell_code, every_days"
    ).all()
    west, east = "110199001001001", "110199002001001"
    assert [tuple(row) for row in rows] == [("液化气站", 2, west), ("西门", 7, west), ("别处", 3, east)]


def test_a_file_in_another_datum_lands_where_it_means(ground: Connection, tmp_path: Path) -> None:
    assert brought(ground, tmp_path, HEAD + "液化气站,shop,3,116.308576,39.906286\n", "gcj02")["listed"] == 1
    x = ground.exec_driver_sql("SELECT ST_X(geom) FROM visit_place").scalar()
    assert x == pytest.approx(116.3025, abs=0.0002)


@pytest.mark.parametrize(("text", "message"), [
    ("name,kind,every_days,lon\nx,y,1,116\n", "no column lat"),
    (HEAD + "x,y,1,116\n", "line 2"), (HEAD + "x,y,0,116,39\n", "1 day"),
    (HEAD + ",y,1,116,39\n", "needs a name"), (HEAD + "x,y,eins,116,39\n", "line 2"), (HEAD + "x,y,1,216,39\n", "longitude"),
    (HEAD + f"x,{'y' * 21},1,116,39\n", "at most 20"),
])  # fmt: skip
def test_what_cant_be_read_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=message):
        visit_places.read(tmp_path / "places.csv", "wgs84")
