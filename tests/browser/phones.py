"""A grid worker's phone in tests: Chromium with a phone's screen, touch and place, whose storage outlives its window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.conftest import NOBODY_ELSE, READY_MS, System

SCREEN = {"width": 390, "height": 844}
HERE = {"longitude": 116.3025, "latitude": 39.905, "accuracy": 8}
WORKER = "worker:1"


class Phone:
    """One phone: `page` is its window, closed and opened again without losing what is stored."""

    def __init__(self, playwright: Playwright, system: System, folder: Path, actor: str = WORKER) -> None:
        self.playwright, self.system, self.folder, self.actor = playwright, system, folder, actor
        self.troubles: list[str] = []
        self.context = self._launch()

    def _launch(self) -> BrowserContext:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if found is None:
            pytest.skip("no chromium here (Debian: apt-get install chromium)")
        context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=found,
            args=["--no-sandbox", NOBODY_ELSE],
            viewport=SCREEN,  # type: ignore[arg-type]
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            geolocation=HERE,  # type: ignore[arg-type]
            permissions=["geolocation"],
        )
        context.add_cookies(self.system.cookies(self.actor))
        return context

    def close(self) -> None:
        """The browser is put away, as by a restart of the phone."""
        self.context.close()

    def open(self, path: str = "/work", *, is_offline: bool = False) -> Page:
        """The page, in the window that there is, else in a new one."""
        if not self._is_running():
            self.context = self._launch()
        self.context.set_offline(is_offline)
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(self.system.address + path)
        page.wait_for_selector("body.ready", timeout=READY_MS)
        return page

    def _is_running(self) -> bool:
        return self.context.browser is None or self.context.browser.is_connected()
