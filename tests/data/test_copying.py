"""Frames arrive in tables as they were."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box
from sqlalchemy import Connection, text

from data import copying
from data.copying import copy_frame
from data.database import driver_connection


@pytest.fixture
def table(connection: Connection) -> Connection:
    connection.execute(
        text("CREATE TEMP TABLE met (n bigint, at timestamptz, said text, geom geometry(Geometry, 4490))")
    )
    return connection


def met(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text("SELECT n, at, said, ST_AsText(geom) FROM met ORDER BY n"))]


def test_times_texts_and_shapes_arrive_as_they_were(table: Connection) -> None:
    at = pd.Timestamp("2026-03-01 08:00:00.123456", tz="Asia/Shanghai")
    said = ['quoted ", comma, \n line and 中文', ""]
    frame = gpd.GeoDataFrame({"n": [1, 2], "at": [at, at], "said": said}, geometry=[Point(1, 2), box(0, 0, 1, 1)])
    assert copy_frame(driver_connection(table), "met", frame) == 2
    assert met(table) == [
        (1, at, said[0], "POINT(1 2)"),
        (2, at, "", "MULTIPOLYGON(((1 0,1 1,0 1,0 0,1 0)))"),
    ]


def test_what_is_missing_is_null(table: Connection) -> None:
    at = pd.to_datetime(pd.Series([None, "2026-03-01T00:00:00Z"], dtype=object), utc=True)
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "at": at, "said": [None, "x"]})
    copy_frame(driver_connection(table), "met", frame)
    assert [(row[0], row[1] is None, row[2]) for row in met(table)] == [(1, True, None), (None, False, "x")]


def test_a_long_frame_goes_in_by_chunks(table: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "CHUNK_ROWS", 3)
    assert copy_frame(driver_connection(table), "met", pd.DataFrame({"n": range(10)})) == 10
    assert [row[0] for row in met(table)] == list(range(10))


def test_an_empty_frame_is_no_error(table: Connection) -> None:
    assert copy_frame(driver_connection(table), "met", pd.DataFrame({"n": [], "said": []})) == 0
