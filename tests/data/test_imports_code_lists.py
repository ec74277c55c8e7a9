"""Streets and communities that a file only names: codes from a list, from what is stored, or provisional ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection

from geo.errors import BadFile, BadInput
from tests.data.files import counts, put, put_with_rejects, rows, square, write_csv

COUNTIES = [{"code": "110198", "name": "东区"}, {"code": "110199", "name": "西区"}]
STORED = "SELECT code, name, attributes ->> 'code_by' FROM area WHERE valid_to IS NULL ORDER BY code"


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def named(path: Path, *names: tuple[str, str], above: str = "县") -> Path:
    """Squares side by side with the name of the unit above."""
    told = [{above: over, "乡": name, "wkt": square(116 + n / 10)} for n, (over, name) in enumerate(names)]
    return write_csv(path / "named.csv", told)


def listed(path: Path, *units: tuple[str, str]) -> Path:
    return write_csv(path / "list.csv", COUNTIES + [{"code": code, "name": name} for code, name in units])


def test_names_are_found_in_a_list_within_the_unit_above(connection: Connection, tmp_path: Path) -> None:
    codes = listed(
        tmp_path, ("110198001000", "八里庄街道办事处"), ("110199001", "八里庄街道"), ("110199100000", "城关镇")
    )
    file = named(tmp_path, ("西区", "八里庄街道"), ("东区", "八里庄街道"), ("西区", "城关地区"), ("西区", "无名乡"))
    report, refused = put_with_rejects(connection, "streets", file, codes=codes)
    assert counts(report) == (3, 0, 0, 1)
    assert [row[1] for row in rows(connection, STORED)] == ["八里庄街道", "八里庄街道", "城关地区"]
    assert [row[0] for row in rows(connection, STORED)] == ["110198001000", "110199001000", "110199100000"]
    assert refused == [(5, "name", "无名乡", "no unit of this name is known")]
    assert report.remarks == ["the file has no codes: 3 found by their names, 0 provisional, 1 unknown"]


def test_a_name_of_several_units_is_refused(connection: Connection, tmp_path: Path) -> None:
    codes = listed(tmp_path, ("110198001000", "八里庄街道"), ("110199001000", "八里庄街道"))
    file = write_csv(tmp_path / "f.csv", [{"乡": "八里庄街道"}, {"乡": ""}])
    _, refused = put_with_rejects(connection, "streets", file, codes=codes)
    assert [row[3] for row in refused] == [
        "several units have this name: 110198001000, 110199001000",
        "has neither a code nor a name",
    ]
    assert put(connection, "streets", file, codes=codes, under="110199").stored == 1


def test_provisional_codes_are_marked_and_come_back_to_the_same_units(connection: Connection, tmp_path: Path) -> None:
    """Also 城关乡 beside 城关镇, and 八里庄 in two counties. A row before them does not shift them."""
    units = [("西区", "八里庄街道"), ("东区", "八里庄街道"), ("西区", "城关镇"), ("西区", "城关乡")]
    codes = listed(tmp_path)
    report = put(connection, "streets", named(tmp_path, *units), codes=codes, is_provisional=True)
    assert (counts(report), report.found["code_provisional"]) == ((4, 0, 0, 0), 4)
    first = rows(connection, STORED)
    assert first == [
        ("110198901000", "八里庄街道", "provisional"),
        ("110199901000", "八里庄街道", "provisional"),
        ("110199902000", "城关镇", "provisional"),
        ("110199903000", "城关乡", "provisional"),
    ]
    again = put(connection, "streets", named(tmp_path, *units), codes=codes, is_provisional=True)
    assert (counts(again), again.found["code_provisional"]) == ((0, 0, 4, 0), 4)
    put(connection, "streets", named(tmp_path, ("西区", "前门街道"), *units), codes=codes, is_provisional=True)
    assert [row for row in rows(connection, STORED) if row[1] != "前门街道"] == first


def test_communities_are_found_by_the_street_that_a_list_names_beside_them(
    connection: Connection, tmp_path: Path
) -> None:
    listed = [
        {"code": "110199001004", "name": "府右街社区居委会", "street_code": "110199001000", "street_name": "长安街街道"}
    ]
    codes = write_csv(tmp_path / "list.csv", listed)
    file = write_csv(
        tmp_path / "f.csv", [{"街道": "长安街", "社区": "府右街社区"}, {"街道": "长安街", "社区": "新社区"}]
    )
    report = put(connection, "communities", file, codes=codes, is_provisional=True)
    assert [row[0] for row in rows(connection, STORED)] == ["110199001004", "110199001901"]
    assert report.found["code_provisional"] == 1


def test_what_can_t_be_looked_up_is_refused_as_a_whole(connection: Connection, tmp_path: Path) -> None:
    codes = listed(tmp_path)
    file = write_csv(tmp_path / "f.csv", [{"说明": "a", "wkt": square()}])
    with pytest.raises(BadFile, match="neither codes nor names"):
        put(connection, "streets", file, codes=codes)
    with pytest.raises(BadInput, match="looked up by names for streets and communities, not for cells"):
        put(connection, "cells", file, codes=codes)
    with pytest.raises(BadFile, match=r"f\.csv: no column for code"):
        put(connection, "streets", named(tmp_path, ("西区", "一")), codes=file)
    coded = put(connection, "streets", write_csv(tmp_path / "f.csv", [{"code": "110199001000"}]), codes=codes)
    assert coded.remarks == ["the file has codes of its own, in code: none was looked up"]
