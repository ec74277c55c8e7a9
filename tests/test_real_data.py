"""From real files to cells, service areas and dispatched cases: what docs/real-data.md tells, held true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, text

from data import database, reckoning, reference, scores
from data.database import driver_connection, forget_engines
from data.imports.options import Options, Report
from flows import build_service_areas, cut_cells, dispatcher, import_layers
from geo.scores import is_late

pytestmark = pytest.mark.real_data


@pytest.fixture(autouse=True, scope="module")
def reference_rows(engine: Engine, real_data: Path) -> None:
    with engine.begin() as connection:
        reference.load(connection)


def bring(kind: str, file: Path, **options: object) -> Report:
    return import_layers.run(kind, file, Options(**options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def xicheng(engine: Engine, real_data: Path) -> Iterator[Engine]:
    """15 streets, 148 derived communities, the street network of Beijing, a station at every community's point."""
    network, codes = real_data / "beijing_osm2013", real_data / "xicheng_communities.csv"
    bring("streets", real_data / "xicheng_streets.geojson")
    bring("communities", real_data / "xicheng_communities_thiessen_DERIVED.geojson")
    bring("network", network / "edges.csv.gz", nodes=network / "nodes.csv")
    columns = {"lon": "lon_gcj02", "lat": "lat_gcj02", "code": "code", "serves": "code"}
    bring("facilities", codes, columns=columns, datum="gcj02")
    yield engine


def test_squares_tile_148_derived_communities(xicheng: Engine) -> None:
    found = cut_cells.cut_all(low=None, high=None, cell_m=200.0)
    assert found["communities"] == 148
    with xicheng.connect() as connection:
        assert worst_tiling(connection) < 1e-4  # an edge that is straight in metres bends by millimetres in degrees


def worst_tiling(connection: Connection) -> float | None:
    """The largest share of a community that its cells leave open or cover twice."""
    return connection.scalar(
        text("""
            SELECT max(abs(1 - cells.inside / ST_Area(area.geom))) FROM area JOIN LATERAL (
                SELECT sum(ST_Area(cell.geom)) AS inside FROM cell WHERE cell.community_code = area.code
            ) AS cells ON true WHERE area.level = 'community' AND area.geom IS NOT NULL
        """)
    )


@pytest.mark.parametrize(("method", "share_of_ground_pct"), [("network", 97), ("radius", 99.9)])
def test_every_station_gets_its_20_minute_area(xicheng: Engine, method: str, share_of_ground_pct: float) -> None:
    found = build_service_areas.build(minutes=20, method=method)
    assert (found["facilities"], found["built"], found["failed"]) == (148, 148, 0)
    assert found["area_covered_pct"] >= share_of_ground_pct
    with xicheng.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM service_area WHERE NOT ST_IsValid(geom)")) == 0


def test_streets_never_reach_farther_than_the_straight_line(xicheng: Engine) -> None:
    for method in ("network", "radius"):
        build_service_areas.build(minutes=20, method=method)
    with xicheng.connect() as connection:
        areas = text("SELECT method, sum(area_m2) FROM service_area JOIN service_build b ON b.id = build_id GROUP BY 1")
        by_method = {row.method: row.sum for row in connection.execute(areas)}
    assert by_method["network"] < by_method["radius"]


@pytest.fixture
def boston(databases, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """A second database, measured in UTM 19 N, with Boston's time."""
    monkeypatch.setenv("WANGGE_DATABASE_URL", databases.create("boston", template))
    monkeypatch.setenv("WANGGE_METRIC_SRID", "26919")
    monkeypatch.setenv("WANGGE_TIMEZONE", "America/New_York")
    forget_engines()
    with database.engine().begin() as connection:
        reference.load(connection)
    yield
    monkeypatch.undo()
    forget_engines()


def test_every_request_of_a_year_is_dispatched_by_cells_cut_from_neighbourhoods(boston: None, real_data: Path) -> None:
    names = {"code": "Neighborhood_ID", "name": "Name"}
    neighbourhoods = real_data / "boston_neighborhoods.geojson"
    bring("communities", neighbourhoods, columns=names, under="990101001", is_repairing=True)
    cut_cells.cut_all(low=None, high=None, cell_m=200.0)
    brought = bring(
        "incidents", real_data / "boston_311_2015.csv.gz", columns={"category": "TYPE", "reported_at": "OPEN_DT"}
    )
    found = dispatcher.drain()
    assert (brought.read, brought.rejected, found.taken, found.dispatched) == (121_145, 0, 121_145, 121_145)
    assert found.inside + found.border + found.gap + found.backstop == found.taken
    assert found.inside / found.taken > 0.999
    assert found.backstop <= 25


AS_OF = date(2016, 1, 13)
"""The file was drawn after its last closing, on the evening of 12 January, and before its next target, on the 13th at 8."""


def test_every_request_of_a_year_ends_as_the_city_says_and_is_late_when_the_city_says(
    boston: None, real_data: Path
) -> None:
    bring(
        "incidents", real_data / "boston_311_2015.csv.gz",
        columns={"category": "TYPE", "reported_at": "OPEN_DT"}, is_history=True,
    )  # fmt: skip
    assert dispatcher.drain().dispatched == 19_873
    with database.engine().connect() as connection:
        facts = reckoning.read(connection, scores.basis(driver_connection(connection), scores.midnight(AS_OF))).facts
        told = pd.DataFrame(
            connection.execute(text(TOLD)).fetchall(), columns=["id", "flag", "status", "state"]
        ).set_index("id")
        assert scores.compare(driver_connection(connection))["differing"] == 0
    assert told.value_counts(["status", "state"]).to_dict() == {
        ("Closed", "closed"): 101_272,
        ("Open", "dispatched"): 19_873,
    }
    late = pd.Series(is_late(facts, scores.plain_utc(scores.midnight(AS_OF))), facts.index).map(
        {True: "OVERDUE", False: "ONTIME"}
    )
    has_flag, has_clock = told["flag"].notna(), facts["due_at"].notna()
    assert (late == told["flag"])[has_flag].sum() == has_flag.sum() == 120_992
    assert (has_flag & has_clock).sum() == 94_001
    assert late[~has_flag].value_counts().to_dict() == {"OVERDUE": 153}


TOLD = """
    SELECT id, attributes ->> 'OnTime_Status', attributes ->> 'case_status', state
    FROM incident JOIN case_file USING (id) ORDER BY id
"""
