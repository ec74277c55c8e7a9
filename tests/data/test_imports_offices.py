"""Files as offices have them: cut names, survey zones, spreadsheets' texts, dates and numbers as people write them."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import Connection

from data.imports import numbers
from data.imports.columns import recognise
from data.imports.formats.tables import Table
from data.imports.incidents import INCIDENTS
from data.imports.options import Options
from data.imports.plausible import question_dates
from data.imports.repeats import Seen
from data.imports.sheet import Sheet
from data.imports.values import area_m2, moment
from geo.errors import BadFile
from tests.data.files import counts, put, put_with_rejects, rows, write_csv

BEIJING = (116.39, 39.91)


def test_names_of_a_shapefile_in_gbk_are_known_though_they_end_after_five_characters(
    connection: Connection, tmp_path: Path
) -> None:
    told = {"服务站编码编": ["S1"], "服务站名称": ["甲"], "建筑面积（平方米）": [350.0], "工作人员数量": [5]}
    frame = gpd.GeoDataFrame(told, geometry=[shapely.Point(*BEIJING, 43)], crs=4490)
    names = {name: name.encode("gbk")[:10].decode("gbk", "ignore") for name in told}
    frame.rename(columns=names).to_file(tmp_path / "s.shp", encoding="gbk")
    (tmp_path / "s.cpg").unlink(missing_ok=True)
    assert counts(put(connection, "facilities", tmp_path / "s.shp")) == (1, 0, 0, 0)
    assert rows(connection, "SELECT code, name, floor_area_m2 FROM facility") == [("S1", "甲", 350)]


@pytest.mark.parametrize("names", [("X坐标", "Y坐标"), ("Y坐标", "X坐标")])
def test_eastings_with_the_number_of_their_zone_are_asked_about_with_its_crs(
    connection: Connection, tmp_path: Path, names: tuple[str, str]
) -> None:
    east, north = Transformer.from_crs(4490, 4527, always_xy=True).transform(*BEIJING)
    file = write_csv(tmp_path / "f.csv", [{"code": "S1", names[0]: east, names[1]: north}])
    with pytest.raises(BadFile, match=r"give --crs EPSG:N; their eastings begin like those of EPSG:4527$"):
        put(connection, "facilities", file)


def test_a_crs_in_which_the_coordinates_can_t_be_is_refused(connection: Connection, tmp_path: Path) -> None:
    east, north = Transformer.from_crs(4490, 4548, always_xy=True).transform(*BEIJING)
    told = [{"code": f"S{n}", "x": east + n, "y": north} for n in range(2)]
    with pytest.raises(BadFile, match="zone 39 does not have: say in which CRS they are with --crs EPSG:N"):
        put(connection, "facilities", write_csv(tmp_path / "f.csv", told), crs="EPSG:4527")


@pytest.mark.parametrize(
    "told", ["116-23-24", "116:23:24.0", "116 23 24", "116d23m24s", "116.23.24", "１１６：２３：２４"]
)
def test_minutes_and_seconds_stand_between_many_marks(told: str) -> None:
    assert numbers.degrees(pd.Series([told], dtype="str"))[0] == pytest.approx(116.39)


def test_what_has_too_many_minutes_is_no_place() -> None:
    assert np.isnan(numbers.degrees(pd.Series(["116-63-24"], dtype="str"))[0])


@pytest.mark.parametrize(
    ("told", "hour"),
    [
        ("2026/3/1 上午9:05", "09:05:00"),
        ("2026/3/1 下午9:05:30", "21:05:30"),
        ("2026年3月1日 下午3时05分", "15:05:00"),
        ("2026-03-01 上午12:05", "00:05:00"),
        ("2026-03-01 中午12:05", "12:05:00"),
        ("2026-03-01 中午11:55", "11:55:00"),
        ("2026-03-01 凌晨1点05分", "01:05:00"),
        ("20260301090507", "09:05:07"),
    ],
)  # fmt: skip
def test_halves_of_the_day_and_fourteen_digits_are_moments(told: str, hour: str) -> None:
    read = moment(pd.Series([told], dtype="str"), Options(timezone="UTC"))
    assert str(read[0]) == f"2026-03-01 {hour}+00:00"


@pytest.mark.parametrize(
    ("column", "months"),
    [
        (["03/02/2026", "15/02/2026"], [2, 2]),
        (["03/02/2026", "02/15/2026"], [3, 2]),
        (["03/02/2026", "15/02/2026", "02/15/2026"], [3, None, 2]),
        (["03/02/2026"], [3]),
    ],
)
def test_dates_that_can_only_have_the_day_first_tell_it_of_their_column(
    column: list[str], months: list[int | None]
) -> None:
    read = moment(pd.Series(column, dtype="str"), Options(timezone="UTC"))
    assert [None if pd.isna(each) else each.month for each in read] == months


def part(*dates: str) -> Table:
    return Table(pd.DataFrame({"reported_at": pd.Series(dates, dtype="str")}), np.arange(len(dates)))


def test_parts_of_a_file_that_disagree_about_day_and_month_refuse_it() -> None:
    sheet = Sheet(pd.DataFrame(), 0, seen=Seen())
    columns = recognise(["reported_at"], INCIDENTS.fields, Options())
    question_dates(sheet, part("2026-01-01"), INCIDENTS, columns)
    question_dates(sheet, part("03/01/2026"), INCIDENTS, columns)
    with pytest.raises(BadFile, match="dates in reported_at have the day first in some parts"):
        question_dates(sheet, part("13/01/2026"), INCIDENTS, columns)


@pytest.mark.parametrize(("told", "area"), [("350㎡", 350), ("350 平方米", 350), ("1,350m²", 1350), ("0.5亩", None)])
def test_an_area_may_have_its_square_metres_behind_it_and_no_other_unit(told: str, area: float | None) -> None:
    read = area_m2(pd.Series([told], dtype="str"), Options())[0]
    assert (None if np.isnan(read) else read) == area


def test_codes_are_known_in_full_width_and_behind_the_marks_of_spreadsheets(
    connection: Connection, tmp_path: Path
) -> None:
    codes = ["１１０１９９００１００１", '="110199001002"', "'110199001003", "\t110199001004", "1.10199E+11"]
    file = write_csv(tmp_path / "c.csv", [{"社区代码": code, "社区名称": "甲"} for code in codes])
    report, refused = put_with_rejects(connection, "communities", file)
    assert counts(report) == (4, 0, 0, 1)
    assert rows(connection, "SELECT code FROM area ORDER BY code") == [(f"11019900100{n}",) for n in (1, 2, 3, 4)]
    assert refused[0][3] == "was rounded by a spreadsheet: have the column as text there"


def test_words_for_nothing_are_nothing_where_a_number_is_meant(connection: Connection, tmp_path: Path) -> None:
    told = [
        {"社区代码": f"11019900100{n}", "社区名称": "无", "户数": word} for n, word in enumerate("—/无－1", start=1)
    ]
    assert put(connection, "communities", write_csv(tmp_path / "c.csv", told)).stored == 5
    assert rows(connection, "SELECT name, households FROM area ORDER BY code")[3:] == [("无", None), ("无", 1)]


@pytest.mark.parametrize("mark", ["", '"'])
def test_rows_of_separators_alone_are_no_rows(connection: Connection, tmp_path: Path, mark: str) -> None:
    (tmp_path / "h.csv").write_text(f"id,households,lon,lat,\n{mark}A{mark},1,116,39,\n,,,,\nB,2,116,39,\n,,,,\n")
    report = put(connection, "residences", tmp_path / "h.csv")
    assert counts(report) == (2, 0, 0, 0)


def test_a_list_in_json_is_refused_by_what_it_is(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(json.dumps([{"code": "S1", "lon": 116, "lat": 39}]))
    with pytest.raises(BadFile, match=r"f\.json is a list in JSON, no GeoJSON"):
        put(connection, "facilities", tmp_path / "f.json")


def test_what_a_library_says_names_the_file_and_not_where_it_was_unpacked(
    connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "f.json").write_text('{"type": "nothing"}')
    with pytest.raises(BadFile) as refused:
        put(connection, "facilities", tmp_path / "f.json")
    assert "/" not in refused.value.message
