"""The grid worker's page in headless Chromium with a phone's screen and a processor slowed down four times, over the loopback.

First view: all that the page asks for until its list stands, compressed, with nothing kept before. Interactive: the list stands and
no task longer than 50 ms comes after. Processor: what the page's own thread took for that, whatever else the machine does. Frames:
while 500 cases, and beside them 500 plain lines, are scrolled by the same sweep on a processor of full speed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from sqlalchemy import create_engine

from api import cross_site
from data import reference
from data.database import sqlalchemy_url
from data.schema import upgrade
from tests.api.server import running
from tests.benchmarks.report import Row
from tests.conftest import ROOT, Databases
from tests.signing import Signing

FILES = (ROOT / "tests/api/district.sql", Path(__file__).parent / "sql/phone_cases.sql")
SCREEN = {"width": 390, "height": 844}
SLOWER = 4
FEW, MANY = "worker:1", "worker:2"
TURNS = 5
QUIET_MS = 1500
"""Without a long task the page counts as at rest."""
FRAME_MS = 1000 / 60
FAR_PX, SPEED_PX_PER_S = 12_000, 3000
FIGURES = ("size", "interactive", "processor")
PLAIN = "500 plain lines"
PLAIN_PAGE = f"""
    <!doctype html><meta name="viewport" content="width=device-width">
    <main id="screen" style="height: 100vh; overflow: auto">{"<p style='height: 100px'>x</p>" * 500}</main>
"""
WATCH = """
    window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.startTime + one.duration)))
        .observe({ type: "longtask", buffered: true });
    new MutationObserver((_changes, watching) => {
        if (!document.querySelector(".case-card")) return;
        window.standsAt = performance.now();
        watching.disconnect();
    }).observe(document, { childList: true, subtree: true });
"""
INTERACTIVE = "Math.max(standsAt, ...longTasks)"
FRAMES = """
    window.frames_ms = [];
    let last = performance.now();
    const count = (now) => { frames_ms.push(now - last); last = now; requestAnimationFrame(count); };
    requestAnimationFrame(count);
"""


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        with _served(databases) as (address, signing), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            views = [_view(browser, address, signing) for _ in range(TURNS)]
            ours, plain = (_scrolled(browser, address, signing, is_plain=is_plain) for is_plain in (False, True))
            browser.close()
    finally:
        databases.drop_all()
    size, interactive, processor = (min(getattr(view, name) for view in views) for name in FIGURES)
    yield Row("phone: first view, compressed", size / 1000, "KB", 300, "the limit", aim="aim: below")
    yield Row("phone: interactive, processor 4 × slower", interactive / 1000, "s", 1.5, "the limit", aim="aim: below")
    yield Row("phone: the page's thread for that", processor, "s", 1.5, "the limit")
    yield Row("phone: requests to other hosts", sum(view.others for view in views), "", aim="aim: none")
    yield Row("phone: 500 cases scrolled, median frame", median(ours), "ms", median(plain), PLAIN)
    yield Row("phone: frames later than half of one", _late(ours), "%", _late(plain), PLAIN, aim="aim: none")


@dataclass
class View:
    """A first view: its bytes, when it is interactive in ms, seconds of processor, and how many requests went elsewhere."""

    size: float = 0
    interactive: float = 0
    processor: float = 0
    others: int = 0


@contextmanager
def _served(databases: Databases) -> Iterator[tuple[str, Signing]]:
    url = databases.create("phone")
    upgrade(url)
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        reference.load(connection)
    engine.dispose()
    with psycopg.connect(url) as line:
        for file in FILES:
            line.execute(file.read_bytes())
    with running(url) as (address, _):
        yield address, Signing(url)


def _phone(browser: Browser, address: str, signing: Signing, actor: str) -> BrowserContext:
    """A phone on which nothing is kept; the service worker, which comes after the first view, stays away."""
    context = browser.new_context(
        viewport=SCREEN,  # type: ignore[arg-type]
        is_mobile=True,
        has_touch=True,
        device_scale_factor=2,
        service_workers="block",
    )
    token = signing.token(actor)
    told = {"session": token, "csrf": cross_site.token(token)}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in told.items()])
    return context


def _view(browser: Browser, address: str, signing: Signing) -> View:
    context, view = _phone(browser, address, signing, FEW), View()
    page = context.new_page()
    cdp = context.new_cdp_session(page)

    def received(told: dict[str, Any]) -> None:
        view.size += told["encodedDataLength"]

    def asked(request: Request) -> None:
        view.others += not request.url.startswith((address, "blob:"))

    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", received)
    page.on("request", asked)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    _open(page, address)
    view.interactive = float(page.evaluate(INTERACTIVE))
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    view.processor = metrics["TaskDuration"]
    context.close()
    return view


def _open(page: Page, address: str) -> None:
    page.add_init_script(WATCH)
    page.goto(f"{address}/work")
    page.wait_for_selector(".case-card")
    page.wait_for_timeout(QUIET_MS)


def _scrolled(browser: Browser, address: str, signing: Signing, *, is_plain: bool) -> list[float]:
    """How long each frame took while the list went by, in ms."""
    context = _phone(browser, address, signing, MANY)
    page = context.new_page()
    if is_plain:
        page.set_content(PLAIN_PAGE)
    else:
        _open(page, address)
        page.wait_for_function("document.querySelectorAll('.case-card').length === 500")
    page.evaluate(f"() => {{ {FRAMES} }}")
    sweep = {"x": 195, "y": 600, "yDistance": -FAR_PX, "speed": SPEED_PX_PER_S, "gestureSourceType": "mouse"}
    context.new_cdp_session(page).send("Input.synthesizeScrollGesture", sweep)
    frames: list[float] = page.evaluate("frames_ms.slice(2)")
    assert page.evaluate("document.querySelector('#screen').scrollTop") > 0.9 * FAR_PX
    context.close()
    return frames


def _late(frames: list[float]) -> float:
    """The share of frames, in percent, that took longer than one and a half."""
    return 100 * sum(one > 1.5 * FRAME_MS for one in frames) / len(frames)
