"""Every check finds what it is for, with the row, the value, a sentence and the place, and refuses or warns as the table says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from data import reference
from data.imports.findings import severities
from data.imports.options import Report
from tests.conftest import ROOT
from tests.data.files import (
    BOW_TIE,
    COMMUNITY,
    STREET,
    counts,
    put,
    put_with_rejects,
    rows,
    square,
    write_csv,
    write_layer,
)

SECOND = "110199001002"
CELL = f"{COMMUNITY}001"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def layer(path: Path, given: Rows) -> Path:
    return write_layer(path / "layer.geojson", given)


def found(report: Report, check: str) -> Rows:
    return [finding for finding in report.findings if finding["check"] == check]


def one(report: Report, check: str) -> dict[str, Any]:
    assert report.found.get(check) == 1, report.found
    return found(report, check)[0]


@pytest.fixture
def ground(connection: Connection, tmp_path: Path) -> Connection:
    """A street of 0.2° by 0.1° with two communities side by side."""
    put(connection, "streets", layer(tmp_path, [{"code": STREET, "wkt": RECTANGLE}]))
    put(
        connection,
        "communities",
        layer(tmp_path, [{"code": COMMUNITY, "wkt": square()}, {"code": SECOND, "wkt": square(116.1)}]),
    )
    return connection


RECTANGLE = "POLYGON ((116 39, 116.2 39, 116.2 39.1, 116 39.1, 116 39))"


def test_clean_ground_has_no_findings(ground: Connection, tmp_path: Path) -> None:
    file = layer(tmp_path, [{"code": COMMUNITY, "wkt": square()}, {"code": SECOND, "wkt": square(116.1)}])
    report = put(ground, "communities", file)
    assert (report.found, report.warned, report.findings) == ({}, 0, [])


def test_an_overlap_is_told_with_area_and_place(ground: Connection, tmp_path: Path) -> None:
    report = put(ground, "communities", layer(tmp_path, [{"code": SECOND, "wkt": square(116.09, size=0.1)}]))
    told = one(report, "overlap")
    assert (told["line"], told["code"], told["other"], told["severity"]) == (1, SECOND, COMMUNITY, "warn")
    assert told["m2"] == pytest.approx(0.1 * 95.8e6, rel=0.02)
    assert told["place"] == pytest.approx([116.095, 39.05], abs=0.001)
    assert told["text"].endswith(f"m² with {COMMUNITY}")
    assert one(report, "gap")["m2"] == pytest.approx(told["m2"], rel=0.02)


def test_a_gap_is_told_where_it_is(ground: Connection, tmp_path: Path) -> None:
    report = put(ground, "communities", layer(tmp_path, [{"code": SECOND, "wkt": square(116.1, 39.01, 0.09)}]))
    told = one(report, "gap")
    assert (told["line"], told["code"]) == (1, STREET)
    assert told["shape"]["type"] == "MultiPolygon" or told["shape"]["type"] == "Polygon"
    assert counts(report) == (0, 1, 0, 0)


def test_children_outside_their_parent_are_told_from_both_sides(ground: Connection, tmp_path: Path) -> None:
    report = put(ground, "communities", layer(tmp_path, [{"code": SECOND, "wkt": square(116.1, 39.0, 0.11)}]))
    told = one(report, "outside_parent")
    assert (told["line"], told["other"]) == (1, STREET)
    shrunk = put(ground, "streets", layer(tmp_path, [{"code": STREET, "wkt": square(size=0.15)}]))
    assert {told["code"] for told in found(shrunk, "child_outside")} == {SECOND}
    point = write_csv(tmp_path / "p.csv", [{"code": "110199001003", "lon": 117, "lat": 39}])
    assert one(put(ground, "communities", point), "outside_parent")["text"].startswith("its point lies ")


def test_an_unknown_unit_above_is_told_once(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", [{"code": COMMUNITY}, {"code": SECOND}])
    assert one(put(connection, "communities", file), "parent_unknown")["value"] == STREET


def test_the_same_ground_twice_is_refused_and_a_lesser_overlap_told(ground: Connection, tmp_path: Path) -> None:
    cells = [
        {"code": CELL, "wkt": square(size=0.05)},
        {"code": f"{COMMUNITY}002", "wkt": square(116.01, size=0.05)},
        {"code": f"{COMMUNITY}003", "wkt": square(116.0, 39.049, 0.02)},
    ]
    report, refused = put_with_rejects(ground, "cells", layer(tmp_path, cells))
    assert [(line, code) for line, _, code, _ in refused] == [(2, pytest.approx(4 / 5 * 23.9e6, rel=0.03))]
    assert counts(report) == (2, 0, 0, 1)
    assert rows(ground, "SELECT code FROM cell ORDER BY 1") == [(CELL,), (f"{COMMUNITY}003",)]
    assert {(told["line"], told["other"]) for told in found(report, "overlap")} >= {(3, CELL)}
    stored = put(ground, "cells", layer(tmp_path, [{"code": f"{COMMUNITY}004", "wkt": square(size=0.05)}]))
    assert counts(stored) == (0, 0, 0, 1)


def test_a_cell_in_two_communities_is_told(ground: Connection, tmp_path: Path) -> None:
    wide = "POLYGON ((116.05 39, 116.1003 39, 116.1003 39.05, 116.05 39.05, 116.05 39))"
    report = put(ground, "cells", layer(tmp_path, [{"code": CELL, "wkt": wide}]))
    told = one(report, "cell_in_two_communities")
    assert (told["line"], told["other"]) == (1, SECOND)
    assert one(report, "outside_parent")["m2"] == pytest.approx(told["m2"])


def test_a_stray_cell_is_refused_with_its_place(ground: Connection, tmp_path: Path) -> None:
    report, _ = put_with_rejects(ground, "cells", layer(tmp_path, [{"code": CELL, "wkt": square(116.08, size=0.05)}]))
    told = one(report, "cell_stray")
    assert (told["severity"], told["line"], len(told["place"])) == ("refuse", 1, 2)


def test_slivers_and_repeated_vertices_are_told(connection: Connection, tmp_path: Path) -> None:
    thin = (
        "MULTIPOLYGON (((116 39, 116.1 39, 116.1 39.1, 116 39.1, 116 39)), "
        "((116.2 39, 116.200005 39, 116.200005 39.1, 116.2 39.1, 116.2 39)))"
    )
    twice = "POLYGON ((116.3 39, 116.4 39, 116.4 39, 116.4 39.1, 116.3 39.1, 116.3 39))"
    file = layer(tmp_path, [{"code": STREET, "wkt": thin}, {"code": "110199002000", "wkt": twice}])
    report = put(connection, "streets", file)
    assert (one(report, "sliver")["line"], one(report, "repeated_points")["line"]) == (1, 2)
    assert one(report, "repeated_points")["place"] == pytest.approx([116.4, 39], abs=1e-6)


def test_an_invalid_ring_is_refused_where_it_crosses_itself(connection: Connection, tmp_path: Path) -> None:
    told = one(put(connection, "streets", layer(tmp_path, [{"code": STREET, "wkt": BOW_TIE}])), "geometry")
    assert (told["line"], told["code"], told["place"]) == (1, STREET, [116.25, 39.05])


def station(code: str, lon: float, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": code, "lon": lon, "lat": 39.05, "floor_area": 300} | more


def test_two_facilities_in_one_place_or_under_one_name_are_told(connection: Connection, tmp_path: Path) -> None:
    given = [
        station("A", 116.05, level="station"),
        station("B", 116.05001),
        station("C", 116.06, name="站"),
        station("D", 116.062, name="站"),
    ]
    report = put(
        connection, "facilities", write_csv(tmp_path / "f.csv", [*given, station("E", 116.05, level="street_centre")])
    )
    assert [(told["line"], told["other"]) for told in found(report, "facility_twice")] == [(3, "A"), (5, "C")]
    stored = put(connection, "facilities", write_csv(tmp_path / "g.csv", [station("F", 116.05)]))
    assert {told["other"] for told in found(stored, "facility_twice")} == {"A", "B"}


@pytest.mark.parametrize(
    ("area", "check", "stored"),
    [("", "floor_area_absent", 1), ("350000", "floor_area_absurd", 0), ("2", "floor_area_absurd", 0)],
)
def test_floor_areas_are_there_and_possible(
    connection: Connection, tmp_path: Path, area: str, check: str, stored: int
) -> None:
    report = put(connection, "facilities", write_csv(tmp_path / "f.csv", [station("A", 116.05, floor_area=area)]))
    assert (report.found, report.stored) == ({check: 1}, stored)
    assert one(report, check)["line"] == 2


def test_households_that_do_not_add_up_are_told(connection: Connection, tmp_path: Path) -> None:
    put(connection, "streets", write_csv(tmp_path / "s.csv", [{"code": STREET, "households": 1000}]))
    parts = [{"code": COMMUNITY, "households": 400}, {"code": SECOND, "households": 500}]
    told = one(put(connection, "communities", write_csv(tmp_path / "c.csv", parts)), "households_sum")
    assert (told["code"], told["line"], told["value"], told["other"]) == (STREET, 2, 1000, "900")
    better = put(connection, "streets", write_csv(tmp_path / "s.csv", [{"code": STREET, "households": 940}]))
    assert better.found == {"parent_unknown": 1}


def test_codes_of_another_year_are_found_wherever_they_stand(connection: Connection, tmp_path: Path) -> None:
    both, one_left = [{"code": COMMUNITY}, {"code": SECOND}], [{"code": SECOND}]
    put(connection, "communities", write_csv(tmp_path / "a.csv", both), edition=date(2016, 1, 1))
    put(connection, "facilities", write_csv(tmp_path / "f.csv", [station("A", 116.05, serves=COMMUNITY)]))
    report = put(connection, "communities", write_csv(tmp_path / "b.csv", one_left), edition=date(2023, 1, 1))
    assert one(report, "serves_ended")["other"] == COMMUNITY
    old = put(connection, "communities", write_csv(tmp_path / "a.csv", both))
    assert (one(old, "code_ended")["line"], one(old, "code_ended")["severity"]) == (2, "refuse")
    cell = put(connection, "cells", layer(tmp_path, [{"code": CELL, "wkt": square()}]))
    assert one(cell, "code_ended")["value"] == COMMUNITY
    serving = put(connection, "facilities", write_csv(tmp_path / "g.csv", [station("B", 116.05, serves=COMMUNITY)]))
    assert one(serving, "code_ended")["text"] == f"the community {COMMUNITY} ended on 2023-01-01"
    worker = [{"code": "W", "name": "张三", "community_code": COMMUNITY}]
    assert one(put(connection, "workers", write_csv(tmp_path / "w.csv", worker)), "code_ended")["line"] == 2
    back = put(connection, "communities", write_csv(tmp_path / "a.csv", both), edition=date(2024, 1, 1))
    assert one(back, "code_returned")["value"] == COMMUNITY


def test_names_without_end_and_the_year_2999_are_refused(connection: Connection, tmp_path: Path) -> None:
    street = put(connection, "streets", write_csv(tmp_path / "s.csv", [{"code": STREET, "name": "名" * 5000}]))
    assert (counts(street), one(street, "text_long")["field"]) == ((0, 0, 0, 1), "name")
    incident = {"id": "1", "category": "噪声", "reported_at": "2999-01-01 08:00", "lon": 116, "lat": 39}
    told = put(connection, "incidents", write_csv(tmp_path / "i.csv", [incident]))
    assert (counts(told), one(told, "time_ahead")["field"]) == ((0, 0, 0, 1), "reported_at")


def test_the_report_keeps_the_first_of_many_findings_and_counts_all(connection: Connection, tmp_path: Path) -> None:
    many = [station(f"S{n}", 116 + n / 50, floor_area="") for n in range(300)]
    report = put(connection, "facilities", write_csv(tmp_path / "f.csv", many))
    assert (report.found, len(report.findings), report.warned) == ({"floor_area_absent": 300}, 200, 300)


def test_every_check_is_documented_with_what_follows_from_it() -> None:
    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    assert [check for check, severity in severities().items() if f"| `{check}` | {severity} |" not in text] == []


def test_every_number_of_a_check_is_a_dated_row() -> None:
    rules = " ".join(row["rule"] for row in reference.rows("import_checks"))
    named = {word.strip(",.;:") for word in rules.split() if "_" in word}
    assert named - {row["name"] for row in reference.rows("parameters")} == set()
