"""Frames read in binary keep their types, and a digest tells every change apart."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from data import frames
from data.models import Landmark, Parameter


def test_columns_keep_their_names_types_and_nulls(connection: Connection) -> None:
    connection.execute(text("INSERT INTO parameter VALUES ('x', '2020-01-01', 1.5, 'm', 'a test')"))
    wanted = select(Parameter.name, Parameter.valid_from, Parameter.value, Parameter.valid_to)
    read = frames.read(connection, wanted.where(Parameter.name.in_(["x", "y"])))
    assert read.to_dict("records") == [{"name": "x", "valid_from": date(2020, 1, 1), "value": 1.5, "valid_to": None}]


def test_shapes_come_as_they_are_stored(connection: Connection) -> None:
    connection.execute(
        text("INSERT INTO landmark (kind, geom) VALUES ('water', 'SRID=4490;LINESTRING(116 39, 116.5 39.5)')")
    )
    read = frames.read_shapes(connection, select(Landmark.kind, frames.shape(Landmark.geom)))
    assert read.crs.to_epsg() == 4490 and read.geometry[0].wkt == "LINESTRING (116 39, 116.5 39.5)"


def test_no_rows_give_an_empty_frame_with_its_columns(connection: Connection) -> None:
    read = frames.read_shapes(connection, select(Landmark.kind, frames.shape(Landmark.geom)))
    assert read.empty and list(read.columns) == ["kind", "geometry"]


cells = st.one_of(st.none(), st.text(max_size=3))
columns = st.fixed_dictionaries(
    {"a": st.lists(cells, min_size=2, max_size=2), "b": st.lists(cells, min_size=2, max_size=2)}
)


@given(columns, columns)
def test_only_equal_frames_have_one_digest(one: dict[str, list], other: dict[str, list]) -> None:
    digests = [frames.digest(pd.DataFrame(values, dtype=object)) for values in (one, other)]
    assert (digests[0] == digests[1]) == (list(one.items()) == list(other.items()))


@pytest.mark.parametrize("changed", [{"x": [1, 3]}, {"y": [1, 2]}, {"x": [1.0, 2.0]}, {"x": [2, 1]}, {"x": [1]}])
def test_a_digest_changes_with(changed: dict[str, list]) -> None:
    assert frames.digest(pd.DataFrame({"x": [1, 2]})) != frames.digest(pd.DataFrame(changed))


def test_a_digest_changes_with_the_last_bit_of_a_coordinate() -> None:
    one, other = (gpd.GeoDataFrame(geometry=[shapely.Point(x, 0)]) for x in (0.1, 0.1 + 2**-55))
    assert frames.digest(one) != frames.digest(other)
    assert frames.digest(one) == frames.digest(one.copy())
