"""The map in a real browser, in front of a real system."""

import io
import re
from urllib.parse import urlsplit

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, System
from web import tokens

pytestmark = pytest.mark.browser

IN_FIRST_CELL = "#17/39.90500/116.30250"
SOON_MS = 15_000
MIDDLE = (720, 450)
FLUID_MS = 100
"""Median frame while dragging, on a machine that is busy with other tests; an idle one draws every 17 ms."""


def report(
    page: Page, category: str = "E0101", description: str = "巷口有暴露垃圾", at: tuple[int, int] = MIDDLE
) -> None:
    """Report an incident by clicking on the map."""
    page.click("#report")
    page.mouse.click(*at)
    page.select_option("#category", category)
    page.fill("#description", description)
    page.click("#panel button[type=submit]")


def count(page: Page, layer: str) -> int:
    return int(page.text_content(f'[data-layer="{layer}"] .count') or 0)


def colour_at(page: Page, x: int, y: int) -> str:
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return "#{:02x}{:02x}{:02x}".format(*shot.getpixel((x, y)))  # type: ignore[misc]


def test_an_incident_is_reported_by_a_click_and_reaches_a_worker_before_everyones_eyes(visit: Open) -> None:
    other = visit(f"/{IN_FIRST_CELL}")
    seen_before = count(other, "dispatched")
    page = visit(f"/{IN_FIRST_CELL}")
    report(page)
    panel = page.locator("#panel")
    expect(panel).to_contain_text("暴露垃圾")
    expect(panel.locator(".trail")).to_contain_text("柳荫街道")
    expect(panel.locator(".trail")).to_contain_text("柳荫社区第001网格")
    expect(panel).to_contain_text("已派遣", timeout=SOON_MS)
    expect(panel).to_contain_text("张*")
    expect(panel.locator(".history")).to_contain_text("派遣")
    expect(other.locator('[data-layer="dispatched"] .count')).to_have_text(str(seen_before + 1), timeout=SOON_MS)
    other.wait_for_timeout(1600)  # the ring around the changed dot has faded
    assert colour_at(other, *MIDDLE) == tokens.value("colour-state-dispatched")


def test_a_lost_answer_and_a_second_try_make_one_incident(visit: Open, system: System) -> None:
    page = visit(f"/{IN_FIRST_CELL}", may_fail=True)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request.url)
        route.fulfill(status=503, json={})

    page.route("**/api/incidents", lose_the_first)
    report(page, description="只应有一条")
    expect(page.locator("#panel [role=alert]")).to_contain_text("没有发出")
    page.click("#panel button[type=submit]")
    expect(page.locator("#panel")).to_contain_text("只应有一条")
    with psycopg.connect(system.database_url) as connection:
        stored = connection.execute("SELECT count(*) FROM incident WHERE description = '只应有一条'").fetchone()
    assert stored == (1,)
    assert lost


def test_text_from_people_and_files_is_never_markup(visit: Open) -> None:
    page = visit("/#16/39.90400/116.31250")
    page.mouse.move(*MIDDLE)
    expect(page.locator("#tip")).to_contain_text("<svg onload")
    page.mouse.click(*MIDDLE)
    expect(page.locator("#panel")).to_contain_text("<img src=x onerror=")
    report(page, category="E0102", description='<img src=x onerror="window.ran=10">')
    expect(page.locator("#panel")).to_contain_text('<img src=x onerror="window.ran=10">')
    expect(page.locator("#panel")).to_contain_text("已派遣", timeout=SOON_MS)
    page.fill("#search", "onerror")
    expect(page.locator("#search-results li").first).to_contain_text("<img src=x")
    page.goto(page.url.split("#")[0] + "#16/39.905/116.305?pick=facility:S1")
    expect(page.locator("#panel")).to_contain_text("<b onmouseover=")
    assert page.evaluate("window.ran") is None
    assert page.locator("img[src='x'], svg[onload], b").count() == 0


def test_the_language_switches_and_keeps_the_view(visit: Open) -> None:
    page = visit("/#16.00/39.90512/116.30711?pick=area:110199001001")
    expect(page.locator("#panel")).to_contain_text("达标")
    page.click("#language")
    page.wait_for_selector("body.ready")
    expect(page.locator("h1")).to_have_text("Wangge")
    expect(page.locator("#panel")).to_contain_text("Meets the standard")
    expect(page.locator("#panel h2")).to_have_text("Liuyin")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "#16/39.90512/116.30711" in page.url


