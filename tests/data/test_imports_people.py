"""Homes and workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.data.files import COMMUNITY, counts, put, put_with_rejects, rows, square, write_csv, write_layer

FIRST, SECOND = f"{COMMUNITY}001", f"{COMMUNITY}002"
DUTY = """
    SELECT w.code, a.cell_code, a.role FROM assignment a JOIN worker w ON w.id = a.worker_id
    WHERE a.during @> now() AND upper_inf(a.during) ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


@pytest.fixture
def cells(connection: Connection, tmp_path: Path) -> None:
    file = [{"code": FIRST, "wkt": square(size=0.05)}, {"code": SECOND, "wkt": square(116.05, size=0.05)}]
    put(connection, "cells", write_layer(tmp_path / "cells.geojson", file))


def workers(path: Path, *people: tuple[str, str], **more: str) -> Path:
    rows = [
        {
            "工号": code,
            "姓名": "张三",
            "手机": "13800001234",
            "类型": "专职",
            "社区代码": COMMUNITY,
            "网格": cells,
            **more,
        }
        for code, cells in people
    ]
    return write_csv(path / "workers.csv", rows)


def test_homes_are_amended_in_place(connection: Connection, tmp_path: Path) -> None:
    def homes(households: int) -> Path:
        return write_csv(
            tmp_path / "h.csv", [{"楼栋编号": "B1", "户数": households, "地址": "1 号", "经度": 116, "纬度": 39}]
        )

    assert counts(put(connection, "residences", homes(60))) == (1, 0, 0, 0)
    assert counts(put(connection, "residences", homes(60))) == (0, 0, 1, 0)
    assert counts(put(connection, "residences", homes(61))) == (0, 1, 0, 0)
    assert rows(connection, "SELECT external_id, households, residents, address FROM residence") == [
        ("B1", 61, None, "1 号")
    ]


def test_homes_are_held_against_their_communities(connection: Connection, tmp_path: Path) -> None:
    told = [
        {"code": f"{COMMUNITY[:11]}{n}", "name": "甲", "households": 100, "wkt": square(116 + n / 10)}
        for n in range(1, 5)
    ]
    put(connection, "communities", write_csv(tmp_path / "c.csv", told))
    places = [("A", 98, 116.15), ("B", 60, 116.25), ("C", 20, 116.26), ("D", 5, 118.0)]
    homes = [{"楼栋编号": code, "户数": count, "经度": lon, "纬度": 39.05} for code, count, lon in places]
    report = put(connection, "residences", write_csv(tmp_path / "h.csv", homes))
    assert report.found == {"households_sum": 1, "home_astray": 1, "homes_absent": 2}
    by_check = {found["check"]: found for found in report.findings}
    assert (by_check["home_astray"]["line"], by_check["home_astray"]["code"]) == (5, "D")
    assert by_check["households_sum"]["text"] == "has 100 households, the 2 homes in it 80 in all"
    assert (by_check["households_sum"]["line"], by_check["households_sum"]["code"]) == (3, f"{COMMUNITY[:11]}2")
    assert "line" not in by_check["homes_absent"]


def test_a_worker_looks_after_cells_in_roles(connection: Connection, tmp_path: Path, cells: None) -> None:
    file = workers(tmp_path, ("W1", f"{FIRST}:网格长;{SECOND}"), ("W2", f"{FIRST}:substitute"))
    assert counts(put(connection, "workers", file)) == (2, 0, 0, 0)
    assert rows(connection, DUTY) == [("W1", FIRST, "head"), ("W1", SECOND, "worker"), ("W2", FIRST, "substitute")]
    assert rows(connection, "SELECT kind, phone, community_code FROM worker WHERE code = 'W1'") == [
        ("full_time", "138****1234", COMMUNITY)
    ]
    before = connection.scalar(text("SELECT revision FROM ground_revision"))
    assert counts(put(connection, "workers", file)) == (0, 0, 2, 0)
    assert connection.scalar(text("SELECT revision FROM ground_revision")) == before


def test_who_looked_after_a_cell_stays_on_record(connection: Connection, tmp_path: Path, cells: None) -> None:
    put(connection, "workers", workers(tmp_path, ("W1", f"{FIRST}:head")))
    connection.execute(text("UPDATE assignment SET during = tstzrange(now() - interval '1 day', NULL)"))
    file = workers(tmp_path, ("W1", SECOND), ("W2", f"{FIRST}:head"))
    assert counts(put(connection, "workers", file)) == (1, 1, 0, 0)
    assert rows(connection, DUTY) == [("W1", SECOND, "worker"), ("W2", FIRST, "head")]
    past = "SELECT cell_code, role FROM assignment WHERE upper(during) = now()"
    assert rows(connection, past) == [(FIRST, "head")]


def test_a_list_that_is_not_told_leaves_the_duty_alone(connection: Connection, tmp_path: Path, cells: None) -> None:
    put(connection, "workers", workers(tmp_path, ("W1", FIRST)))
    assert counts(put(connection, "workers", workers(tmp_path, ("W1", "")))) == (0, 0, 1, 0)
    assert rows(connection, DUTY) == [("W1", FIRST, "worker")]


def test_a_cell_has_one_head_in_the_file_and_in_the_database(
    connection: Connection, tmp_path: Path, cells: None
) -> None:
    put(connection, "workers", workers(tmp_path, ("W0", f"{FIRST}:head")))
    file = workers(tmp_path, ("W1", f"{FIRST}:head"), ("W2", f"{SECOND}:head"), ("W3", f"{SECOND}:head"))
    report, refused = put_with_rejects(connection, "workers", file)
    assert [(row[0], row[3]) for row in refused] == [
        (2, f"cell {FIRST} has a head already: worker W0"),
        (4, f"cell {SECOND} has a head already: worker W2"),
    ]
    assert counts(report) == (1, 0, 0, 2)


def test_what_is_unknown_about_a_worker_is_refused(connection: Connection, tmp_path: Path, cells: None) -> None:
    file = workers(tmp_path, ("W1", f"{COMMUNITY}009"), ("W2", f"{FIRST}:chief"), ("", FIRST))
    assert [(row[0], row[1], row[3]) for row in put_with_rejects(connection, "workers", file)[1]] == [
        (2, "cells", f"there is no cell {COMMUNITY}009"),
        (3, "cells", "chief is no role"),
        (4, "code", "is missing"),
    ]
    elsewhere = workers(tmp_path, ("W4", ""), 社区代码="110199009009")
    assert put_with_rejects(connection, "workers", elsewhere)[1][0][3] == "there is no such community"
