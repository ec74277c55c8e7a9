"""Every real file goes in as docs/real-data.md tells: rows, rejects with reasons, and nothing the second time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Geod
from sqlalchemy import Connection, text

from geo.datum import convert
from geo.errors import BadFile
from tests.data.files import counts, put, put_with_rejects, rows

pytestmark = pytest.mark.real_data

BOSTON = {"columns": {"code": "Neighborhood_ID", "name": "Name"}, "under": "990101001"}


@pytest.fixture
def data(connection: Connection, real_data: Path) -> Path:
    return real_data


@pytest.fixture
def boston(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Measured in UTM 19 N."""
    from data.settings import settings

    monkeypatch.setenv("WANGGE_METRIC_SRID", "26919")
    settings.cache_clear()
    return data


def test_15_streets_cover_their_district(connection: Connection, data: Path) -> None:
    file = data / "xicheng_streets.geojson"
    assert counts(put(connection, "streets", file)) == (15, 0, 0, 0)
    assert counts(put(connection, "streets", file)) == (0, 0, 15, 0)
    km2 = text("SELECT sum(ST_Area(ST_Transform(geom, 4548))) / 1e6 FROM area")
    assert connection.scalar(km2) == pytest.approx(49.9, abs=0.2)


def test_263_codes_148_of_them_with_a_point_are_later_given_derived_boundaries(
    connection: Connection, data: Path
) -> None:
    codes, boundaries = data / "xicheng_communities.csv", data / "xicheng_communities_thiessen_DERIVED.geojson"
    assert counts(put(connection, "communities", codes)) == (263, 0, 0, 0)
    assert rows(connection, "SELECT count(point), count(geom) FROM area") == [(148, 0)]
    assert counts(put(connection, "communities", boundaries)) == (0, 148, 0, 0)
    assert rows(connection, "SELECT count(point), count(geom), count(*) FILTER (WHERE is_derived) FROM area") == [
        (148, 148, 148)
    ]
    assert counts(put(connection, "communities", codes)) == (0, 0, 263, 0)
    assert counts(put(connection, "communities", boundaries)) == (0, 0, 148, 0)


def test_points_of_both_datums_agree_after_conversion(data: Path) -> None:
    given = pd.read_csv(data / "xicheng_communities.csv").dropna(subset=["lon_gcj02"])
    lon, lat = convert(given["lon_gcj02"], given["lat_gcj02"], source="gcj02")
    off_m = Geod(ellps="GRS80").inv(lon, lat, given["lon_wgs84"], given["lat_wgs84"])[2]
    assert len(given) == 148
    assert off_m.max() < 0.2


def test_261_codes_of_2016_go_in_with_shifted_points(connection: Connection, data: Path) -> None:
    put(connection, "streets", data / "xicheng_streets.geojson")
    report = put(connection, "communities", data / "xicheng_communities_2016_vonng.csv", datum="gcj02")
    assert counts(report) == (261, 0, 0, 0)
    at_home = """
        SELECT count(*), count(s.id) FROM area c LEFT JOIN area s ON s.code = c.parent_code AND ST_Covers(s.geom, c.point)
        WHERE c.point IS NOT NULL
    """
    points, inside = connection.execute(text(at_home)).one()
    assert points == 156
    assert inside >= 148


@pytest.mark.parametrize(
    ("is_derived_too", "told"),
    [
        (True, r"105 of 156 rows lie in their unit \(142 in any\); .* be 153 \(155 in any\)"),
        (False, r"104 of 156 rows lie in their unit \(137 in any\); .* be 148 \(150 in any\)"),
    ],
)
def test_points_of_a_web_map_stop_the_import_until_their_datum_is_said(
    connection: Connection, data: Path, tmp_path: Path, is_derived_too: bool, told: str
) -> None:
    """With the street that was drawn from the gap, and with the 14 real ones alone."""
    streets = gpd.read_file(data / "xicheng_streets.geojson")
    is_kept = is_derived_too | ~streets["src"].str.lower().str.contains("derived")
    streets[is_kept].to_file(tmp_path / "s.geojson")
    put(connection, "streets", tmp_path / "s.geojson")
    with pytest.raises(BadFile, match=rf"read as wgs84, {told}: say --datum gcj02"):
        put(connection, "communities", data / "xicheng_communities_2016_vonng.csv")
    assert rows(connection, "SELECT count(*) FROM area WHERE level = 'community'") == [(0,)]


