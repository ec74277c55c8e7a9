"""Nothing that a grid worker did is lost or done twice: network cut, page closed, server killed, somebody faster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, Playwright, expect

from data.postgres import free_port
from tests.api.server import running
from tests.browser.conftest import System
from tests.browser.phones import PLACE, SOON_S, Handed, Phone, eventually, found, given, phones, picture, started

pytestmark = pytest.mark.browser

SLOW_BYTES_PER_S = 30_000
FAST = -1
WORKER_2, DESK = "worker:2", "desk:110199001001"

MORTAL = """
import os, signal
from api import app, server

class Mortal:
    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        async def answer(message):
            if message["type"] == "http.response.start" and scope["method"] == "POST" and scope["path"].endswith("{path}"):
                os.kill(os.getpid(), signal.SIGKILL)
            await send(message)

        await self.inner(scope, receive, answer)

app.app.add_middleware(Mortal)
server.main()
"""


def dying(path: str) -> str:
    """A server that carries out what it is asked at `path`, commits, and is killed before it has said so."""
    return MORTAL.replace("{path}", path)


QUEUE = """async ([account, actor, items]) => {
  const [{ Kept }, { Outbox }] = await Promise.all([import("/static/js/work/kept.js"), import("/static/js/work/outbox.js")]);
  const kept = await Kept.open(account);
  const outbox = new Outbox(kept, { account, actor });
  for (const { pictures = [], ...item } of items) {
    const blobs = pictures.map((bytes) => new Blob([new Uint8Array(bytes)], { type: "image/jpeg" }));
    await outbox.add({ ...item, pictures: blobs });
  }
  kept.close();
  new BroadcastChannel("wangge-work").postMessage({ changed: account });
}"""
"""Add to the outbox, as another tab does."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    yield from started()


@pytest.fixture
def hand(playwright: Playwright, system: System, tmp_path: Path) -> Iterator[Handed]:
    with phones(playwright, system, tmp_path) as handed:
        yield handed


def step(path: str, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "path": path, "key": f"{time.time_ns()}-{path}"} | more


def report(words: str, photos: int) -> dict[str, Any]:
    steps = [step("/api/incidents", body=PLACE | {"description": words})]
    steps += [step("/api/cases/{0.id}/photos", picture=place) for place in range(photos)]
    return {"kind": "report", "words": words, "steps": steps, "pictures": [list(picture()) for _ in range(photos)]}


def photo(name: str) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture()}


def queue(page: Page, actor: str, *items: dict[str, Any]) -> None:
    account = f"as.{actor.replace(':', '.')}"
    page.evaluate(QUEUE, [account, actor, list(items)])


def stored(system: System, words: str) -> list[Any]:
    """Each incident of these words with its number of photos."""
    query = """SELECT i.id, count(DISTINCT p.sha256) FROM incident AS i LEFT JOIN case_photo AS p ON p.case_id = i.id
               WHERE i.description = %s GROUP BY i.id"""
    return found(system, query, words)


def move(system: System, case: int, actor: str, event: str, **members: Any) -> None:
    headers = {"X-Wangge-Actor": actor}
    path = f"{system.address}/api/cases/{case}/moves"
    answer = httpx.post(path, json={"event": event} | members, headers=headers, auth=system.signing, timeout=30)
    assert answer.status_code == 200, answer.text


def slow_down(phone: Phone, page: Page, upload_bytes_per_s: int) -> None:
    assert phone.context
    wire = phone.context.new_cdp_session(page)
    wire.send("Network.enable")
    told = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload_bytes_per_s}
    wire.send("Network.emulateNetworkConditions", told)


def test_a_report_with_two_photos_survives_a_cut_and_a_closed_page(system: System, hand: Handed) -> None:
    words = "断网时上报"
    given(system, "这里常见的")  # of a category that is offered first from then on
    phone = hand()
    page = phone.open_and_keep("/work#report")
    slow_down(phone, page, SLOW_BYTES_PER_S)
    page.set_input_files(".pictures input", [photo("一.jpg"), photo("二.jpg")])
    page.tap(".usual-one")
    page.fill("textarea", words)
    with page.expect_request(lambda request: request.url.endswith("/photos")):
        page.tap(".case-bar [type=submit]")
    phone.cut()
    page.evaluate("location.hash = 'pending'")
    expect(page.locator(".pending-item")).to_contain_text("已发送 1/3 步")
    expect(page.locator("#signal")).to_contain_text("无信号")
    assert stored(system, words)[0][1] == 0
    phone.put_away()

    page = phone.open("/work#pending", is_offline=True)
    expect(page.locator(".pending-item")).to_have_count(1)
    phone.restore()
    expect(page.locator(".pending-item")).to_have_count(0, timeout=SOON_S * 1000)
    assert [count for _, count in stored(system, words)] == [2]


