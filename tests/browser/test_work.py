"""The grid worker's page in a phone's hand: taps, live cases, sessions, large text, in front of a real system."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from geo import datum
from tests.browser.conftest import System
from tests.browser.phones import Handed, eventually, found, given, phones, picture, started

pytestmark = pytest.mark.browser

SOON_MS = 20_000
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""As when another app comes to the front."""
UNENCRYPTED = """
  Object.defineProperty(window, "isSecureContext", { value: false });
  for (const name of ["locks", "serviceWorker", "storage", "cookieStore"]) delete Navigator.prototype[name];
"""
"""What a browser takes away from a page of plain http."""
SMALL = """() => [...document.querySelectorAll("button, a[href], label.option, [role=switch], input:not([type=file])")]
  .filter((one) => one.checkVisibility() && !one.closest("label.option input"))
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 43.5 || height < 43.5).map(([html]) => html)"""
DIALLED = """addEventListener("click", (event) => {
  if (!event.target.closest("a[href^='tel:']")) return;
  event.preventDefault();
  window.dialled = event.target.closest("a").href;
}, true)"""
"""Whom the phone would call."""
RETURNED = "SELECT reason FROM case_event WHERE case_id = %s AND event = 'return'"
SPILLS = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    yield from started()


@pytest.fixture
def hand(playwright: Playwright, system: System, tmp_path: Path) -> Iterator[Handed]:
    with phones(playwright, system, tmp_path) as handed:
        yield handed


def photographed(page: Page, name: str) -> None:
    """For a person to look at, when a folder is named for it."""
    if folder := os.environ.get("WANGGE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def state_of(system: System, case: int) -> str:
    return str(found(system, "SELECT state FROM case_file WHERE id = %s", case)[0][0])


def test_two_taps_accept_and_three_finish_with_a_photo(system: System, hand: Handed) -> None:
    case = given(system, "两次点按接收")
    page = hand().open()
    page.tap(f"[data-id='{case}']")
    page.tap("[data-move=accept]")
    eventually(lambda: state_of(system, case) == "handling")
    page.goto(page.url.split("#")[0] + "#list")
    page.tap(f"[data-id='{case}']")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(400)}
    with page.expect_file_chooser() as chosen:
        page.tap("[data-move=finish]")
    chosen.value.set_files([photo])  # type: ignore[list-item]
    page.tap(".form [type=submit]")
    eventually(lambda: state_of(system, case) == "fed_back")
    told = found(system, "SELECT detail -> 'photos' FROM case_event WHERE case_id = %s AND event = 'finish'", case)
    assert told == [([found(system, "SELECT id FROM case_photo WHERE case_id = %s", case)[0][0]],)]
    expect(page.locator(f"[data-id='{case}']")).to_have_count(0)


def test_a_new_case_comes_by_itself_and_rings(system: System, hand: Handed) -> None:
    page = hand().open()
    expect(page.locator("#signal")).to_contain_text("实时", timeout=SOON_MS)
    case = given(system, "新来的案卷")
    begun = time.monotonic()
    page.wait_for_selector(f"[data-id='{case}']")
    assert time.monotonic() - begun < 3, "a second, and two for a busy machine"
    expect(page.locator("#said")).to_contain_text("新案卷")


def test_out_of_sight_nothing_is_asked_and_nothing_is_missed(system: System, hand: Handed) -> None:
    page = hand().open()
    expect(page.locator("#signal")).to_contain_text("实时", timeout=SOON_MS)
    asked: list[str] = []
    page.evaluate(HIDE, True)
    page.on("request", lambda request: asked.append(request.url))
    cases = [given(system, f"看不见时 {number}") for number in range(2)]
    page.wait_for_timeout(3_500)
    assert asked == []
    page.evaluate(HIDE, False)
    for case in cases:
        expect(page.locator(f"[data-id='{case}']")).to_have_count(1, timeout=SOON_MS)


def note(page: Page, case: int, words: str) -> None:
    """Written through the sheet, as a worker does."""
    page.goto(page.url.split("#")[0] + f"#case/{case}")
    page.tap(".case-bar .button:first-child")
    page.tap(".choice:has-text('备注')")
    page.fill("[name=reason]", words)
    page.tap(".form [type=submit]")
    page.wait_for_url("**#list")


def notes(system: System, case: int) -> list[str]:
    told = found(system, "SELECT reason FROM case_event WHERE case_id = %s AND event = 'note' ORDER BY seq", case)
    return [reason for (reason,) in told]


def test_after_the_session_ended_what_waits_goes_out_with_the_next_one(system: System, hand: Handed) -> None:
    case = given(system, "会话结束")
    phone = hand()
    page = phone.open()
    assert phone.context
    phone.context.clear_cookies()
    note(page, case, "会话结束时写的")
    expect(page.locator("#notes")).to_contain_text("请重新登录")
    assert notes(system, case) == []

    phone.context.add_cookies(system.cookies("worker:2"))  # somebody else: it is not his to send
    page.evaluate("location.hash = 'pending'")
    page.tap("text=立即发送")
    page.wait_for_timeout(1_000)
    assert notes(system, case) == []
    expect(page.locator(".pending-item")).to_have_count(1)

    phone.context.clear_cookies()
    phone.context.add_cookies(system.cookies(phone.actor))
    page.tap("text=立即发送")
    expect(page.locator(".pending-item")).to_have_count(0, timeout=SOON_MS)
    assert notes(system, case) == ["会话结束时写的"]


