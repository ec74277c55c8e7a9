"""A grid worker's phone in tests: Chromium with a phone's screen, touch and place, whose storage outlives its windows."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.browser.conftest import NOBODY_ELSE, READY_MS, System

SCREEN: Any = {"width": 390, "height": 844}
HERE: Any = {"longitude": 116.3025, "latitude": 39.905, "accuracy": 8}
PIXEL = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)
WORKER = "worker:1"
"""Head of the cell in which HERE lies."""
PLACE = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "E0101"}
SOON_S = 30
KEPT = """async () => (await navigator.serviceWorker.ready).active.state === "activated" && Boolean(await caches.match("/work"))"""


class Phone:
    """One phone of a worker. `open` gives its page; `put_away` ends the browser, what is stored stays."""

    def __init__(
        self, playwright: Playwright, system: System, folder: Path, *, actor: str, address: str | None
    ) -> None:
        self.playwright, self.system, self.folder, self.actor = playwright, system, folder, actor
        self.address = address or system.address
        self.context: BrowserContext | None = None

    def open(self, path: str = "/work", *, is_offline: bool = False) -> Page:
        """The page, in the window that there is, else after a start of the browser."""
        context = self.context or self._start()
        context.set_offline(is_offline)
        page = context.pages[0]
        page.goto(self.address + path)
        page.wait_for_selector("body.ready", timeout=READY_MS)
        return page

    def open_and_keep(self, path: str = "/work") -> Page:
        """The same, until the service worker has what it takes to open without signal."""
        page = self.open(path)
        page.wait_for_function(KEPT, timeout=READY_MS)
        return page

    def cut(self) -> None:
        assert self.context
        self.context.set_offline(True)

    def restore(self) -> None:
        assert self.context
        self.context.set_offline(False)

    def before(self, script: str) -> None:
        """Run in every page before anything else."""
        (self.context or self._start()).add_init_script(script)

    def put_away(self) -> None:
        if self.context:
            with suppress(Exception):
                self.context.close()
        self.context = None

    def _start(self) -> BrowserContext:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if found is None:
            pytest.skip("no chromium here (Debian: apt-get install chromium)")
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=found,
            args=["--no-sandbox", NOBODY_ELSE],
            viewport=SCREEN,
            user_agent=PIXEL,
            is_mobile=True,
            has_touch=True,
            geolocation=HERE,
            permissions=["geolocation"],
        )
        self.context.add_cookies(self.system.cookies(self.actor))
        return self.context


Handed = Callable[..., Phone]


@contextmanager
def phones(playwright: Playwright, system: System, folder: Path) -> Iterator[Handed]:
    """Hands out phones, each with a folder of its own."""
    handed: list[Phone] = []

    def hand(actor: str = WORKER, address: str | None = None) -> Phone:
        handed.append(Phone(playwright, system, folder / str(len(handed)), actor=actor, address=address))
        return handed[-1]

    yield hand
    for phone in handed:
        phone.put_away()


def picture(side_px: int = 700) -> bytes:
    """One that does not get small."""
    written = io.BytesIO()
    Image.effect_noise((side_px, side_px), 90).convert("RGB").save(written, "JPEG", quality=90)
    return written.getvalue()


def found(system: System, query: str, *values: Any) -> list[Any]:
    with psycopg.connect(system.database_url) as line:
        return line.execute(query, values).fetchall()  # type: ignore[arg-type]


def eventually(condition: Any) -> None:
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def given(system: System, words: str, holder: int = 1, **more: Any) -> int:
    """A case that has been dispatched to the worker."""
    with httpx.Client(base_url=system.address, auth=system.signing, timeout=30) as client:
        case = client.post("/api/incidents", json=PLACE | {"description": words} | more).json()["id"]
    eventually(lambda: found(system, "SELECT worker_id FROM case_file WHERE id = %s", case) == [(holder,)])
    return int(case)


def started() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running
