"""Columns recognised by their names, with how sure and why; units; and numbers and moments as people write them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import reference
from data.imports import numbers, units
from data.imports.columns import recognise
from data.imports.kinds import _members, _objects
from data.imports.options import Options
from data.imports.proposing import propose
from data.imports.run import KINDS
from data.imports.values import moment
from geo.errors import BadInput
from tests.data.files import write_csv

HEADERS = {
    "cells": {"网格编码": "code", "网格名称": "name", "户数(户)": "households", "常住人口": "residents"},
    "streets": {"JDDM": "code", "JDMC": "name", "HS": "households", "RKS": "residents"},
    "communities": {"SQBM": "code", "社区名称": "name", "Household Count": "households", "城乡分类": None},
    "facilities": {
        "站点编号": "code",
        "站点名称": "name",
        "建筑面积（㎡）": "floor_area_m2",
        "经度": "lon",
        "纬度": "lat",
    },
    "workers": {
        "姓  名": "name",
        "工 号": "code",
        "所属社区编码": "community_code",
        "手机号码": "phone",
        "责任网格": "cells",
    },
    "incidents": {
        "工单编号": "external_id",
        "问题类型": "category",
        "受理时间": "reported_at",
        "坐标/经度": "lon",
        "坐标/纬度": "lat",
    },
    "residences": {"楼栋编号": "external_id", "总户数": "households", "经纬度": "lonlat", "门牌地址": "address"},
    "network": {"osm_id": "external_id", "fclass": "kind", "长度（公里）": "length_m"},
}


@pytest.mark.parametrize("kind", HEADERS)
def test_headers_of_vendors_are_recognised(kind: str) -> None:
    expected = {field: column for column, field in HEADERS[kind].items() if field}
    assert dict(recognise(HEADERS[kind], KINDS[kind].fields, Options()).of) == expected


def test_a_header_that_was_cut_off_is_likely_and_one_that_could_be_two_is_none() -> None:
    found = recognise(["reported_a"], ["reported_at"], Options())
    assert [(match.column, match.certainty) for match in found.matches] == [("reported_a", "likely")]
    assert not recognise(["is_derive_", "is_derived"[:10]], ["name"], Options()).of


names = st.sampled_from([row["column"] for row in reference.rows("import_columns")])


@given(st.lists(st.one_of(names, st.text(max_size=12)), max_size=8, unique=True), st.sampled_from(sorted(KINDS)))
def test_no_column_is_taken_twice(headers: list[str], kind: str) -> None:
    found = recognise(headers, KINDS[kind].fields, Options())
    assert len(set(found.of.values())) == len(found.of)
    assert set(found.of.values()) <= set(headers)


def test_the_datum_in_the_name_of_a_column_is_believed() -> None:
    for header, datum in (("经度(gcj02)", "gcj02"), ("lon_bd09", "bd09"), ("百度经度", "bd09"), ("经度", "wgs84")):
        lat = header.replace("经", "纬").replace("lon", "lat")
        assert recognise([header, lat], [], Options()).datum == datum


def test_a_proposal_says_what_would_be_read_how_sure_and_why(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "s.csv", [{"编号": "S1", "建筑面积(亩)": "0.5", "经度": "116", "备注": "x"}])
    proposal = propose("facilities", file, Options(columns={"name": "备注"}))
    assert [(c.field, c.column, c.certainty, c.unit, c.samples) for c in proposal.columns] == [
        ("code", "编号", "certain", None, ["S1"]),
        ("name", "备注", "told", None, ["x"]),
        ("floor_area_m2", "建筑面积(亩)", "certain", "mu", ["0.5"]),
        ("lon", "经度", "certain", None, ["116"]),
    ]
    assert (proposal.missing, proposal.unused, proposal.datum) == (["lon", "lat"], [], "wgs84")


def test_a_unit_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadInput, match="no such unit; units are ft2, ha, km2, m2, mu"):
        units.named("坪", "floor_area_m2")
    with pytest.raises(BadInput, match="only floor_area_m2, length_m have a unit"):
        recognise([], [], Options(units={"staff": "m2"}))


# --- values ----------------------------------------------------------------------------------------------------------

finite = st.floats(-1e9, 1e9).map(lambda value: round(value, 2))


@given(finite)
def test_a_number_is_read_however_it_is_grouped(value: float) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    wide = f"{value:.2f}".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert numbers.read(pd.Series([english, german, wide], dtype="str")).tolist() == [value] * 3


@given(st.text())
def test_no_text_raises(text: str) -> None:
    given_text = pd.Series([text], dtype="str")
    for read in (numbers.read, numbers.degrees):
        value = read(given_text)[0]
        assert pd.isna(value) or abs(value) < float("inf")
    moment(given_text, Options(timezone="Asia/Shanghai"))


@given(st.floats(0, 179.99), st.sampled_from(["E", "W", "东", "西经", ""]))
def test_degrees_and_minutes_are_read_to_a_centimetre(value: float, side: str) -> None:
    minutes, seconds = divmod(round((value % 1) * 3600, 3), 60)
    written = f"{int(value)}°{int(minutes)}′{seconds:.3f}″{side}"
    read = numbers.degrees(pd.Series([written], dtype="str"))[0]
    assert (-read if side in ("W", "西经") else read) == pytest.approx(value, abs=3e-7)


@pytest.mark.parametrize("text", ["120户", "１，２３４", "", "-", "1.2.3", "1e400", "0x1F", "一百", "12 34 56", "1,23"])
def test_what_is_a_number_and_what_is_not(text: str) -> None:
    expected = {"120户": 120, "１，２３４": 1234, "12 34 56": 123456, "1,23": 1.23}.get(text)
    value = numbers.read(pd.Series([text or None], dtype="str"))[0]
    assert (None if pd.isna(value) else value) == expected


def test_days_as_a_spreadsheet_counts_them_are_moments() -> None:
    read = moment(pd.Series(["42005.25", "45000"], dtype="str"), Options(timezone="UTC"))
    assert read.dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2015-01-01 06:00", "2023-03-15 00:00"]


# --- attributes ------------------------------------------------------------------------------------------------------

told = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=6))


@given(st.lists(st.tuples(told, told), max_size=12))
def test_attributes_hold_what_each_row_tells_and_nothing_of_another(
    given_rows: list[tuple[str | None, str | None]],
) -> None:
    columns = {
        name: pd.Series([row[n] for row in given_rows], dtype=object) for n, name in enumerate(("名", 'with "quotes"'))
    }
    objects = _objects(_members(columns), len(given_rows))
    expected = [{name: value for name, value in zip(columns, row, strict=True) if value} for row in given_rows]
    assert [orjson.loads(text) for text in objects] == expected