def test_reasons_and_people_come_from_lists(system: System, hand: Handed) -> None:
    back, over, shared = (given(system, words) for words in ("退回", "移交", "协办"))
    page = hand().open()
    page.evaluate(f"location.hash = 'case/{back}'")
    page.tap("[data-move=return]")
    page.tap(".option:has-text('现场没有发现')")
    page.tap(".form [type=submit]")
    eventually(lambda: found(system, RETURNED, back) == [("现场没有发现",)])

    page.evaluate(f"location.hash = 'case/{over}'")
    page.tap(".case-bar .button:first-child")
    page.tap(".choice:has-text('移交')")
    page.tap(".form [type=submit]")
    expect(page.locator(".problem")).to_contain_text("请选择人员")
    page.tap(".option:has-text('李*')")
    page.tap(".form [type=submit]")
    eventually(lambda: found(system, "SELECT worker_id FROM case_file WHERE id = %s", over) == [(2,)])

    page.evaluate(f"location.hash = 'case/{shared}'")
    page.tap(".case-bar .button:first-child")
    page.tap(".choice:has-text('请求协办')")
    page.tap(".option:has-text('需要人手')")
    page.tap(".option:has-text('李*')")
    page.tap(".form [type=submit]")
    helped = "SELECT helper, request FROM case_helper WHERE case_id = %s"
    eventually(lambda: found(system, helped, shared) == [("worker:2", "需要人手")])


def test_calling_and_finding_the_way_leave_the_page_with_the_right_number_and_datum(
    system: System, hand: Handed
) -> None:
    case = given(system, "联系和导航", contact={"name": "诸葛孔明", "phone": "139-1234-5678"})
    phone = hand()
    phone.before(DIALLED)
    page = phone.open(f"/work#case/{case}")
    page.tap(".way:has-text('打电话')")
    page.tap(".choice >> nth=0")
    eventually(lambda: page.evaluate("window.dialled") == "tel:13912345678")
    query = "SELECT reason FROM audit_line WHERE action = 'unmask' AND subject = %s"
    assert found(system, query, f"case:{case}") == [("联系报告人核实情况",)]
    page.tap("#dialog .round")
    page.tap(".way:has-text('导航')")
    addresses = page.eval_on_selector_all(".choice", "(all) => all.map(({ href }) => href)")
    lon, lat = (float(value) for value in datum.convert(116.3025, 39.905, source="wgs84", target="gcj02"))
    assert f"dlat={lat:.6f}&dlon={lon:.6f}" in addresses[0]
    assert f"latlng:{lat:.6f},{lon:.6f}" in addresses[1]
    assert addresses[2].startswith("geo:39.905,116.3025")


def databases(page: Page) -> list[str]:
    return page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")  # type: ignore[no-any-return]


def test_signing_out_asks_while_something_waits_and_wipes_the_phone(system: System, hand: Handed) -> None:
    case = given(system, "退出登录")
    phone = hand()
    page = phone.open_and_keep()
    phone.cut()
    note(page, case, "还没发送")
    page.evaluate("location.hash = 'more'")
    page.tap("#sign-out")
    expect(page.locator("#dialog")).to_contain_text("尚未发送")
    page.tap("text=退出并丢弃")
    expect(page.locator("#dialog")).to_contain_text("需要有信号")
    assert databases(page) != []
    page.tap("#dialog .round")
    phone.restore()
    expect(page.locator("#to-pending")).to_be_hidden(timeout=SOON_MS)
    system.signing.tokens.pop(phone.actor)  # this session is about to end
    page.tap("#sign-out")
    page.wait_for_url("**/login**")
    assert [name for name in databases(page) if name.startswith("wangge-work:")] == []


def test_a_page_without_encryption_says_so_and_still_sends(system: System, hand: Handed) -> None:
    case = given(system, "没有加密")
    phone = hand()
    phone.before(UNENCRYPTED)
    page = phone.open()
    expect(page.locator("#notes")).to_contain_text("https")
    note(page, case, "没有加密时写的")
    eventually(lambda: notes(system, case) == ["没有加密时写的"])


@pytest.mark.parametrize(("language", "percent"), [("zh", 100), ("en", 100), ("zh", 200), ("en", 200)])
def test_every_screen_fits_a_thumb_and_twice_the_text(
    system: System, hand: Handed, language: str, percent: int
) -> None:
    case = given(system, "大字 <b>不是标记</b>")
    page = hand().open(f"/work?lang={language}")
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    for screen in ("list", f"case/{case}", "map", "report", "patrol", "elements", "pending", "more"):
        page.evaluate(f"location.hash = '{screen}'")
        page.wait_for_timeout(150)
        photographed(page, f"work-{screen.split('/')[0]}-{language}-{percent}")
        assert not page.evaluate(SPILLS), screen
        assert page.evaluate(SMALL) == [], screen


def test_the_icon_counts_what_is_to_be_accepted(system: System, hand: Handed) -> None:
    """The browser keeps the count to itself; what it is told is listened to."""
    phone = hand()
    phone.before("window.told = []; navigator.setAppBadge = async (count) => void window.told.push(count);")
    page = phone.open()
    given(system, "角标")
    query = "SELECT count(*) FROM case_file WHERE worker_id = 1 AND state = 'dispatched'"
    eventually(lambda: page.evaluate("window.told.at(-1)") == found(system, query)[0][0])


def test_nothing_of_the_api_is_kept_by_the_service_worker(system: System, hand: Handed) -> None:
    page = hand().open_and_keep()
    page.reload()
    page.wait_for_selector("body.ready")
    kept = page.evaluate("""async () => (await Promise.all((await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat()""")
    assert "/work" in kept and len(kept) > 30
    assert [path for path in kept if path.startswith("/api/")] == []
