"""Where a point lies, on a town whose cells share their borders vertex by vertex."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.location import Ground, locate
from tests import town

SIDE = 13
TOWN = town.build(SIDE, SIDE)
ZONE = 4548
GROUND = Ground.of(*town.layers(TOWN), tolerance_m=30, srid=ZONE)
WEST, SOUTH, EAST, NORTH = TOWN.bounds
BORDER = town.border_points(TOWN)
longitudes = st.floats(WEST - 0.002, EAST + 0.002)
latitudes = st.floats(SOUTH - 0.002, NORTH + 0.002)
points = st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=20).map(np.array)


def plane(places: np.ndarray) -> np.ndarray:
    """Degrees in the zone."""
    return np.column_stack(Transformer.from_crs(4490, ZONE, always_xy=True).transform(*places.T))


def cells_that_cover(point: np.ndarray) -> list[str]:
    return sorted(TOWN.cells["code"][TOWN.cells.covers(shapely.Point(point))])


@given(points)
@settings(deadline=None, max_examples=50)
def test_every_point_gets_the_lowest_of_the_cells_that_cover_it(places: np.ndarray) -> None:
    found = locate(places, GROUND)
    for point, code, located in zip(places, found["cell_code"], found["located"], strict=True):
        covering = cells_that_cover(point)
        assert (located in ("inside", "border")) == bool(covering)
        assert not covering or code == covering[0]


@given(st.lists(st.sampled_from(range(len(BORDER))), min_size=1, max_size=20))
@settings(deadline=None, max_examples=50)
def test_a_point_exactly_on_a_border_says_so_and_goes_to_the_lowest_code(chosen: list[int]) -> None:
    found = locate(BORDER[chosen], GROUND)
    assert set(found["located"]) == {"border"}
    assert list(found["cell_code"]) == [cells_that_cover(point)[0] for point in BORDER[chosen]]


@given(points, st.floats(0, 200))
@settings(deadline=None, max_examples=30)
def test_candidates_are_the_other_cells_within_the_tolerance_nearest_first(
    places: np.ndarray, tolerance_m: float
) -> None:
    found = locate(places, Ground.of(*town.layers(TOWN), tolerance_m=tolerance_m, srid=ZONE))
    cells = TOWN.cells.set_index("code").to_crs(ZONE)
    for point, code, texts in zip(shapely.points(plane(places)), found["cell_code"], found["candidates"], strict=True):
        away = cells.distance(point)
        given_distances = [one["distance_m"] for one in json.loads(texts)]
        others = sorted(away[(away <= tolerance_m) & (away.index != code)])
        assert given_distances == sorted(given_distances)
        assert given_distances == pytest.approx(others, abs=0.051)


@given(points, st.integers(0, len(TOWN.cells) - 1))
@settings(deadline=None, max_examples=30)
def test_a_picked_cell_wins_where_it_is_a_candidate_and_counts_for_nothing_elsewhere(
    places: np.ndarray, other: int
) -> None:
    before = locate(places, GROUND)
    offered = [json.loads(texts) for texts in before["candidates"]]
    picks = {at: near[-1]["code"] if near else TOWN.cells["code"][other] for at, near in enumerate(offered)}
    found = locate(places, GROUND, picks)
    for at, near in enumerate(offered):
        if not near:
            assert found.loc[at].equals(before.loc[at])
            continue
        assert (found["located"][at], found["cell_code"][at]) == ("picked", picks[at])
        left = {one["code"] for one in json.loads(found["candidates"][at])}
        assert left == {before["cell_code"][at], *(one["code"] for one in near[:-1])}


@given(st.floats(0.0001, 0.001))
@settings(deadline=None, max_examples=20)
def test_a_point_in_a_gap_goes_to_the_nearest_cell_within_the_tolerance(away: float) -> None:
    outside = np.array([[WEST - away, (SOUTH + NORTH) / 2]])
    distances = shapely.distance(shapely.points(plane(outside))[0], GROUND.planes)
    just_enough, too_little = (
        locate(outside, Ground.of(*town.layers(TOWN), tolerance_m=distances.min() * share, srid=ZONE))
        for share in (1.001, 0.999)
    )
    assert (just_enough["located"][0], too_little["located"][0]) == ("gap", "none")
    assert just_enough["cell_code"][0] == GROUND.cells.frame["code"][distances.argmin()]


def test_a_point_without_a_cell_keeps_its_community_and_street() -> None:
    gaps = town.without(TOWN, 0.5)
    ground = Ground.of(*town.layers(gaps), tolerance_m=0, srid=ZONE)
    gone = TOWN.cells[~TOWN.cells["code"].isin(gaps.cells["code"])]
    inside = shapely.get_coordinates(gone.representative_point())
    found = locate(inside, ground)
    assert set(found["located"]) == {"none"}
    assert list(found["community_code"]) == list(gone["community_code"])
    assert list(found["street_code"]) == list(gone["community_code"].str[:9] + "000")
    assert set(found["district_code"]) == {town.DISTRICT}


def test_places_that_are_no_places_lie_nowhere() -> None:
    found = locate(np.array([[np.nan, np.nan], [0.0, 0.0], [180.0, 90.0]]), GROUND)
    assert list(found["located"]) == ["none"] * 3
    assert found["community_id"].isna().all()


def test_no_point_at_all_gives_an_empty_table() -> None:
    assert locate(np.empty((0, 2)), GROUND).empty


def test_a_ground_without_cells_leaves_every_point_to_its_community() -> None:
    cells, communities, streets = town.layers(TOWN)
    ground = Ground.of(cells.iloc[:0], communities, streets, tolerance_m=30, srid=ZONE)
    found = locate(shapely.get_coordinates(cells.representative_point()), ground)
    assert list(found["community_code"]) == list(cells["parent_code"])
