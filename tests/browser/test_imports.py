"""Files brought in by clicks, past the real importer: a shapefile in GBK with an overlap, and a table in a wrong datum."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from geo.datum import convert
from tests.browser.conftest import Open, System
from tests.conftest import ROOT
from tests.uploads import SIZE, SOUTH, WEST, communities

pytestmark = pytest.mark.browser
PATIENCE_MS = 20_000
SLOW_MS = 800


@pytest.fixture(scope="module")
def importer(system: System) -> Iterator[None]:
    """`python -m flows.importer` beside the other processes."""
    environment = os.environ | {"WANGGE_DATABASE_URL": system.database_url}
    process = subprocess.Popen([sys.executable, "-m", "flows.importer"], cwd=ROOT, env=environment)
    yield
    process.kill()
    process.wait()
    system.execute("imported.sql")


@pytest.fixture
def page(importer: None, visit: Open) -> Page:
    opened = visit("/imports?lang=zh")
    opened.set_default_timeout(PATIENCE_MS)
    return opened


def bring(page: Page, *files: Path) -> None:
    page.set_input_files("#files", files)
    page.wait_for_selector("body.ready #choice")


def test_a_shapefile_goes_in_with_its_overlap_in_sight(page: Page, tmp_path: Path) -> None:
    bring(page, *sorted(communities(tmp_path).iterdir()))
    expect(page.locator("h1")).to_have_text("社区界线.zip")
    expect(page.locator("#kind")).to_have_value("communities")
    expect(page.locator("[data-field='name']")).to_have_value("社区名称")
    expect(page.locator("[data-samples='name']")).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="检查").click()
    expect(page.locator(".verdict-told")).to_contain_text("还没有写入任何数据")
    expect(page.locator("svg .finding.warn")).to_have_count(1)
    page.locator(".rows button.warn").first.click()
    expect(page.locator("svg .selected")).to_have_count(1)
    with page.expect_download() as rejected:
        page.get_by_role("link", name="被拒绝的行").click()
    assert "11019900100" in rejected.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("link", name="在地图上查看").wait_for()
    expect(page.locator(".told dl")).to_contain_text("变更")
    page.get_by_role("link", name="数据导入").click()
    expect(page.locator(".list a").first).to_contain_text("社区界线.zip")


def test_a_wrong_datum_is_put_right_by_one_click(page: Page, tmp_path: Path) -> None:
    bring(page, _homes(tmp_path / "住宅.csv"))
    expect(page.locator("#kind")).to_have_value("residences")
    page.get_by_role("button", name="检查").click()
    page.get_by_role("button", name="按 GCJ-02").click()
    expect(page.locator(".verdict-told")).to_contain_text("还没有写入任何数据")
    page.get_by_role("button", name="取消").click()
    page.wait_for_selector("#bring")
    expect(page.locator("body")).not_to_contain_text("住宅.csv")


def test_what_is_pressed_before_the_script_listens_is_not_lost(page: Page, tmp_path: Path) -> None:
    bring(page, _homes(tmp_path / "住宅.csv"))
    page.route("**/imports/file.js", lambda route: (page.wait_for_timeout(SLOW_MS), route.continue_()))
    page.reload(wait_until="commit")
    page.get_by_role("button", name="取消").click()
    page.wait_for_selector("#bring")


def test_a_layer_and_a_column_are_changed_by_keyboard_and_the_page_may_be_closed(
    page: Page, visit: Open, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("社区编码,甲,社区名称\n110199001001,乙,丙\n", encoding="gbk")
    bring(page, tmp_path / "a.csv")
    page.locator("[data-field='name']").select_option("甲")
    expect(page.locator("[data-samples='name']")).to_have_text("乙")
    page.locator("#edition").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict")
    address = page.url.removeprefix(page.url.split("/imports")[0])
    page.close()
    again = visit(address)
    again.get_by_role("button", name="修改").click()
    again.wait_for_selector("body.ready #choice")
    expect(again.locator("[data-field='name']")).to_have_value("甲")
    again.locator("#kind").select_option("workers")
    again.wait_for_selector("body.ready .lack")
    again.get_by_role("button", name="取消").click()
    again.wait_for_selector("#bring")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_lies_beside_the_page(page: Page, tmp_path: Path, width: int) -> None:
    bring(page, _homes(tmp_path / ("很长的名字" * 12 + ".csv")))
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="取消").click()
    page.wait_for_selector("#bring")


def _homes(path: Path) -> Path:
    """Homes along the eastern edge of the ground, as a web map gives them: read as WGS84 most lie outside."""
    x, y = convert(
        np.full(20, WEST + 4 * SIZE - 0.002), np.linspace(SOUTH, SOUTH + SIZE, 22)[1:-1], source="wgs84", target="gcj02"
    )
    lines = [f"R{n},甲路{n}号,3,{x[n]},{y[n]}" for n in range(20)]
    path.write_text("\n".join(["编号,地址,户数,经度,纬度", *lines]), encoding="gbk")
    return path
