"""The street office's desk in a real browser, in front of a real system."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, System

pytestmark = pytest.mark.browser

SOON_MS = 15_000
STREET = "desk:110199001000"
OTHER_STREET = "desk:110199002000"
Report = Callable[..., int]


@pytest.fixture(scope="module", autouse=True)
def _rules(system: System) -> None:
    system.execute("desk.sql")


@pytest.fixture
def report(system: System) -> Report:
    """Report something in the first cell, or somewhere else; give its number."""

    def reported(description: str, *, lon: float = 116.3025, lat: float = 39.905, **told: Any) -> int:
        place = {"lon": lon, "lat": lat, "datum": "cgcs2000", "category": "E0101"}
        answer = httpx.post(
            f"{system.address}/api/incidents", json=place | told | {"description": description}, auth=system.signing
        )
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    return reported


def move(page: Page, event: str, **fields: str) -> None:
    """Press the button of a move, fill in its form and send it."""
    button = page.locator(f'#drawer [data-move="{event}"]')
    if not button.is_visible():
        page.click("#drawer .more-moves summary")
    button.click()
    for name, text in fields.items():
        page.fill(f"#m-{name}", text)
    if event != "accept":
        page.click(f'.move-form[data-event="{event}"] [type=submit]')


def stage_of(page: Page) -> str | None:
    return page.locator("#drawer .steps [aria-current]").text_content()


def count(page: Page, stage: str) -> int:
    return int(page.locator(f'[data-stage="{stage}"] .stage-count').text_content() or 0)


def test_a_case_goes_through_all_seven_stages_by_clicks(visit: Open, report: Report) -> None:
    case = report("摄像头拍到暴露垃圾", source="video")
    page = visit(f"/desk#case={case}", actor=STREET)
    steps = page.locator("#drawer .steps [aria-current]")
    expect(steps).to_have_text("信息收集")
    move(page, "file", reason="属实")
    expect(steps).to_have_text("任务派遣", timeout=SOON_MS)  # filed, and dispatched by the dispatcher
    move(page, "accept")
    expect(steps).to_have_text("任务处理")
    move(page, "finish", reason="已清运")
    expect(steps).to_have_text("处理反馈")
    move(page, "check")
    expect(steps).to_have_text("核查结案")
    move(page, "verify", reason="现场视频已看过")
    expect(page.locator("#drawer .state-word")).to_have_text("已结案")
    move(page, "rate", reason="很快")
    expect(steps).to_have_text("综合评价")
    page.click('#drawer [data-tab="timeline"]')
    shown = page.locator("#drawer .timeline li")
    events = [shown.nth(index).get_attribute("data-event") for index in range(shown.count())]
    assert events == ["rate", "verify", "check", "finish", "accept", "dispatch", "file", "collect"]
    page.click('#drawer [data-tab="ledger"]')
    expect(page.locator("#drawer .ledger tbody tr").first).to_contain_text("分")


def test_a_click_that_came_too_late_is_refused_kindly_and_nothing_written_is_lost(
    visit: Open, report: Report, system: System
) -> None:
    case = report("两人同时处理")
    mine = visit("/", actor=STREET, may_fail=True)
    mine.route("**/api/live*", lambda route: route.abort())  # it does not hear what happens meanwhile
    mine.goto(f"{system.address}/desk#case={case}")
    other = visit(f"/desk#case={case}", actor="desk:110199000000")
    expect(other.locator('[data-move="accept"]')).to_be_visible(timeout=SOON_MS)
    mine.reload()
    expect(mine.locator('[data-move="accept"]')).to_be_visible()
    mine.click("#drawer .more-moves summary")
    mine.click('[data-move="return"]')
    mine.fill("#m-reason", "不属于本街道职责")
    move(other, "suspend", reason="等待批复")
    expect(other.locator(".state-word")).to_have_text("挂账")
    mine.click(".move-form [type=submit]")
    conflict = mine.locator(".conflict")
    for text in ("试验区", "挂账", "“退回”没有执行", "已保留"):
        expect(conflict).to_contain_text(text)
    mine.click('[data-move="resume"]')
    expect(mine.locator("#m-reason")).to_have_value("不属于本街道职责")


def test_filters_search_and_the_choice_are_shared_with_the_map(visit: Open, report: Report) -> None:
    found, other = report("胡同口井盖松动异响"), report("墙面小广告")
    page = visit("/desk#view=table")
    page.fill("#q", "井盖松动")
    rows = page.locator(".row")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("异响")
    assert re.search("q=", page.url)
    rows.first.click()
    expect(page.locator("#drawer .case-bar")).to_contain_text(str(found))
    assert f"case={found}" in page.url
    page.keyboard.press("Escape")
    page.fill("#q", "")
    expect(page.locator(f'.row[data-id="{other}"]')).to_be_visible()
    page.go_back()
    expect(page.locator("#drawer .case-bar")).to_contain_text(str(found))
    page.go_back()
    expect(page.locator("#drawer")).to_be_hidden()
    expect(rows).to_have_count(1)


def test_what_is_pressed_on_the_map_opens_in_the_list(visit: Open, report: Report) -> None:
    case = report("地图上点选", lon=116.3075, lat=39.9031)
    page = visit(f"/desk#view=table&q=地图上点选&case={case}")
    page.wait_for_timeout(600)
    page.keyboard.press("Escape")
    place = page.locator(".leaflet-container").bounding_box() or {}
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(page.locator("#drawer .case-bar")).to_contain_text(str(case))
    expect(page.locator(f'.row[data-id="{case}"]')).to_have_class(re.compile("is-picked"))


def test_everything_can_be_done_by_keys(visit: Open, report: Report) -> None:
    first, second = report("键盘一"), report("键盘二")
    page = visit("/desk#view=table&q=键盘&sort=filed", actor=STREET)
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.locator(f'.row[data-id="{first}"]')).to_have_class(re.compile("is-focused"))
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_contain_text("已选 1 件")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer .case-bar")).to_contain_text(str(second))
    expect(page.locator('#drawer [data-move="accept"] kbd')).to_have_text("C", timeout=SOON_MS)
    page.keyboard.press("n")
    expect(page.locator('.move-form[data-event="note"]')).to_be_visible()
    page.keyboard.type("xj?")
    expect(page.locator("#m-reason")).to_have_value("xj?")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".move-form")).to_have_count(0)
    page.keyboard.press("c")
    expect(page.locator("#drawer .state-word")).to_have_text("处理中")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#dialog")).to_contain_text("下一件")
    page.keyboard.press("Escape")


def test_a_view_is_saved_under_a_name_and_comes_back(visit: Open, report: Report) -> None:
    report("视图保存")
    page = visit("/desk#view=table&source=resident&sort=-filed", actor=STREET)
    page.click("#save-view")
    page.fill("#f-view", "居民上报")
    page.click("#dialog [type=submit]")
    view = page.locator(".chip.is-view", has_text="居民上报")
    expect(view).to_be_visible()
    page.click("#clear")
    expect(page.locator('[data-filter="source"]')).to_have_count(0)
    view.locator(".chip-name").click()
    expect(page.locator('[data-filter="source"]')).to_contain_text("居民")
    other = visit("/desk", actor=OTHER_STREET)
    expect(other.locator(".chip.is-view")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    view.locator(".drop").click()
    expect(view).to_have_count(0)


def test_many_are_assigned_at_once_and_taken_back(visit: Open, report: Report) -> None:
    cases = [report(f"批量派遣{number}") for number in range(3)]
    page = visit("/desk#view=table&q=批量派遣&state=dispatched", actor=STREET)
    expect(page.locator(".row")).to_have_count(3, timeout=SOON_MS)
    page.click(".thead .tick")
    expect(page.locator("#bulk")).to_contain_text("3")
    page.click('[data-bulk="assign"]')
    page.fill("#f-bulk-to", "市容")
    page.locator("#dialog [role=option]", has_text="柳荫市容队").click()
    page.fill("#bulk-reason", "集中整治")
    page.click("#bulk-form [type=submit]")
    expect(page.locator("#dialog")).to_contain_text("3 件完成")
    assert page.locator(".results-list li.is-ok").count() == 3
    page.click("#undo")
    expect(page.locator("#said")).to_contain_text("已撤销 3 件")
    page.locator(f'.row[data-id="{cases[0]}"]').click()
    expect(page.locator("#drawer .case-holder")).to_contain_text("张*")


def test_cases_are_marked_by_drawing_around_them_and_taken_away(visit: Open, report: Report, system: System) -> None:
    for lon in (116.3075, 116.3325):
        report(f"圈选试验{lon}", lon=lon)
    page = visit("/desk#view=table&q=圈选试验")
    expect(page.locator(".row")).to_have_count(2)
    page.click("#tool-lasso")
    place = page.locator(".leaflet-container").bounding_box() or {}
    left, middle, bottom = place["x"] + 5, place["x"] + place["width"] / 2, place["y"] + place["height"] - 200
    page.mouse.move(left, place["y"] + 120)
    page.mouse.down()
    for x, y in ((middle, place["y"] + 120), (middle, bottom), (left, bottom)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    expect(page.locator('[data-filter="polygon"]')).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#bulk")).to_contain_text("筛选出的全部 1 件")
    address = page.locator("#export-csv").get_attribute("href") or ""
    taken = page.request.get(f"{system.address}{address}").text()
    assert "圈选试验116.3075" in taken
    assert "圈选试验116.3325" not in taken


def test_the_language_switches_and_keeps_the_view(visit: Open) -> None:
    page = visit("/desk#view=table&late=late")
    page.click("#language")
    page.wait_for_selector("body.ready")
    expect(page.locator('[data-stage="verify"]')).to_contain_text("Verify")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "view=table" in page.url and "late=late" in page.url


def test_a_phone_shows_one_thing_at_a_time_with_room_for_a_thumb(visit: Open, report: Report) -> None:
    case = report("手机上看")
    page = visit("/desk#view=table", width=390, height=844, is_phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    seen = page.locator("button:visible, a:visible, input:visible, select:visible, label.tick:visible, .row:visible")
    for index in range(seen.count()):
        target = seen.nth(index)
        if target.evaluate("one => one.type === 'checkbox' || Boolean(one.closest('.leaflet-container'))"):
            continue
        box = target.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44, target.evaluate("one => one.outerHTML")
    page.tap('[data-tab="map"]')
    expect(page.locator(".leaflet-container")).to_be_visible()
    page.tap('[data-tab="table"]')
    page.fill("#q", "手机上看")
    page.locator(f'.row[data-id="{case}"]').tap()
    sheet = page.locator("#drawer").bounding_box() or {}
    assert (round(sheet["width"]), round(sheet["height"])) == (390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_people_write_is_never_markup(visit: Open, report: Report) -> None:
    case = report('<img src=x onerror="window.ran=11">', category="E0102")
    page = visit(f"/desk#view=table&case={case}")
    expect(page.locator("#drawer .told")).to_have_text('<img src=x onerror="window.ran=11">')
    expect(page.locator(f'.row[data-id="{case}"]')).to_contain_text("<img src=x")
    page.click('[data-view="board"]')
    page.click('[data-view="charts"]')
    expect(page.locator(".chart canvas").first).to_be_visible()
    assert page.evaluate("window.ran") is None
    assert page.locator("img[src='x']").count() == 0


def test_counts_follow_what_happens_without_a_reload(visit: Open, report: Report) -> None:
    page = visit("/desk#view=table&sort=-filed")
    before = count(page, "dispatch")
    case = report("实时更新")
    expect(page.locator('[data-stage="dispatch"] .stage-count')).to_have_text(str(before + 1), timeout=SOON_MS)
    expect(page.locator(f'.row[data-id="{case}"]')).to_contain_text("张*", timeout=SOON_MS)


def test_the_map_and_the_desk_lead_to_each_other(visit: Open, report: Report) -> None:
    case = report("来回")
    page = visit(f"/#17/39.905/116.3025?pick=incident:{case}")
    page.click("#panel a[href^='/desk']")
    page.wait_for_selector("body.ready")
    expect(page.locator("#drawer .case-bar")).to_contain_text(str(case))
    page.click("#to-map")
    page.wait_for_selector("body.ready")
    expect(page.locator("#to-desk")).to_be_visible()
