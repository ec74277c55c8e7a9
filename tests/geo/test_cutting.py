"""Cutting of communities into cells. Made-up towns in metres (EPSG:4548)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from geo.blocks import cut_costs, faces
from geo.cutting import SLIVER_SHARE, cell_codes, cut_by_households, cut_by_size, number_cells
from geo.errors import BadGeometry, GridTooLarge, NotMetric, OutsideRange

ZONE = "EPSG:4548"
BOUNDS = (300, 500)
FEW = settings(max_examples=25, deadline=None)


@st.composite
def communities(draw: st.DrawFn) -> Polygon:
    """A star-shaped polygon of three to nine corners, 250 to 700 m from its middle, often not convex."""
    corners = draw(st.integers(3, 9))
    reach = draw(st.lists(st.integers(250, 700), min_size=corners, max_size=corners))
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) + 0.3
    return Polygon(np.column_stack([500_000 + reach * np.cos(turn), 4_400_000 + reach * np.sin(turn)]))


@st.composite
def towns(draw: st.DrawFn) -> tuple[Polygon, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """A community, homes of 1 to 12 households in it, and from no to twelve straight streets across it."""
    area = draw(communities())
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    count, streets = draw(st.integers(1, 400)), draw(st.integers(0, 12))
    west, south, east, north = area.bounds
    points = shapely.points(rng.uniform((west, south), (east, north), (3 * count, 2)))
    points = points[shapely.contains(area, points)][:count]
    homes = gpd.GeoDataFrame({"households": rng.integers(1, 13, len(points))}, geometry=points, crs=ZONE)
    ends = rng.uniform((west - 200, south - 200), (east + 200, north + 200), (streets, 2, 2))
    kinds = rng.choice(["primary", "residential", "footway", "bridleway"], streets)
    return area, homes, gpd.GeoDataFrame({"kind": kinds}, geometry=shapely.linestrings(ends), crs=ZONE)


def town(households: int, *, homes: int = 250, streets: int = 6) -> tuple[Polygon, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """A square kilometre with evenly strewn homes and a grid of lanes."""
    rng = np.random.default_rng(5)
    points = shapely.points(rng.uniform(10, 990, (homes, 2)))
    share = np.full(homes, households // homes)
    share[: households % homes] += 1
    ticks = np.linspace(0, 1000, streets + 2)[1:-1]
    lanes = [[(t, -10), (t, 1010)] for t in ticks] + [[(-10, t), (1010, t)] for t in ticks]
    roads = gpd.GeoDataFrame({"kind": "residential"}, index=range(len(lanes)), geometry=shapely.linestrings(lanes))
    return shapely.box(0, 0, 1000, 1000), gpd.GeoDataFrame({"households": share}, geometry=points), roads


def cut(place: tuple[Polygon | MultiPolygon, gpd.GeoDataFrame, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return cut_by_households(*place, crs=ZONE, households=BOUNDS, seeds=6)


def assert_tiles(cells: gpd.GeoDataFrame, area: Polygon | MultiPolygon) -> None:
    """Cells fill the area, don't overlap, share their borders vertex by vertex, and each is one piece."""
    assert cells.area.sum() == pytest.approx(area.area, rel=1e-9)
    assert shapely.union_all(cells.geometry.to_numpy()).symmetric_difference(area).area < 1e-3
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())
    assert (cells.geom_type == "Polygon").all()
    assert cells.is_valid.all()
    assert list(cells["number"]) == list(range(1, len(cells) + 1))


@FEW
@given(towns())
def test_cells_tile_their_community(place):
    area, homes, _ = place
    cells = cut(place)
    assert_tiles(cells, area)
    assert cells["households"].sum() == homes["households"].sum()


@FEW
@given(towns(), st.integers(0, 1000))
def test_every_point_has_exactly_one_cell(place, seed):
    area, _, _ = place
    cells = cut(place)
    xy = np.random.default_rng(seed).uniform(*np.reshape(area.buffer(-1).bounds, (2, 2)), (200, 2))
    corners = shapely.get_coordinates(cells.geometry.to_numpy())
    points = shapely.points(np.vstack([xy, corners[shapely.contains(area, shapely.points(corners))]]))
    points = points[shapely.contains(area.buffer(-1e-6), points)]
    covered, _ = cells.sindex.query(points, predicate="covered_by")
    inside, _ = cells.sindex.query(points, predicate="within")
    assert np.array_equal(np.unique(covered), np.arange(len(points)))
    assert len(inside) == len(np.unique(inside))


@FEW
@given(towns())
def test_cells_hold_300_to_500_households_wherever_the_total_allows(place):
    total = int(place[1]["households"].sum())
    cells = cut(place)["households"]
    count = len(cells)
    slack = min(total / count - BOUNDS[0], BOUNDS[1] - total / count)
    if slack >= place[1]["households"].max():
        assert cells.between(*BOUNDS).all()
    elif count == 1:
        assert total < 2 * BOUNDS[0]


@FEW
@given(communities(), st.integers(60, 400))
def test_squares_tile_their_community_without_slivers(area, cell_m):
    cells = cut_by_size(area, crs=ZONE, cell_m=cell_m)
    assert_tiles(cells, area)
    assert len(cells) == 1 or cells["area_m2"].min() >= SLIVER_SHARE * cell_m**2


