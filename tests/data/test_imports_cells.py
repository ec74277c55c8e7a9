"""Cells and facilities."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from tests.data.files import COMMUNITY, STREET, counts, put, put_with_rejects, rows, square, write_csv, write_layer

CELL = f"{COMMUNITY}001"


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


@pytest.fixture
def community(connection: Connection, tmp_path: Path) -> str:
    put(connection, "communities", write_layer(tmp_path / "c.geojson", [{"code": COMMUNITY, "wkt": square()}]))
    return COMMUNITY


def test_cells_go_into_their_community_and_again_change_nothing(
    connection: Connection, tmp_path: Path, community: str
) -> None:
    file = write_layer(tmp_path / "cells.geojson", [
        {"网格代码": CELL, "网格名称": "一格", "户数": 400, "网格类型": "专属网格", "wkt": square(size=0.05)},
        {"网格代码": f"{COMMUNITY}002", "网格名称": "二格", "户数": 300, "wkt": square(116.05, size=0.05)},
    ])  # fmt: skip
    assert counts(put(connection, "cells", file)) == (2, 0, 0, 0)
    assert counts(put(connection, "cells", file)) == (0, 0, 2, 0)
    assert rows(connection, "SELECT code, community_code, name, kind, households FROM cell ORDER BY code") == [
        (CELL, COMMUNITY, "一格", "dedicated", 400),
        (f"{COMMUNITY}002", COMMUNITY, "二格", "ordinary", 300),
    ]


@pytest.mark.parametrize(("part", "stays_out"), [(0.011, True), (0.009, False)])
def test_a_cell_that_strays_is_refused_where_the_schema_would_refuse_the_file(
    connection: Connection, tmp_path: Path, community: str, part: float, stays_out: bool
) -> None:
    stray = square(west=116.1 - 0.05 * (1 - part), size=0.05)
    file = write_layer(tmp_path / "cells.geojson", [{"code": CELL, "wkt": stray}])
    report, refused = put_with_rejects(connection, "cells", file)
    assert (report.rejected == 1) is stays_out
    assert ["outside its community" in row[3] for row in refused] == [True] * stays_out
    if stays_out:
        connection.execute(text("INSERT INTO cell_code VALUES (:c, :m)"), {"c": CELL, "m": COMMUNITY})
        with pytest.raises(IntegrityError, match="cell_inside_community"):
            connection.execute(
                text("INSERT INTO cell (code, community_code, name, geom) VALUES (:c, :m, '', ST_Multi(:g))"),
                {"c": CELL, "m": COMMUNITY, "g": f"SRID=4490;{stray}"},
            )


def test_a_cell_of_another_length_or_community_is_refused(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "cells.csv", [
        {"code": f"{COMMUNITY}0001", "community": "", "wkt": square()},
        {"code": CELL, "community": "110199001002", "wkt": square()},
        {"code": f"{STREET}001", "community": "", "wkt": square()},
        {"code": f"{COMMUNITY}003", "community": "", "wkt": ""},
    ])  # fmt: skip
    assert [(row[0], row[1], row[3]) for row in put_with_rejects(connection, "cells", file)[1]] == [
        (2, "code", "is not 15 digits"),
        (3, "community_code", f"is not the community that the code lies in: {COMMUNITY}"),
        (4, "code", "is a street's code, no community's"),
        (5, "geometry", "no geometry"),
    ]


def test_a_cell_changed_on_a_later_day_keeps_its_old_version(
    connection: Connection, tmp_path: Path, community: str
) -> None:
    def cells(size: float) -> Path:
        return write_layer(tmp_path / "cells.geojson", [{"code": CELL, "wkt": square(size=size)}])

    put(connection, "cells", cells(0.05))
    connection.execute(text("UPDATE cell SET valid_from = current_date - 1"))
    assert counts(put(connection, "cells", cells(0.06))) == (0, 1, 0, 0)
    assert rows(connection, "SELECT valid_to IS NULL, round(ST_Area(geom)::numeric, 4)::float FROM cell ORDER BY id") == [
        (False, 0.0025), (True, 0.0036),
    ]  # fmt: skip


def stations(path: Path, serves: str = f"{COMMUNITY}=0.6；110199001002=0.4", floor: str = "350") -> Path:
    codes = path / "codes.csv"
    write_csv(codes, [{"code": COMMUNITY}, {"code": "110199001002"}])
    station = {
        "编号": "S1",
        "站点名称": "服务站",
        "建筑面积": floor,
        "服务社区": serves,
        "经度": "116.05",
        "纬度": "39.05",
        "电梯": "有",
    }
    return write_csv(path / "stations.csv", [station])


SERVES = """
    SELECT community_code, share FROM facility_serves s JOIN facility f ON f.id = facility_id
    WHERE valid_to IS NULL ORDER BY 1
"""


def test_a_station_serves_several_communities_by_shares(connection: Connection, tmp_path: Path) -> None:
    file = stations(tmp_path)
    put(connection, "communities", tmp_path / "codes.csv")
    assert counts(put(connection, "facilities", file)) == (1, 0, 0, 0)
    assert rows(connection, SERVES) == [(COMMUNITY, 0.6), ("110199001002", 0.4)]
    assert rows(connection, "SELECT code, name, level, floor_area_m2, attributes FROM facility") == [
        ("S1", "服务站", "station", 350.0, {"电梯": "有"})
    ]
    assert counts(put(connection, "facilities", file)) == (0, 0, 1, 0)


def test_whom_a_station_serves_can_change_today_or_later(connection: Connection, tmp_path: Path) -> None:
    put(connection, "facilities", stations(tmp_path, serves=""))
    put(connection, "communities", tmp_path / "codes.csv")
    assert counts(put(connection, "facilities", stations(tmp_path, serves=COMMUNITY))) == (0, 1, 0, 0)
    assert rows(connection, SERVES) == [(COMMUNITY, None)]
    connection.execute(text("UPDATE facility SET valid_from = current_date - 1"))
    assert counts(put(connection, "facilities", stations(tmp_path, serves="110199001002"))) == (0, 1, 0, 0)
    assert rows(connection, SERVES) == [("110199001002", None)]
    assert rows(connection, "SELECT count(*) FROM facility_serves") == [(2,)]
    assert counts(put(connection, "facilities", stations(tmp_path, serves=""))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"serves": "110199009009"}, "there is no community 110199009009"),
        ({"serves": f"{COMMUNITY}=1.2"}, "a share is not above 0 and at most 1"),
        ({"serves": f"{COMMUNITY}=half"}, "a share is not above 0 and at most 1"),
        ({"floor": "0"}, "is not a number above 0"),
        ({"floor": "inf"}, "is not a number above 0"),
    ],
)
def test_a_station_that_makes_no_sense_is_refused(
    connection: Connection, tmp_path: Path, changed: dict[str, str], reason: str
) -> None:
    file = stations(tmp_path, **changed)
    put(connection, "communities", tmp_path / "codes.csv")
    assert [row[3] for row in put_with_rejects(connection, "facilities", file)[1]] == [reason]
