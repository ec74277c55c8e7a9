"""The report of an import as a page: every finding in the list and on the map, nothing asked for, nothing run that was imported."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from data import reference
from tests.web.test_maps import NASTY, OUTSIDE
from web import reports
from web.i18n import LANGUAGES

SHAPE = {"type": "Polygon", "coordinates": [[[116, 39], [116.1, 39], [116.1, 39.1], [116, 39]]]}
REPORT: dict[str, Any] = {
    "kind": "communities", "file": f"社区{NASTY}.csv", "read": 3, "stored": 2, "rejected": 1, "warned": 1, "edition": "2023-01-01",
    "found": {"overlap": 1, "code": 1},
    "findings": [
        {"check": "overlap", "severity": "warn", "line": 2, "code": "110199001001", "other": "110199001002", "m2": 12.3,
         "text": "shares", "place": [116.05, 39.02], "shape": SHAPE},
        {"check": "code", "severity": "refuse", "line": 3, "field": "code", "value": f"</script>{NASTY}", "text": "is none"},
    ],
    "outlines": [{"code": "110199001001", "kind": "unit", "shape": SHAPE}],
    "changes": {"added": [{"code": "110199001001", "name": NASTY}], "gone": []},
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_its_own_names_no_address_at_all(language: str) -> None:
    page = reports.render(REPORT, language, is_alone=True)
    assert OUTSIDE.findall(page) == []
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']*""", page) == []


def test_the_served_page_has_no_script_or_style_written_into_it() -> None:
    page = reports.render(REPORT, "zh")
    assert re.findall(r"<script(?![^>]*\b(?:src=|application/json))[^>]*>|<style|\sstyle=|\son\w+=\"", page) == []
    assert OUTSIDE.findall(page) == []


def test_what_was_imported_stays_text() -> None:
    page = reports.render(REPORT, "en", is_alone=True)
    assert "<img" not in page
    assert page.count("</script>") == 2


def test_every_finding_is_listed_and_those_with_a_place_are_drawn() -> None:
    page = reports.render(REPORT, "en", is_alone=True)
    assert re.findall(r'data-finding="(\d+)"', page) == ["0", "1"]
    drawn = json.loads(re.findall(r'<script id="report" type="application/json">(.*?)</script>', page)[0])
    assert [("shape" in finding, finding["check"]) for finding in drawn["findings"]] == [
        (True, "overlap"),
        (False, "code"),
    ]
    assert "12.3 m²" in page


@pytest.mark.parametrize("check", [row["check"] for row in reference.rows("import_checks")])
def test_every_check_has_a_title_in_chinese(check: str) -> None:
    finding = {"check": check, "severity": "warn", "text": "x"}
    page = reports.render({"kind": "streets", "found": {check: 1}, "findings": [finding]}, "zh")
    title = re.findall(rf'data-check="{check}">([^<]+)<', page)[0]
    assert title != check
    assert re.search(r"[一-鿿]", title)


def test_a_report_without_findings_says_so() -> None:
    assert "The checks found nothing." in reports.render({"kind": "streets", "read": 1}, "en")
