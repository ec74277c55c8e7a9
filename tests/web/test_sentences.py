"""What imports say about files and their rows, in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web
from tests.web.raised import sentences
from web.i18n import LANGUAGES, catalogue
from web.sentences import SENTENCES, in_language, is_known

ROOT = Path(web.__file__).parents[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue_with_all_its_values(language: str) -> None:
    places = {key: sorted(re.findall(r"\{\d\}", catalogue(language)[key])) for key in SENTENCES}
    assert places == {key: sorted(re.findall(r"\{\d\}", key)) for key in SENTENCES}
    assert language == "en" or not [key for key in SENTENCES if not re.search("[一-鿿]", catalogue(language)[key])]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("is not 12 digits", "应为 12 位数字"),
        ("shares 1,234 m² with 110199001002", "与 110199001002 重叠 1,234 平方米"),
        ("has 1,000 households, the units below it 900 in all", "登记 1,000 户，下级单位合计 900 户"),
        ("Self-intersection[116.25 39.05]", "边界自相交 [116.25 39.05]"),
        ("something new", "something new"),
    ],
)
def test_values_keep_their_places(text: str, told: str) -> None:
    assert in_language("zh", text) == told
    assert in_language("en", text) == text
    assert is_known(text) is (text != told)


def test_no_sentence_is_taken_for_another() -> None:
    filled = {key: re.sub(r"\{\d\}", "7", key) for key in SENTENCES}
    back = {key: in_language("zh", text) for key, text in filled.items()}
    assert back == {key: re.sub(r"\{\d\}", "7", catalogue("zh")[key]) for key in SENTENCES}


SAYING = [
    *sorted((ROOT / "data" / "imports").rglob("*.py")),
    *(ROOT / "data" / name for name in ("kept_files.py", "uploads.py", "upload_turns.py")),
    *(ROOT / "geo" / name for name in ("codes.py", "crs.py", "datum.py")),
    ROOT / "flows" / "importer.py",
]
"""Whose words reach whoever brings a file."""


@pytest.mark.parametrize("path", SAYING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_that_code_says_is_one_of_them(path: Path) -> None:
    assert [(line, text) for line, text in sentences(path) if not is_known(text)] == []


def test_the_source_was_read() -> None:
    said = {text for path in SAYING for _, text in sentences(path)}
    assert len(said) > 130
    assert said > {
        "7 is a PDF: ask for the table or the layer that it was made from",  # out of a table
        "7 can't be read after row 7: its reader broke down on it (7)",  # made by two functions
        "7 has no .cpg: read as GB18030",  # a remark that is handed on
        "the body is longer than its files",
        "is not a whole number from 0",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("路 网.zip is encrypted: unpack it with its password first", "路 网.zip 已加密：请先用密码解压"),
        ("a.kml, line 3, column 5: odd tag", "a.kml 第 3 行第 5 列：odd tag"),
        (
            "r: r.dbf (its attributes) and r.shx (its index) must lie beside it; pack all parts of a shapefile into one ZIP",
            "r：缺少 r.dbf（属性表）, r.shx（索引）；请将 Shapefile 的全部文件打包成一个 ZIP",
        ),
        (
            "rows without coordinates were placed by the code in SQ: 1,234 by their community, 5 by their cell",
            "没有坐标的行已按 SQ 中的编码定位：1,234 行按所在社区, 5 行按所在网格",
        ),
        (
            "read as wgs84, 104 of 156 rows lie in their unit; as gcj02 it would be 148: "
            "say --datum gcj02, or --insist if they are right",
            "按 wgs84 读取，156 行中有 104 行落在所属单位内；按 gcj02 读取则有 148 行："
            "请改用该基准（--datum gcj02），若坐标无误请坚持原值（--insist）",
        ),
    ],
)
def test_values_that_are_sentences_are_told_too(text: str, told: str) -> None:
    assert in_language("zh", text) == told
