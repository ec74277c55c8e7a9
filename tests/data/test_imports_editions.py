"""Editions: the whole layer of a ground from a day on. What they add, end and change, and in which order they go in."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from data.days import today
from data.imports.options import Report
from geo.errors import BadFile, BadInput, Conflict
from tests.data.files import COMMUNITY, STREET, counts, put, put_with_rejects, rows, square, write_csv, write_layer

Y2016, Y2020, Y2023 = date(2016, 1, 1), date(2020, 1, 1), date(2023, 1, 1)
VERSIONS = "SELECT code, name, valid_from, valid_to FROM area WHERE level = 'community' ORDER BY code, valid_from"
OTHER_STREET = "110199002001"


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def code(number: int) -> str:
    return f"110199001{number:03}"


def edition(connection: Connection, path: Path, day: date | None, names: dict[int, str], **options: Any) -> Report:
    """Communities of one street by number and name, as the edition of `day`."""
    file = write_csv(path / "c.csv", [{"code": code(number), "name": name} for number, name in names.items()])
    return put(connection, "communities", file, edition=day, **options)


def changed(report: Report) -> tuple[int, ...]:
    """Added, gone, renamed, moved, reshaped."""
    figures = report.figures()
    return tuple(figures[name] for name in ("added", "gone", "renamed", "moved", "reshaped"))


def held(connection: Connection, day: date) -> dict[str, str]:
    on = "SELECT code, name FROM area WHERE level = 'community' AND daterange(valid_from, valid_to) @> CAST(:day AS date)"
    return dict(connection.execute(text(on), {"day": day}).all())  # type: ignore[arg-type]


def test_a_later_edition_closes_opens_and_leaves_alone(connection: Connection, tmp_path: Path) -> None:
    assert changed(edition(connection, tmp_path, Y2016, {1: "甲", 2: "乙", 3: "丙"})) == (3, 0, 0, 0, 0)
    report = edition(connection, tmp_path, Y2023, {1: "甲", 2: "新乙", 4: "丁"})
    assert (counts(report), changed(report)) == ((1, 1, 1, 0), (1, 1, 1, 0, 0))
    assert report.changes["added"] == [{"code": code(4), "name": "丁"}]
    assert report.changes["gone"] == [{"code": code(3), "name": "丙"}]
    assert report.changes["renamed"] == [{"code": code(2), "name": "新乙", "name_before": "乙"}]
    assert rows(connection, VERSIONS) == [
        (code(1), "甲", Y2016, None),
        (code(2), "乙", Y2016, Y2023),
        (code(2), "新乙", Y2023, None),
        (code(3), "丙", Y2016, Y2023),
        (code(4), "丁", Y2023, None),
    ]


def test_every_edition_again_changes_nothing_not_even_the_revision(connection: Connection, tmp_path: Path) -> None:
    first, second = {1: "甲", 2: "乙"}, {1: "新甲", 3: "丙"}
    edition(connection, tmp_path, Y2016, first)
    edition(connection, tmp_path, Y2023, second)
    before = rows(connection, "SELECT revision FROM ground_revision"), rows(connection, VERSIONS)
    for day, names in ((Y2023, second), (Y2016, first)):
        report = edition(connection, tmp_path, day, names)
        assert (counts(report), changed(report)) == ((0, 0, 2, 0), (0, 0, 0, 0, 0))
    assert (rows(connection, "SELECT revision FROM ground_revision"), rows(connection, VERSIONS)) == before


def test_an_edition_of_the_same_day_amends(connection: Connection, tmp_path: Path) -> None:
    edition(connection, tmp_path, Y2023, {1: "甲", 2: "乙"})
    report = edition(connection, tmp_path, Y2023, {1: "甲甲", 3: "丙"})
    assert (counts(report), changed(report)) == ((1, 1, 0, 0), (1, 1, 1, 0, 0))
    assert held(connection, Y2023) == {code(1): "甲甲", code(3): "丙"}
    assert rows(connection, f"SELECT valid_from, valid_to FROM area WHERE code = '{code(2)}'") == [(Y2023, Y2023)]


def test_an_edition_before_all_that_is_known_holds_until_it(connection: Connection, tmp_path: Path) -> None:
    edition(connection, tmp_path, Y2023, {1: "甲", 2: "新乙"})
    report = edition(connection, tmp_path, Y2016, {1: "甲", 2: "乙", 3: "丙"})
    assert (counts(report), report.changes["dated"]) == ((2, 0, 1, 0), [{"code": code(1)}])
    assert held(connection, Y2020) == {code(1): "甲", code(2): "乙", code(3): "丙"}
    assert held(connection, Y2023) == held(connection, today()) == {code(1): "甲", code(2): "新乙"}
    assert rows(connection, f"SELECT count(*) FROM area WHERE code = '{code(1)}'") == [(1,)]


def test_an_edition_between_two_others_is_refused_unless_it_says_nothing_new(
    connection: Connection, tmp_path: Path
) -> None:
    edition(connection, tmp_path, Y2016, {1: "甲", 2: "乙"})
    edition(connection, tmp_path, Y2023, {1: "甲", 3: "丙"})
    before = rows(connection, VERSIONS)
    with pytest.raises(Conflict, match="a later edition of this ground is stored"):
        edition(connection, tmp_path, Y2020, {1: "甲"})
    assert counts(edition(connection, tmp_path, Y2020, {1: "甲", 2: "乙"})) == (0, 0, 2, 0)
    assert rows(connection, VERSIONS) == before


def test_a_code_that_comes_back_is_told_and_only_an_edition_may(connection: Connection, tmp_path: Path) -> None:
    edition(connection, tmp_path, Y2016, {1: "甲", 2: "乙"})
    edition(connection, tmp_path, Y2020, {1: "甲"})
    file = write_csv(tmp_path / "old.csv", [{"code": code(2), "name": "乙"}])
    assert put_with_rejects(connection, "communities", file)[1] == [
        (2, "code", code(2), "ended on 2020-01-01: this file is of an older state")
    ]
    report = edition(connection, tmp_path, Y2023, {1: "甲", 2: "乙"})
    assert report.changes["added"] == [{"code": code(2), "name": "乙", "has_returned": True}]
    assert rows(connection, f"SELECT valid_from, valid_to FROM area WHERE code = '{code(2)}' ORDER BY 1") == [
        (Y2016, Y2020), (Y2023, None),
    ]  # fmt: skip


@pytest.mark.parametrize("days_ago", [0, 30])
def test_rows_without_an_edition_are_caught_up_by_one(connection: Connection, tmp_path: Path, days_ago: int) -> None:
    edition(connection, tmp_path, None, {1: "甲", 2: "乙", 3: "丙"})
    connection.execute(text("UPDATE area SET valid_from = valid_from - CAST(:days AS integer)"), {"days": days_ago})
    report = edition(connection, tmp_path, Y2023, {1: "甲", 2: "新乙", 4: "丁"})
    assert (counts(report), changed(report)) == ((1, 1, 1, 0), (1, 1, 1, 0, 0))
    assert held(connection, today()) == {code(1): "甲", code(2): "新乙", code(4): "丁"}
    assert held(connection, Y2023).keys() >= {code(1), code(4)}
    if days_ago:
        assert held(connection, today() - timedelta(days=1))[code(2)] == "乙"
    again = edition(connection, tmp_path, Y2023, {1: "甲", 2: "新乙", 4: "丁"})
    assert (counts(again), changed(again)) == ((0, 0, 3, 0), (0, 0, 0, 0, 0))


def test_an_edition_of_a_day_to_come_leaves_today_as_it_is(connection: Connection, tmp_path: Path) -> None:
    soon = today() + timedelta(days=30)
    edition(connection, tmp_path, Y2023, {1: "甲", 2: "乙"})
    edition(connection, tmp_path, soon, {1: "新甲", 3: "丙"})
    assert held(connection, today()) == {code(1): "甲", code(2): "乙"}
    assert held(connection, soon) == {code(1): "新甲", code(3): "丙"}
    report = edition(connection, tmp_path, None, {1: "甲甲", 2: "乙乙", 3: "三"})
    assert counts(report) == (1, 2, 0, 0)
    assert held(connection, today()) == {code(1): "甲甲", code(2): "乙乙", code(3): "三"}
    assert held(connection, soon) == {code(1): "新甲", code(3): "丙"}


def test_an_edition_of_one_street_says_nothing_of_others(connection: Connection, tmp_path: Path) -> None:
    put(connection, "communities", write_csv(tmp_path / "o.csv", [{"code": OTHER_STREET}]), edition=Y2016)
    edition(connection, tmp_path, Y2016, {1: "甲", 2: "乙"})
    assert changed(edition(connection, tmp_path, Y2023, {1: "甲"})) == (0, 1, 0, 0, 0)
    assert OTHER_STREET in held(connection, Y2023)


def test_a_refused_row_keeps_its_unit_and_one_without_code_stops_the_edition(
    connection: Connection, tmp_path: Path
) -> None:
    edition(connection, tmp_path, Y2016, {1: "甲", 2: "乙"})
    wrong = [{"code": code(1), "name": "甲", "households": "3"}, {"code": code(2), "name": "乙", "households": "many"}]
    report = put(connection, "communities", write_csv(tmp_path / "w.csv", wrong), edition=Y2023)
    assert (counts(report)[3], changed(report)[1]) == (1, 0)
    assert report.changes["kept"] == [{"code": code(2)}]
    assert held(connection, Y2023) == {code(1): "甲", code(2): "乙"}
    unknown = write_csv(tmp_path / "u.csv", [{"code": code(1)}, {"code": "合计"}])
    with pytest.raises(BadFile, match="the codes of lines 3 can't be told"):
        put(connection, "communities", unknown, edition=Y2023)


def test_moves_and_new_shapes_are_told_and_noise_is_not(connection: Connection, tmp_path: Path) -> None:
    def layer(shift: float, size: float) -> Path:
        east = [{"code": code(1), "lon": 116.05 + shift, "lat": 39.05, "wkt": square(size=size), "note": "a"}]
        return write_layer(tmp_path / "a.geojson", east)

    def points(shift: float, **more: str) -> Path:
        return write_csv(tmp_path / "p.csv", [{"code": code(1), "lon": 116.05 + shift, "lat": 39.05} | more])

    put(connection, "communities", layer(0, 0.1), edition=Y2016)
    put(connection, "communities", points(0), edition=Y2016)
    noise = put(connection, "communities", layer(0, 0.1 + 1e-6), edition=Y2020)
    assert (counts(noise), changed(noise)) == ((0, 0, 1, 0), (0, 0, 0, 0, 0))
    noted = put(connection, "communities", points(1e-5, phone="6"), edition=Y2020)
    assert (counts(noted), changed(noted)) == ((0, 0, 1, 0), (0, 0, 0, 0, 0))
    assert rows(connection, "SELECT valid_from, attributes->>'phone' FROM area") == [(Y2016, "6")]
    moved = put(connection, "communities", points(0.001), edition=Y2023)
    assert changed(moved) == (0, 0, 0, 1, 0)
    assert moved.changes["moved"][0]["moved_m"] == pytest.approx(86.5, abs=1)
    reshaped = put(connection, "communities", layer(0.001, 0.11), edition=Y2023)
    assert changed(reshaped) == (0, 0, 0, 0, 1)
    assert reshaped.changes["reshaped"][0]["reshaped_m2"] == pytest.approx(0.21 * 95.8e6, rel=0.02)


@pytest.fixture
def cells(connection: Connection, tmp_path: Path) -> list[str]:
    """Two communities of one street with two cells each, since 2016, and a worker who heads each of the first one's."""
    shapes = [square(116.0), square(116.1)]
    put(
        connection,
        "streets",
        write_layer(tmp_path / "s.geojson", [{"code": STREET, "wkt": square(size=0.2)}]),
        edition=Y2016,
    )
    areas = [{"code": code(number), "name": "社区", "wkt": shape} for number, shape in enumerate(shapes, 1)]
    put(connection, "communities", write_layer(tmp_path / "a.geojson", areas), edition=Y2016)
    made = [
        {"code": f"{code(area)}00{cell}", "name": "格", "wkt": square(115.9 + 0.1 * area, 38.95 + 0.05 * cell, 0.05)}
        for area in (1, 2) for cell in (1, 2)
    ]  # fmt: skip
    put(connection, "cells", write_layer(tmp_path / "cells.geojson", made), edition=Y2016)
    worker = {"code": "W1", "name": "张三", "community_code": code(1), "cells": f"{code(1)}001:head;{code(1)}002:head"}
    put(connection, "workers", write_csv(tmp_path / "w.csv", [worker]))
    connection.execute(text("UPDATE assignment SET during = tstzrange(now() - interval '1 day', NULL)"))
    return [str(cell["code"]) for cell in made]


