"""The report of an import, opened from a disk: list and map select each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.test_reports import REPORT
from web import reports

pytestmark = pytest.mark.browser
POINT = {
    "check": "sliver",
    "severity": "warn",
    "line": 4,
    "text": "thin",
    "shape": {"type": "Point", "coordinates": [116.3, 39.1]},
}


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Page:
    """The page as a file, without a network."""
    report = REPORT | {"findings": [*REPORT["findings"], POINT], "found": REPORT["found"] | {"sliver": 1}}
    (tmp_path / "report.html").write_text(reports.render(report, "zh", is_alone=True), encoding="utf-8")
    opened = chromium.new_context(offline=True).new_page()
    opened.goto((tmp_path / "report.html").as_uri())
    return opened


def test_a_row_shows_its_place_and_a_place_its_row(page: Page) -> None:
    expect(page.locator("svg .finding")).to_have_count(2)
    page.locator("[data-finding='0']").click()
    expect(page.locator("svg .selected")).to_have_class("finding warn selected")
    page.locator("#zoom-all").click()
    page.locator("svg circle").click()
    expect(page.locator("[data-finding='2']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-finding='0']")).to_have_attribute("aria-pressed", "false")


def test_checks_can_be_hidden_in_list_and_map(page: Page) -> None:
    page.locator("[data-check='overlap']").uncheck()
    expect(page.locator("[data-finding='0']")).to_be_hidden()
    expect(page.locator("svg path.finding")).to_be_hidden()
    expect(page.locator("[data-finding='1']")).to_be_visible()