def test_a_server_killed_before_it_answers_has_it_once(system: System, hand: Handed) -> None:
    """Killed twice: once when it has stored the report, once when it has stored the first photo."""
    words, port = "服务器被杀", free_port()
    phone = hand(address=f"http://127.0.0.1:{port}")
    with running(system.database_url, dying("/api/incidents"), port=port) as (_, process):
        page = phone.open("/work#pending")
        queue(page, phone.actor, report(words, 2))
        page.click("text=立即发送")
        process.wait(SOON_S)
    assert stored(system, words)[0][1] == 0
    with running(system.database_url, dying("/photos"), port=port) as (_, process):
        process.wait(SOON_S)
    assert stored(system, words)[0][1] == 1
    expect(page.locator(".pending-item")).to_have_count(1)
    with running(system.database_url, port=port):
        expect(page.locator(".pending-item")).to_have_count(0, timeout=SOON_S * 1000)
    assert [count for _, count in stored(system, words)] == [2]


def test_an_answer_that_is_not_ours_is_no_answer(system: System, hand: Handed) -> None:
    """A hotel's door page says 200 to everything, a proxy 404."""
    case = given(system, "别人的回答")
    phone = hand()
    page = phone.open(f"/work#case/{case}")
    page.route("**/moves", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>"))
    page.tap("[data-move=accept]")
    expect(page.locator("#signal")).to_contain_text("无信号")
    page.unroute("**/moves")
    page.route("**/moves", lambda route: route.fulfill(status=404, content_type="text/html", body="<p>"))
    page.evaluate("location.hash = 'pending'")
    with page.expect_response("**/moves"):
        page.tap("text=立即发送")
    expect(page.locator(".pending-item")).to_have_count(1)
    expect(page.locator(".is-refused")).to_have_count(0)
    page.unroute("**/moves")
    page.tap("text=立即发送")
    expect(page.locator("#to-pending")).to_be_hidden(timeout=SOON_S * 1000)
    assert found(system, "SELECT state FROM case_file WHERE id = %s", case) == [("handling",)]


def test_two_hundred_deeds_go_out_in_their_order(system: System, hand: Handed) -> None:
    case = given(system, "两百项")
    phone = hand()
    page = phone.open_and_keep("/work#pending")
    phone.cut()
    notes = [
        {"kind": "move", "about": case, "words": f"第 {number} 项", "steps": [
            step(f"/api/cases/{case}/moves", body={"event": "note", "reason": str(number)}, key=f"note-{case}-{number}")
        ]} for number in range(200)
    ]  # fmt: skip
    queue(page, phone.actor, *notes)
    expect(page.locator("#pending-count")).to_contain_text("200")
    phone.restore()
    expect(page.locator(".pending-item")).to_have_count(0, timeout=90_000)
    told = found(system, "SELECT reason FROM case_event WHERE case_id = %s AND event = 'note' ORDER BY seq", case)
    assert [int(reason) for (reason,) in told] == list(range(200))


def test_who_was_faster_is_told_and_nothing_written_is_lost(system: System, hand: Handed) -> None:
    case = given(system, "两人同一案卷")
    slow, fast = hand(), hand(WORKER_2)
    page = slow.open_and_keep(f"/work#case/{case}")
    slow.cut()
    page.click("[data-move=return]")
    page.fill("[name=reason]", "不在我的网格内")
    page.click(".form [type=submit]")
    expect(page.locator("#pending-count")).to_contain_text("1")
    move(system, case, DESK, "assign", to=WORKER_2)
    other = fast.open(f"/work#case/{case}")
    other.click("[data-move=accept]")
    eventually(lambda: found(system, "SELECT state FROM case_file WHERE id = %s", case) == [("handling",)])

    slow.restore()
    page.click("text=查看")
    refused = page.locator(".pending-item.is-refused")
    expect(refused).to_contain_text("李*")
    expect(refused).to_contain_text("“接受”")
    expect(refused).to_contain_text("不在我的网格内")
    refused.locator("text=改存为备注").click()
    expect(page.locator(".pending-item")).to_have_count(0, timeout=SOON_S * 1000)
    told = found(system, "SELECT event, reason FROM case_event WHERE case_id = %s ORDER BY seq DESC LIMIT 1", case)
    assert told == [("note", "不在我的网格内")]
    assert found(system, "SELECT worker_id FROM case_file WHERE id = %s", case) == [(2,)]