def test_a_link_restores_place_layers_standard_choice_and_language(visit: Open) -> None:
    first = visit("/?lang=en")
    first.goto(first.url.split("#")[0] + "#15/39.90456/116.31234")
    first.click('[data-layer="reach-network"]')
    first.click('[data-layer="dispatched"]')
    first.click('[data-standard="citywide"]')
    first.mouse.click(*MIDDLE)
    expect(first.locator("#panel h2")).to_be_visible()
    link = urlsplit(first.url)
    second = visit(f"{link.path}?{link.query}#{link.fragment}")
    expect(second.locator("#panel h2")).to_have_text(first.locator("#panel h2").text_content() or "")
    assert second.url == first.url
    for layer, is_on in {"reach-network": "true", "dispatched": "false", "filed": "true"}.items():
        expect(second.locator(f'[data-layer="{layer}"]')).to_have_attribute("aria-pressed", is_on)
    expect(second.locator('[data-standard="citywide"]')).to_have_attribute("aria-pressed", "true")
    expect(second.locator("#report")).to_contain_text("Report an incident")


def test_a_link_to_what_is_gone_says_so(visit: Open) -> None:
    page = visit("/#16/39.905/116.305?pick=facility:gone")
    expect(page.locator("#panel [role=alert]")).to_contain_text("没有找到")


def test_a_broken_link_still_opens_the_map(visit: Open) -> None:
    page = visit("/?lang=xx#abc/1e99/<b>?on=nothing,&standard=none&pick=evil:../x")
    expect(page.locator("#legend")).to_contain_text("待派遣")


def test_search_works_by_keyboard_alone(visit: Open) -> None:
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("荫社区")
    options = page.locator("#search-results [role=option]")
    expect(options.first).to_be_visible()
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    chosen = options.nth(1).locator(".name").text_content()
    assert page.locator("#search").get_attribute("aria-activedescendant") == "result-1"
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text(chosen or "")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_search_finds_a_cell_by_the_beginning_of_its_code(visit: Open) -> None:
    page = visit("/")
    page.fill("#search", "110199001001002")
    page.locator("#search-results [role=option]").first.click()
    expect(page.locator("#panel .code").first).to_have_text("110199001001002")
    assert re.search(r"pick=cell:110199001001002", page.url)


def test_a_station_shows_what_it_serves_and_how_far_people_walk(visit: Open) -> None:
    page = visit("/#16/39.90500/116.30500")
    page.mouse.click(*MIDDLE)
    panel = page.locator("#panel")
    expect(panel).to_contain_text("社区服务站")
    expect(panel).to_contain_text("360 m²")
    expect(panel).to_contain_text("步行 20 分钟可达")
    expect(panel).to_contain_text("沿路网可达住户")
    before = colour_at(page, 760, 640)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert colour_at(page, 760, 640) != before


def test_a_community_tells_what_it_lacks(visit: Open) -> None:
    page = visit("/#16/39.90300/116.31250")
    page.locator('[data-layer="cells"]').click()
    page.mouse.click(*MIDDLE)
    panel = page.locator("#panel")
    for text in ("面积不足", "350 m²", "120 m²", "住户", "400"):
        expect(panel).to_contain_text(text)


def test_switching_a_layer_off_takes_it_from_the_map(visit: Open) -> None:
    page = visit("/#15/39.90300/116.32600")
    on = colour_at(page, 740, 500)
    page.click('[data-layer="check"]')
    page.wait_for_timeout(200)
    assert colour_at(page, 740, 500) != on


def test_a_phone_has_room_and_targets_for_a_thumb(visit: Open) -> None:
    page = visit("/#16/39.90500/116.30250", width=390, height=844, is_phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for target in ("#report", "#legend-toggle", "#zoom-all", "#search", "#language", "#to-desk"):
        box = page.locator(target).bounding_box()
        assert box, target
        assert min(box["height"], box["width"]) >= 44, target
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, target
    page.tap("#legend-toggle")
    assert (page.locator('[data-layer="filed"]').bounding_box() or {})["height"] >= 44
    page.tap("#legend-toggle")
    page.tap("#report")
    page.touchscreen.tap(200, 400)
    page.select_option("#category", "E0101")
    page.tap("#panel button[type=submit]")
    expect(page.locator("#panel")).to_contain_text("已派遣", timeout=SOON_MS)
    sheet = page.locator("#panel").bounding_box() or {}
    assert sheet["y"] + sheet["height"] == 844
    assert sheet["height"] <= 844 * 0.67


def test_the_map_stays_fluid_with_two_thousand_cells_and_five_thousand_incidents(visit: Open, system: System) -> None:
    system.execute("crowd.sql")
    page = visit("/#15/39.92000/116.37500")
    expect(page.locator('[data-layer="handling"] .count')).to_have_text("5,000")
    page.wait_for_timeout(500)
    page.evaluate("""() => {
        window.frames_ms = [];
        let last = performance.now();
        const tick = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(tick); };
        requestAnimationFrame(tick);
    }""")
    page.mouse.move(900, 500)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(900 - step * 6, 500 - step * 3)
    page.mouse.up()
    page.wait_for_timeout(300)
    frames = sorted(page.evaluate("window.frames_ms"))
    print(
        f"frames while dragging: median {frames[len(frames) // 2]:.0f} ms, p95 {frames[int(len(frames) * 0.95)]:.0f} ms"
    )
    assert frames[len(frames) // 2] <= FLUID_MS