def test_cells_of_a_gone_community_end_with_it_and_cases_keep_them(
    connection: Connection, tmp_path: Path, cells: list[str]
) -> None:
    ids = dict(connection.execute(text("SELECT code, id FROM cell")).all())  # type: ignore[arg-type]
    report = edition(connection, tmp_path, Y2023, {2: "社区"})
    assert [gone["code"] for gone in report.changes["closed_below"]] == cells[:2]
    assert [gone["code"] for gone in report.changes["unassigned"]] == cells[:2]
    assert rows(connection, "SELECT code, id, valid_to FROM cell ORDER BY code") == [
        (cell, ids[cell], Y2023 if cell in cells[:2] else None) for cell in cells
    ]
    assert rows(connection, "SELECT count(*) FROM assignment WHERE upper_inf(during)") == [(0,)]


def test_a_street_that_is_gone_takes_its_communities_and_cells_along(
    connection: Connection, tmp_path: Path, cells: list[str]
) -> None:
    file = write_csv(tmp_path / "s.csv", [{"code": "110199002000", "name": "新街道"}])
    report = put(connection, "streets", file, edition=Y2023)
    assert changed(report) == (1, 1, 0, 0, 0)
    assert [gone["code"] for gone in report.changes["closed_below"]] == [code(1), code(2), *cells]
    assert rows(connection, "SELECT count(*) FROM area WHERE valid_to IS NULL") == [(1,)]
    child = write_csv(tmp_path / "c.csv", [{"code": code(1), "name": "社区"}])
    assert "ended on 2023-01-01" in put_with_rejects(connection, "communities", child)[1][0][3]


