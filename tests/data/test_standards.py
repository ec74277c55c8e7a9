"""Checks in the database: what counts for whom, and runs that stay as they are when nothing has changed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, text

from data import reference, standards
from geo.errors import NotFound, NotReady
from geo.standards import assess, figures

DAY = date(2026, 5, 1)
STREET = "110199001000"
SQUARE = "SRID=4490;MULTIPOLYGON((({0} 39, {1} 39, {1} 39.1, {0} 39.1, {0} 39)))"


def add_community(connection: Connection, number: int, **given) -> str:
    code = f"110199001{number:03d}"
    row = {"c": code, "n": f"社区{number}", "k": "new", "h": 1000, "f": "2020-01-01", "t": None} | given
    row["g"] = SQUARE.format(116 + number / 10, 116.1 + number / 10)
    connection.execute(
        text("INSERT INTO unit VALUES (:s, 'street'), (:c, 'community') ON CONFLICT DO NOTHING"), row | {"s": STREET}
    )
    connection.execute(
        text("INSERT INTO area (code, level, parent_code, name, area_class, households, valid_from, valid_to, geom) "
             "VALUES (:c, 'community', '110199001000', :n, :k, :h, :f, :t, :g)"), row,
    )  # fmt: skip
    return code


def add_station(
    connection: Connection, code: str, serves: list[str], *, floor_area_m2: float | None, lon=116.15, **given
):
    row = {"c": code, "a": floor_area_m2, "l": "station", "f": "2020-01-01", "t": None, "x": lon} | given
    facility_id = connection.scalar(
        text("INSERT INTO facility (code, name, level, floor_area_m2, valid_from, valid_to, geom) "
             "VALUES (:c, :c, :l, :a, :f, :t, ST_SetSRID(ST_MakePoint(:x, 39.05), 4490)) RETURNING id"), row,
    )  # fmt: skip
    for community in serves:
        connection.execute(
            text("INSERT INTO facility_serves VALUES (:f, :c, NULL)"), {"f": facility_id, "c": community}
        )


@pytest.fixture
def ground(connection: Connection) -> Connection:
    reference.load(connection)
    return connection


def check(connection: Connection, name: str = "by-area-class", on: date = DAY):
    given = standards.read(connection, name, on)
    findings = assess(given.communities, given.serves, given.edition.limits, sharing=given.edition.sharing)
    return given, findings


def outcomes(connection: Connection, on: date = DAY) -> list[str]:
    return check(connection, on=on)[1]["outcome"].tolist()


def store(connection: Connection) -> int:
    given, findings = check(connection)
    return standards.store(connection, given, findings, figures(findings))


def test_a_shared_station_counts_for_both_by_their_households(ground: Connection) -> None:
    both = [add_community(ground, 1, h=3000), add_community(ground, 2, h=1000, k="old_city")]
    add_station(ground, "S", both, floor_area_m2=500)
    assert check(ground)[1]["actual_m2"].tolist() == [375, 125]


def test_a_station_that_names_nobody_serves_the_community_it_stands_in(ground: Connection) -> None:
    add_community(ground, 1)
    add_community(ground, 2)
    add_station(ground, "S", [], floor_area_m2=400, lon=116.25)
    assert outcomes(ground) == ["short", "meets"]


def test_only_stations_of_the_day_count(ground: Connection) -> None:
    code = add_community(ground, 1)
    add_station(ground, "OLD", [code], floor_area_m2=400, t="2026-05-01")
    add_station(ground, "CENTRE", [code], floor_area_m2=4000, l="street_centre")
    add_station(ground, "NOW", [code], floor_area_m2=100)
    assert outcomes(ground) == ["short"]
    assert outcomes(ground, on=date(2026, 4, 30)) == ["meets"]


def test_only_communities_of_the_day_are_checked(ground: Connection) -> None:
    add_community(ground, 1, t="2026-05-01")
    add_community(ground, 2)
    assert check(ground)[1]["code"].tolist() == ["110199001002"]


def test_findings_are_stored_with_the_stations_that_count(ground: Connection) -> None:
    code = add_community(ground, 1)
    add_station(ground, "S", [code], floor_area_m2=300)
    run = store(ground)
    finding = ground.execute(text("SELECT * FROM finding WHERE run_id = :r"), {"r": run}).one()
    assert (finding.outcome, finding.required_m2, finding.actual_m2, finding.missing_m2) == ("short", 350, 300, 50)
    assert finding.detail == {"stations": [{"station": "S", "share": 1.0, "counted_m2": 300.0}]}


def test_an_unknown_outcome_is_stored_with_its_reason(ground: Connection) -> None:
    code = add_community(ground, 1)
    add_station(ground, "S", [code], floor_area_m2=None)
    run = store(ground)
    finding = ground.execute(text("SELECT * FROM finding WHERE run_id = :r"), {"r": run}).one()
    assert finding.outcome == "unknown" and "floor area" in finding.detail["reason"]
    assert finding.missing_m2 is None


def test_an_unchanged_ground_is_recognised_and_a_changed_one_is_not(ground: Connection) -> None:
    code = add_community(ground, 1)
    add_station(ground, "S", [code], floor_area_m2=300)
    assert standards.same_as_latest(ground, check(ground)[0]) is None
    run = store(ground)
    assert standards.same_as_latest(ground, check(ground)[0]) == run
    ground.execute(text("UPDATE facility SET floor_area_m2 = 301"))
    assert standards.same_as_latest(ground, check(ground)[0]) is None


def test_an_unknown_standard_is_not_found_and_the_known_ones_are_named(ground: Connection) -> None:
    with pytest.raises(NotFound, match="by-area-class or citywide"):
        standards.read(ground, "by-favour", DAY)


def test_without_communities_the_message_says_what_to_run(ground: Connection) -> None:
    with pytest.raises(NotReady, match="wangge import communities"):
        standards.read(ground, "citywide", DAY)


def test_without_reference_rows_the_message_says_what_to_run(connection: Connection) -> None:
    with pytest.raises(NotFound, match="wangge db migrate"):
        standards.read(connection, "citywide", DAY)
