"""Cells for communities that have none, in a real database."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import Connection, text

from data import reference
from flows.cut_cells import ByHouseholds, BySize, cut, way_of_cutting
from geo.errors import NotReady, OutsideRange

SIDE = 0.01
"""Degrees: communities of about 860 m × 1,110 m."""


def square(west: float) -> str:
    east, south, north = west + SIDE, 39.9, 39.9 + SIDE
    return f"SRID=4490;MULTIPOLYGON((({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south})))"


@pytest.fixture
def communities(connection: Connection) -> Iterator[Connection]:
    """Two communities side by side with 1,600 households each, and one without a boundary."""
    reference.load(connection)
    connection.execute(text("INSERT INTO unit VALUES ('110199001000', 'street')"))
    for number, west in enumerate((116.4, 116.41, None), start=1):
        code = f"11019900100{number}"
        connection.execute(text("INSERT INTO unit VALUES (:code, 'community')"), {"code": code})
        connection.execute(
            text(
                "INSERT INTO area (code, level, parent_code, name, geom) VALUES (:c, 'community', '110199001000', :n, :g)"
            ),
            {"c": code, "n": f"第{number}社区", "g": square(west) if west else None},
        )
    add_homes(connection)
    yield connection


def add_homes(connection: Connection) -> None:
    at = np.random.default_rng(1).uniform((116.4, 39.9), (116.42, 39.91), (320, 2))
    rows = [{"id": str(i), "x": x, "y": y} for i, (x, y) in enumerate(at)]
    connection.execute(
        text("INSERT INTO residence (external_id, households, geom) "
             "VALUES (:id, 10, ST_SetSRID(ST_MakePoint(:x, :y), 4490))"),
        rows,
    )  # fmt: skip


def uncovered(connection: Connection) -> float:
    """Share of the communities' ground that no cell covers or that two cells share."""
    return connection.scalar(
        text("""
            SELECT max(abs(1 - inside / ST_Area(geom))) FROM area JOIN LATERAL (
                SELECT sum(ST_Area(c.geom)) AS inside FROM cell c WHERE c.community_code = area.code
            ) AS cells ON true WHERE geom IS NOT NULL
        """)
    )


def test_cells_follow_households_and_tile_their_community(communities: Connection) -> None:
    found = cut(communities, ByHouseholds(300, 500))
    assert found["communities"] == 2
    sizes = communities.scalars(text("SELECT households FROM cell")).all()
    assert len(sizes) == found["cells"] and min(sizes) >= 300 and max(sizes) <= 500
    assert uncovered(communities) < 1e-6


def test_squares_tile_their_community_too(communities: Connection) -> None:
    assert cut(communities, BySize(200.0))["cells"] > 20
    assert uncovered(communities) < 1e-6


def test_a_second_cut_finds_nothing_to_do(communities: Connection) -> None:
    cut(communities, BySize(400.0))
    assert cut(communities, BySize(400.0))["cells"] == 0


def test_codes_are_the_communitys_and_a_number(communities: Connection) -> None:
    cut(communities, BySize(400.0))
    codes = communities.scalars(text("SELECT code FROM cell WHERE community_code = '110199001001' ORDER BY code")).all()
    assert codes == [f"110199001001{number:03d}" for number in range(1, len(codes) + 1)]


def test_without_residences_the_message_says_what_to_do(communities: Connection) -> None:
    communities.execute(text("DELETE FROM residence"))
    with pytest.raises(NotReady, match="wangge import residences"):
        cut(communities, ByHouseholds(300, 500))


def test_a_cell_length_of_zero_is_refused(communities: Connection) -> None:
    with pytest.raises(OutsideRange):
        cut(communities, BySize(0.0))


def test_no_households_at_all_are_refused(communities: Connection) -> None:
    with pytest.raises(OutsideRange):
        cut(communities, way_of_cutting(communities, low=0, high=0, cell_m=None))


def test_bounds_default_to_the_parameters_in_force(communities: Connection) -> None:
    assert way_of_cutting(communities, low=None, high=None, cell_m=None) == ByHouseholds(300, 500)
