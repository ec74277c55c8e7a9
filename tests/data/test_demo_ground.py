"""The demo district as frames: what it promises about ground, people and a year of incidents. EPSG:4490; metres in EPSG:4548."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data import reference
from data.demo.ground import AS_OF, DemoGround, generate
from geo.blocks import MAIN_COST, cut_costs, faces, locate, totals
from geo.errors import OutsideRange

ZONE = "EPSG:4548"


@pytest.fixture(scope="module")
def district() -> DemoGround:
    return generate(148, 7)


@pytest.fixture(scope="module")
def town() -> DemoGround:
    return generate(8, 3)


def digest(ground: DemoGround) -> str:
    found = hashlib.sha256()
    for name, frame in vars(ground).items():
        plain = frame.to_wkb() if isinstance(frame, gpd.GeoDataFrame) else frame
        found.update(name.encode() + plain.to_csv(index=False).encode())
    return found.hexdigest()


def level(ground: DemoGround, name: str) -> gpd.GeoDataFrame:
    return ground.areas[ground.areas["level"] == name].set_index("code")


def floor_area_m2(ground: DemoGround) -> pd.Series:
    """Floor area of each community, shared stations shared out."""
    size = ground.serves["facility_code"].map(ground.facilities.set_index("code")["floor_area_m2"])
    return (size * ground.serves["share"]).groupby(ground.serves["community_code"]).sum()


def meets(ground: DemoGround) -> tuple[int, int, int]:
    """Communities; how many meet the standard by area class; how many the citywide one."""
    communities = level(ground, "community")
    actual = floor_area_m2(ground).reindex(communities.index)
    required = communities["area_class"].map({"new": 350, "old_city": 230})
    return len(communities), int((actual >= required).sum()), int((actual >= 350).sum())


def test_the_same_seed_gives_the_same_bytes_whatever_python_hashes(town):
    program = "from tests.data.test_demo_ground import digest, generate; print(digest(generate(8, 3)))"
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert again.stdout.strip() == digest(town)


def test_another_seed_gives_another_town(town):
    assert digest(generate(8, 4)) != digest(town)


def test_the_district_agrees_with_the_published_table(district):
    assert meets(district) == (148, 135, 56)
    assert level(district, "community")["area_class"].isin(["new", "old_city"]).all()


@pytest.mark.parametrize(("communities", "seed"), [(1, 0), (9, 5), (33, 1)])
def test_other_sizes_agree_in_proportion(communities, seed):
    ground = generate(communities, seed)
    assert meets(ground) == (communities, round(135 * communities / 148), round(56 * communities / 148))
    assert (ground.cells["geometry"].geom_type == "Polygon").all()


def test_a_station_is_shared_out_whole(district):
    assert np.allclose(district.serves.groupby("facility_code")["share"].sum(), 1)
    served = district.serves.groupby("facility_code").size()
    assert (served > 1).sum() >= 5
    assert district.serves["community_code"].value_counts().max() > 1


def test_floor_areas_keep_clear_of_the_limits(district):
    actual = floor_area_m2(district)
    old = level(district, "community")["area_class"] == "old_city"
    assert min(abs(actual - 350).min(), abs(actual[old] - 230).min()) > 5


def test_a_station_stands_in_a_community_that_it_serves(district):
    place = district.facilities.set_index("code")["geometry"]
    served = level(district, "community")["geometry"]
    stands = served.loc[district.serves["community_code"]].covers(
        place.loc[district.serves["facility_code"]], align=False
    )
    assert stands.groupby(district.serves["facility_code"].to_numpy()).any().all()


def test_every_street_and_the_district_have_a_centre(district):
    kinds = district.facilities["level"].value_counts()
    assert (kinds["district_centre"], kinds["street_centre"]) == (1, 15)


def test_four_levels_with_codes_that_nest(district):
    areas = district.areas
    assert areas["level"].value_counts().to_dict() == {"community": 148, "street": 15, "district": 1, "city": 1}
    assert areas["code"].str.fullmatch(r"\d{12}").all()
    assert areas["code"].is_unique
    assert areas["parent_code"].dropna().isin(areas["code"]).all()
    for child, digits in (("community", 9), ("street", 6)):
        units = level(district, child)
        assert (units["parent_code"].str[:digits] == units.index.str[:digits]).all()


@pytest.mark.parametrize(("child", "parent"), [("community", "street"), ("street", "district")])
def test_areas_fill_their_parent_and_share_borders(district, child, parent):
    children, parents = level(district, child), level(district, parent)
    assert shapely.coverage_is_valid(shapely.get_parts(children["geometry"].to_numpy()))
    for code, members in children.groupby("parent_code"):
        whole = shapely.coverage_union_all(shapely.get_parts(members["geometry"].to_numpy()))
        assert whole.normalize() == shapely.get_parts(parents.loc[code, "geometry"])[0].normalize()
        assert members["households"].sum() == parents.loc[code, "households"]


def test_cells_fill_their_community_and_share_borders(district):
    assert shapely.coverage_is_valid(district.cells["geometry"].to_numpy())
    assert district.cells["geometry"].is_valid.all()
    communities = level(district, "community")
    for code, cells in district.cells.groupby("community_code"):
        whole = shapely.coverage_union_all(cells["geometry"].to_numpy())
        assert whole.symmetric_difference(communities.loc[code, "geometry"]).area < 1e-15
        assert list(cells["code"]) == [f"{code}{number:03d}" for number in range(1, len(cells) + 1)]
    assert district.cells.groupby("community_code")["households"].sum().equals(communities["households"])


def test_ordinary_cells_hold_300_to_500_households(district):
    ordinary = district.cells[district.cells["kind"] == "ordinary"]
    assert ordinary["households"].between(300, 500).mean() > 0.99
    assert 10 < (district.cells["kind"] == "dedicated").sum() < 80


def test_cells_seldom_lie_across_a_main_road(district):
    cells, edges, homes = (frame.to_crs(ZONE) for frame in (district.cells, district.edges, district.residences))
    main = edges[cut_costs(edges["kind"].to_numpy()) <= MAIN_COST]
    at = locate(cells.geometry.to_numpy(), homes.geometry.to_numpy())
    apart = 0
    for number, cell in enumerate(cells.geometry):
        sides = faces(cell, main.geometry.to_numpy()[main.sindex.query(cell)])
        inside = homes[at == number]
        held = totals(locate(sides, inside.geometry.to_numpy()), inside["households"].to_numpy(), len(sides))
        apart += int(held.sum() - held.max())
    assert apart / homes["households"].sum() < 0.03


def test_community_borders_follow_streets_and_barriers(district):
    communities = shapely.get_parts(level(district, "community").to_crs(ZONE)["geometry"].to_numpy())
    border = shapely.boundary(communities)
    points = np.concatenate(
        [shapely.line_interpolate_point(border, share, normalized=True) for share in np.linspace(0, 1, 99)]
    )
    barriers = district.landmarks[district.landmarks["kind"].isin(["water", "rail"])].to_crs(ZONE)
    on_street = shapely.STRtree(district.edges.to_crs(ZONE).geometry.to_numpy()).query(points, "dwithin", 0.5)[0]
    at_barrier = shapely.STRtree(barriers.geometry.to_numpy()).query(points, "dwithin", 60)[0]
    assert len(np.union1d(on_street, at_barrier)) > 0.98 * len(points)


def test_the_street_network_is_in_one_piece_and_measured(district):
    edges, nodes = district.edges, district.nodes
    ends = edges[["source", "target"]].to_numpy() - 1
    links = coo_array((np.ones(len(ends)), ends.T), shape=(len(nodes), len(nodes)))
    assert connected_components(links, directed=False)[0] == 1
    assert np.allclose(edges["length_m"], edges.to_crs(ZONE).length, atol=0.02)
    first = shapely.get_point(edges.geometry.to_numpy(), 0)
    assert shapely.equals(first, nodes.geometry.to_numpy()[ends[:, 0]]).all()
    assert edges["kind"].nunique() >= 7
    assert not edges.loc[edges["kind"] == "motorway", "walkable"].any()


def test_people_on_foot_reach_almost_every_corner(district):
    walked = district.edges[district.edges["walkable"]]
    nodes, ends = np.unique(walked[["source", "target"]].to_numpy(), return_inverse=True)
    ends = ends.reshape(-1, 2)
    links = coo_array((np.ones(len(ends)), ends.T), shape=(len(nodes), len(nodes)))
    assert np.bincount(connected_components(links, directed=False)[1]).max() > 0.995 * len(nodes)


def test_a_quarter_of_a_million_households_live_beside_streets(district):
    homes = district.residences.to_crs(ZONE)
    assert homes["households"].sum() == 250_000
    assert 24_000 < len(homes) < 26_000
    assert 2.3 < homes["residents"].sum() / homes["households"].sum() < 2.5
    closed = shapely.union_all(district.landmarks.to_crs(ZONE).geometry.to_numpy())
    assert not shapely.intersects(closed, homes.geometry.to_numpy()).any()
    _, away = district.edges.to_crs(ZONE).sindex.nearest(homes.geometry, return_all=False, return_distance=True)
    assert away.max() < 60


def test_the_ground_lies_in_china_and_looks_like_a_city(district):
    west, south, east, north = district.areas.total_bounds
    assert 116 < west < east < 117.5 and 39 < south < north < 40.5
    assert {"water", "rail", "park", "mall", "campus"} == set(district.landmarks["kind"])


def test_cells_have_a_head_and_substitutes_but_for_a_few(district):
    roles = district.assignments.merge(district.workers, left_on="worker_code", right_on="code")
    heads = roles[roles["role"] == "head"]
    assert heads["cell_code"].is_unique
    lonely = set(district.cells["code"]) - set(roles["cell_code"])
    assert 1 <= len(lonely) < 0.05 * len(district.cells)
    assert set(heads["cell_code"]) | lonely == set(district.cells["code"])
    assert (roles["cell_code"].str[:12] == roles["community_code"]).all()
    assert set(roles["role"]) == {"head", "worker", "substitute"}


def test_telephone_numbers_belong_to_nobody(district):
    assert district.workers["phone"].str.fullmatch(r"199000\d{5}").all()
    assert district.workers["phone"].is_unique


def test_a_year_of_incidents_ends_with_five_hundred_waiting(district):
    incidents = district.incidents
    assert len(incidents) == 50_000
    assert incidents["reported_at"].is_monotonic_increasing
    assert incidents["reported_at"].between(AS_OF - timedelta(days=366), AS_OF).all()
    assert incidents["dispatched_at"].isna().to_numpy().nonzero()[0].tolist() == list(range(49_500, 50_000))
    moments = incidents[["reported_at", "dispatched_at"]]
    is_given = moments["dispatched_at"].notna()
    assert (moments["dispatched_at"] > moments["reported_at"])[is_given].all()
    assert moments.max().max() <= AS_OF


def test_incidents_follow_day_week_and_season(district):
    incidents = district.incidents
    local = incidents["reported_at"].dt.tz_convert("Asia/Shanghai")
    by_hour = local.dt.hour.value_counts()
    assert by_hour[9] > 5 * by_hour[3]
    by_day = local.dt.day_of_week.value_counts()
    assert by_day[[0, 1, 2, 3, 4]].mean() > 1.2 * by_day[[5, 6]].mean()
    flooded = local[incidents["category_code"] == "E0401"].dt.month.isin([6, 7, 8, 9])
    assert flooded.mean() > 0.6


def test_incidents_gather_at_hot_spots(district):
    cells = locate(district.cells.geometry.to_numpy(), district.incidents.geometry.to_numpy())
    counts = np.sort(np.bincount(cells, minlength=len(district.cells)))
    assert counts[-len(counts) // 10 :].sum() > 2 * len(cells) / 10


def test_incidents_use_known_minor_categories_and_sources(district):
    minor = {row["code"] for row in reference.rows("categories") if row["parent_code"]}
    assert set(district.incidents["category_code"]) == minor
    assert len(district.incidents["source"].unique()) == 6
    assert (district.incidents["description"].str.len() >= 5).all()


def test_the_year_ends_when_it_is_told_to():
    end = datetime(2030, 3, 1, tzinfo=UTC)
    ground = generate(2, 1, as_of=end)
    assert timedelta(0) <= end - ground.incidents["reported_at"].iloc[-1] < timedelta(hours=9)


def test_progress_runs_from_nothing_to_all():
    seen: list[tuple[int, int, str]] = []
    generate(3, 1, progress=lambda done, total, label: seen.append((done, total, label)))
    done = [each[0] for each in seen]
    assert done == sorted(done)
    assert seen[-1][0] == seen[-1][1] == seen[0][1]
    assert all(label for _, _, label in seen)


@pytest.mark.parametrize("communities", [0, -1, 1_000_000])
def test_sizes_that_no_demo_has_are_refused(communities):
    with pytest.raises(OutsideRange):
        generate(communities)