@pytest.mark.parametrize("total", [700, 1200, 1690, 3100, 5200])
def test_a_town_of_any_size_is_cut_within_the_bounds(total):
    cells = cut(town(total))
    assert cells["households"].between(*BOUNDS).all()
    assert cells["households"].sum() == total


@pytest.mark.parametrize("total", [0, 1, 299, 420, 520])
def test_too_few_households_for_two_cells_make_one(total):
    assert len(cut(town(total))) == 1


def test_without_streets_homes_alone_decide():
    area, homes, roads = town(1600)
    cells = cut((area, homes, roads.iloc[:0]))
    assert cells["households"].between(*BOUNDS).all()


def test_borders_follow_ways_only_when_asked_to():
    area, homes, roads = town(1690, streets=9)
    cells = cut_by_households(area, homes, roads, crs=ZONE, households=BOUNDS, ways_only=True)
    borders = shapely.union_all(shapely.boundary(cells.geometry.to_numpy()))
    assert borders.difference(shapely.union_all([area.boundary, *roads.geometry]).buffer(0.01)).is_empty
    assert cells["households"].between(*BOUNDS).all()


def test_without_homes_there_is_one_cell():
    area, homes, roads = town(1600)
    assert cut((area, homes.iloc[:0], roads))["households"].tolist() == [0]


def test_parts_that_lie_apart_are_cut_apart():
    area, homes, roads = town(1600)
    island = shapely.box(1500, 0, 1600, 100)
    cells = cut((MultiPolygon([area, island]), homes, roads))
    assert_tiles(cells, MultiPolygon([area, island]))
    assert cells["households"].sum() == 1600


def test_a_community_with_a_hole_keeps_it():
    area, homes, roads = town(1600)
    ring = area.difference(shapely.box(400, 400, 600, 600))
    assert_tiles(cut((ring, homes[homes.within(ring)], roads)), ring)


def test_cells_seldom_lie_across_a_main_road():
    area, homes, roads = town(1690, homes=500, streets=8)
    avenue = shapely.LineString([(-10, 480), (1010, 520)])
    roads.loc[len(roads)] = ["primary", avenue]
    cells = cut((area, homes, roads))
    north, south = shapely.get_parts(shapely.ops.split(area, avenue).geoms)
    sides = np.array(
        [[homes["households"][homes.within(c & side)].sum() for side in (north, south)] for c in cells.geometry]
    )
    assert sides.min(axis=1).sum() <= 0.1 * sides.sum()


def test_homes_in_one_spot_cannot_be_parted_and_are_not():
    area, homes, roads = town(1600)
    homes.loc[:, "geometry"] = shapely.Point(500.5, 480.25)
    cells = cut((area, homes, roads))
    assert_tiles(cells, area)
    assert cells["households"].max() == 1600


def test_the_same_seed_cuts_the_same_cells():
    first, second = cut(town(1690)), cut(town(1690))
    assert first.geometry.to_wkb().tolist() == second.geometry.to_wkb().tolist()


def test_roads_far_away_and_dead_ends_cut_nothing():
    area = shapely.box(0, 0, 100, 100)
    lines = np.array([shapely.LineString([(500, 0), (600, 0)]), shapely.LineString([(50, -10), (50, 60)])])
    assert len(faces(area, lines)) == 1


def test_links_count_as_the_roads_that_they_link():
    assert cut_costs(np.array(["primary_link", "primary", "unheard_of"])).tolist() == [1, 1, 60]


def test_cells_are_numbered_in_rows_from_north_to_south_each_from_west_to_east():
    squares = shapely.box(*np.array([(x, y, x + 9, y + 9) for y in (0, 10, 20) for x in (10, 0, 20)]).T)
    numbered = number_cells(gpd.GeoDataFrame(geometry=squares, crs=ZONE))
    middles = numbered.centroid
    assert list(zip(middles.x, middles.y, strict=True))[:4] == [(4.5, 24.5), (14.5, 24.5), (24.5, 24.5), (4.5, 14.5)]


def test_codes_have_the_communitys_digits_and_the_number():
    assert cell_codes("110199001002", np.array([1, 12]), digits=3) == ["110199001002001", "110199001002012"]
    with pytest.raises(OutsideRange):
        cell_codes("110199001002", np.array([1000]), digits=3)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326"])
def test_degrees_are_refused(crs):
    with pytest.raises(NotMetric):
        cut_by_size(shapely.box(0, 0, 1, 1), crs=crs, cell_m=100)
    with pytest.raises(NotMetric):
        cut_by_households(*town(900), crs=crs, households=BOUNDS)


def test_a_grid_of_too_many_cells_is_refused():
    with pytest.raises(GridTooLarge):
        cut_by_size(shapely.box(0, 0, 1000, 1000), crs=ZONE, cell_m=2)


@pytest.mark.parametrize("shape", [Polygon(), Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), shapely.Point(0, 0)])
def test_what_is_no_valid_polygon_is_refused(shape):
    with pytest.raises(BadGeometry):
        cut_by_size(shape, crs=ZONE, cell_m=100)


@pytest.mark.parametrize("bounds", [(500, 300), (0, 10), (300, 300)])
def test_bounds_that_make_no_sense_are_refused(bounds):
    with pytest.raises(OutsideRange):
        cut_by_households(*town(900), crs=ZONE, households=bounds)
