"""Service areas of the demo district: all built, counted by distance, kept when nothing has changed, never half stored."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from data.service_areas import KEPT_BUILDS
from flows import cli
from flows.build_service_areas import NO_COMMUNITIES, NO_HOMES, build
from geo.errors import NotReady, OutsideRange

FAR = "SRID=4490;POINT(110.5 35.5)"


@pytest.fixture(scope="module")
def start(demo_template: str) -> str:
    return demo_template


@pytest.fixture
def changed(engine: Engine) -> Iterator[Engine]:
    """A ground that a test may change at one station: it is put back afterwards."""
    remembered = text("SELECT id, ST_AsEWKT(geom) AS geom FROM facility")
    with engine.connect() as connection:
        rows = connection.execute(remembered).mappings().all()
    yield engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE facility SET geom = :geom WHERE id = :id"), [dict(row) for row in rows])


def scalar(engine: Engine, query: str, **given):
    with engine.connect() as connection:
        return connection.scalar(text(query), given)


def move_a_station(engine: Engine, where: str = FAR) -> str:
    with engine.begin() as connection:
        return connection.scalar(
            text("UPDATE facility SET geom = :g WHERE id = (SELECT min(id) FROM facility WHERE level = 'station') "
                 "RETURNING code"), {"g": where},
        )  # fmt: skip


@pytest.fixture(scope="module")
def by_network(engine: Engine) -> dict:
    return build("network")


@pytest.fixture(scope="module")
def by_radius(engine: Engine) -> dict:
    return build("radius")


def test_every_station_of_the_demo_has_its_area(engine: Engine, by_network: dict) -> None:
    stations = scalar(engine, "SELECT count(*) FROM facility WHERE level = 'station'")
    assert (by_network["facilities"], by_network["built"], by_network["failed"]) == (stations, stations, 0)
    assert by_network["minutes"] == 20 and by_network["method"] == "network"
    areas = "SELECT count(*) FROM service_area WHERE build_id = :b AND ST_IsValid(geom) AND area_m2 > 0"
    assert scalar(engine, areas, b=by_network["build"]) == stations


def test_along_the_streets_fewer_people_are_reached_than_in_a_straight_line(
    engine: Engine, by_network: dict, by_radius: dict
) -> None:
    reached = "SELECT sum(households) FROM service_area WHERE build_id = :b"
    along, straight = (scalar(engine, reached, b=found["build"]) for found in (by_network, by_radius))
    assert along < 0.75 * straight
    assert by_network["area_covered_pct"] <= by_radius["area_covered_pct"] <= 100


def test_straight_lines_count_what_postgis_counts(engine: Engine, by_radius: dict) -> None:
    theirs = """
        SELECT sum(r.households) FROM facility f JOIN residence r
        ON ST_DWithin(ST_Transform(f.geom, 4548), ST_Transform(r.geom, 4548), 1600) WHERE f.id = :f
    """
    for row in some_areas(engine, by_radius["build"]):
        assert row.households == scalar(engine, theirs, f=row.facility_id)


def some_areas(engine: Engine, build_id: int):
    with engine.connect() as connection:
        wanted = text("SELECT * FROM service_area WHERE build_id = :b ORDER BY facility_id LIMIT 3")
        return connection.execute(wanted, {"b": build_id}).all()


def test_the_polygons_agree_with_the_doors(engine: Engine, by_network: dict) -> None:
    """The households inside a polygon are nearly those that were counted by distance."""
    with engine.connect() as connection:
        given = {"b": by_network["build"]}
        areas = gpd.read_postgis(text("SELECT * FROM service_area WHERE build_id = :b"), connection, params=given)
        homes = gpd.read_postgis(text("SELECT households, geom FROM residence"), connection)
    area, home = shapely.STRtree(homes.geometry).query(areas.geometry, predicate="intersects")
    inside = homes["households"].to_numpy()[home].sum()
    assert inside == pytest.approx(areas["households"].sum(), rel=0.01)
    assert len(set(area)) == len(areas)


def test_coverage_adds_up_to_the_answer(engine: Engine, by_network: dict) -> None:
    sums = "SELECT sum(households_covered) FROM service_coverage WHERE build_id = :b"
    assert scalar(engine, sums, b=by_network["build"]) == by_network["households_covered"]
    assert scalar(engine, "SELECT count(*) FROM service_coverage WHERE build_id = :b", b=by_network["build"]) == 148
    more = (
        "SELECT count(*) FROM service_coverage WHERE households_covered > households OR area_covered_m2 > area_m2 + 1"
    )
    assert scalar(engine, more) == 0


def test_building_on_an_unchanged_ground_keeps_the_build(engine: Engine, by_network: dict) -> None:
    again = build("network")
    assert (again["build"], again["is_new"]) == (by_network["build"], False)
    assert {key: again[key] for key in by_network if key not in ("is_new", "seconds")} == {
        key: by_network[key] for key in by_network if key not in ("is_new", "seconds")
    }


def test_a_facility_far_from_every_street_fails_with_a_reason_and_the_others_are_built(changed: Engine) -> None:
    code = move_a_station(changed)
    found = build("network")
    assert (found["built"], found["failed"]) == (found["facilities"] - 1, 1)
    assert found["failures"][0]["code"] == code and "no walkable street" in found["failures"][0]["reason"]
    stored = scalar(changed, "SELECT count(*) FROM service_area WHERE build_id = :b", b=found["build"])
    assert stored == found["built"]


def test_only_the_last_builds_of_a_kind_are_kept(changed: Engine, by_radius: dict) -> None:
    for _ in range(KEPT_BUILDS + 1):
        newest = build("radius", 3, force=True)
    ids = "SELECT count(*), max(id) FROM service_build WHERE method = 'radius' AND minutes = 3"
    with changed.connect() as connection:
        assert tuple(connection.execute(text(ids)).one()) == (KEPT_BUILDS, newest["build"])
    assert scalar(changed, "SELECT count(*) FROM service_build WHERE id = :b", b=by_radius["build"]) == 1


def test_a_failure_while_storing_leaves_the_build_before(changed: Engine, by_radius: dict) -> None:
    with changed.begin() as connection:
        connection.execute(text("ALTER TABLE service_coverage ADD CONSTRAINT broken CHECK (false) NOT VALID"))
    try:
        with pytest.raises(Exception, match="broken"):
            build("radius", force=True)
    finally:
        with changed.begin() as connection:
            connection.execute(text("ALTER TABLE service_coverage DROP CONSTRAINT broken"))
    newest = "SELECT max(b.id) FROM service_build b JOIN service_area a ON a.build_id = b.id WHERE method = 'radius'"
    assert scalar(changed, newest + " AND minutes = 20") == by_radius["build"]


def test_two_builds_at_once_store_one(changed: Engine) -> None:
    barrier, found = threading.Barrier(2), []

    def race() -> None:
        barrier.wait()
        found.append(build("radius", 7))

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one["build"] for one in found}) == 1 and sum(one["is_new"] for one in found) == 1


def test_street_centres_have_builds_of_their_own(engine: Engine, by_radius: dict) -> None:
    found = build("radius", level="street_centre")
    assert found["facilities"] == 15 and found["build"] != by_radius["build"]
    assert build("radius")["build"] == by_radius["build"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return CliRunner().invoke(cli.build(), ["service-areas", "build", *arguments])


def test_the_command_answers_with_one_line_of_json(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, "--method", "radius", "--minutes", "15", "--json")
    answer = json.loads(done.stdout.splitlines()[-1])
    assert done.exit_code == 0 and (answer["minutes"], answer["method"]) == (15, "radius")
    figures = ("facilities", "built", "failed", "households_covered_pct", "area_covered_pct", "seconds")
    assert set(figures) <= set(answer)


def test_the_command_lists_what_could_not_be_built(changed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    code = move_a_station(changed)
    done = run(monkeypatch, "--minutes", "4")
    assert done.exit_code == 0
    assert f"not built: {code}" in done.stderr and "no walkable street" in done.stderr


def test_an_unknown_method_is_wrong_usage(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--method", "flying").exit_code == 2


@pytest.mark.parametrize("minutes", [0, 600, -1])
def test_minutes_that_make_no_sense_are_refused(engine: Engine, minutes: float) -> None:
    with pytest.raises(OutsideRange):
        build("network", minutes)


def test_what_is_missing_is_said(engine: Engine) -> None:
    """Step by step on a ground that loses its parts: homes, communities, streets, stations."""
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE residence"))
        connection.execute(text("UPDATE area SET geom = NULL WHERE level = 'community'"))
    found = build("network", 5)
    assert (found["households"], found["households_covered_pct"], found["area_covered_pct"]) == (0, None, None)
    assert found["warnings"] == [NO_HOMES, NO_COMMUNITIES] and found["built"] == found["facilities"]
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE street_edge CASCADE"))
    with pytest.raises(NotReady, match="wangge import network"):
        build("network", 5)
    assert build("radius", 5)["built"] == found["facilities"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE facility SET valid_to = current_date"))
    with pytest.raises(NotReady, match="wangge import facilities"):
        build("radius", 5)