def test_the_codes_of_2016_and_2023_are_two_editions(connection: Connection, data: Path) -> None:
    def edition(file: str, year: int, **options: str) -> dict[str, int]:
        figures = put(connection, "communities", data / file, edition=date(year, 1, 1), **options).figures()
        return {name: figures[name] for name in ("added", "gone", "renamed", "moved", "reshaped", "unchanged")}

    old, new = ("xicheng_communities_2016_vonng.csv", 2016), ("xicheng_communities.csv", 2023)
    none = {"added": 0, "gone": 0, "renamed": 0, "moved": 0, "reshaped": 0}
    assert edition(*old, datum="gcj02") == none | {"added": 261, "unchanged": 0}
    assert edition(*new) == none | {"added": 23, "gone": 21, "renamed": 2, "unchanged": 238}
    assert edition(*new) == none | {"unchanged": 263}
    assert edition(*old, datum="gcj02") == none | {"unchanged": 261}
    versions = "SELECT valid_from::text, valid_to::text, count(*) FROM area GROUP BY 1, 2 ORDER BY 1, 2"
    assert rows(connection, versions) == [
        ("2016-01-01", "2023-01-01", 23),
        ("2016-01-01", None, 238),
        ("2023-01-01", None, 25),
    ]


def test_6_of_111_streets_are_refused_unless_mended(connection: Connection, data: Path) -> None:
    file, told = data / "beijing_111_jiedao_hsar.geojson", {"columns": {"code": "id"}, "under": "110199"}
    report, refused = put_with_rejects(connection, "streets", file, **told)
    assert counts(report) == (105, 0, 0, 6)
    assert all("elf-intersection[" in reason for _, _, _, reason in refused)
    mended = put(connection, "streets", file, **told, is_repairing=True)
    assert (counts(mended), mended.repaired) == ((6, 0, 105, 0), 6)
    assert all(abs(row["area_after_m2"] - row["area_before_m2"]) < 1 for row in mended.repairs)


def test_a_street_network_goes_in_but_for_a_line_without_length(connection: Connection, data: Path) -> None:
    folder = data / "beijing_osm2013"
    report, refused = put_with_rejects(connection, "network", folder / "edges.csv.gz", nodes=folder / "nodes.csv")
    assert counts(report) == (41_507, 0, 0, 1)
    assert refused[0][3].startswith("Too few points in geometry component")
    assert rows(connection, "SELECT count(*) FROM street_node") == [(31_065,)]
    walkable = rows(
        connection, "SELECT count(*) FILTER (WHERE is_walkable), round(sum(length_m) / 1000) FROM street_edge"
    )
    assert walkable == [(37_903, 7928)]


def test_1_of_25_neighbourhoods_is_refused_unless_mended(connection: Connection, boston: Path) -> None:
    file = boston / "boston_neighborhoods.geojson"
    report, refused = put_with_rejects(connection, "communities", file, **BOSTON)
    assert (counts(report), refused[0][3][:22]) == ((24, 0, 0, 1), "Ring Self-intersection")
    assert counts(put(connection, "communities", file, **BOSTON, is_repairing=True)) == (1, 0, 24, 0)


@pytest.mark.slow
def test_121145_requests_go_in_once(connection: Connection, boston: Path) -> None:
    file = boston / "boston_311_2015.csv.gz"
    assert counts(put(connection, "incidents", file, timezone="America/New_York")) == (121_145, 0, 0, 0)
    assert rows(connection, "SELECT count(DISTINCT category_code) FROM incident") == [(158,)]
    kept = text(
        "SELECT count(*) FILTER (WHERE attributes ? 'due_at'), count(*) FILTER (WHERE attributes ? 'closed_at') FROM incident"
    )
    assert connection.execute(kept).one() == (94_154, 101_272)
    assert (
        connection.scalar(text("SELECT count(*) FROM case_file WHERE state = 'filed' AND located IS NULL")) == 121_145
    )
    assert counts(put(connection, "incidents", file, timezone="America/New_York")) == (0, 0, 121_145, 0)