def test_an_edition_of_cells_is_that_of_its_communities(
    connection: Connection, tmp_path: Path, cells: list[str]
) -> None:
    one = [{"code": cells[0], "name": "格", "wkt": square(116.0, 39.0, 0.06)}]
    report = put(connection, "cells", write_layer(tmp_path / "n.geojson", one), edition=Y2023)
    assert (changed(report), report.changes["gone"][0]["code"]) == ((0, 1, 0, 0, 1), cells[1])
    assert rows(connection, "SELECT count(*) FROM cell WHERE valid_to IS NULL") == [(3,)]


def test_an_edition_of_facilities_is_that_of_its_district_and_level(connection: Connection, tmp_path: Path) -> None:
    def stations(*given: tuple[str, str, str]) -> Path:
        lines = [
            {"code": name, "level": level, "serves": serves, "lon": "116.05", "lat": "39.05"}
            for name, level, serves in given
        ]
        return write_csv(tmp_path / "f.csv", lines)

    edition(connection, tmp_path, Y2016, {1: "甲"})
    put(connection, "communities", write_csv(tmp_path / "e.csv", [{"code": "110198001001"}]))
    told = [
        ("S1", "station", COMMUNITY),
        ("S2", "station", COMMUNITY),
        ("C1", "street_centre", COMMUNITY),
        ("S9", "station", "110198001001"),
    ]
    put(connection, "facilities", stations(*told), edition=Y2016)
    report = put(
        connection, "facilities", stations(("S1", "station", COMMUNITY), ("S3", "station", COMMUNITY)), edition=Y2023
    )
    assert (changed(report), report.changes["gone"][0]["code"]) == ((1, 1, 0, 0, 0), "S2")
    assert rows(connection, "SELECT code FROM facility WHERE valid_to IS NULL ORDER BY 1") == [
        ("C1",),
        ("S1",),
        ("S3",),
        ("S9",),
    ]


def test_what_has_no_versions_has_no_editions(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "r.csv", [{"external_id": "1", "households": "3", "lon": "116", "lat": "39"}])
    with pytest.raises(BadInput, match="residences have no editions"):
        put(connection, "residences", file, edition=Y2023)
