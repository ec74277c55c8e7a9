"""The reporter's page on a phone, in front of a real system."""

from __future__ import annotations

import os
import time
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, System

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "is_phone": True}
REPORT = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "E0101", "description": "<b>巷口</b>有暴露垃圾"}
WAY: tuple[dict[str, Any], ...] = (
    {"event": "accept"},
    {"event": "finish"},
    {"event": "check"},
    {"event": "verify", "reason": "回访"},
)
SOON_S = 20


def closed(system: System) -> str:
    """The link of a report that was dealt with."""
    told = httpx.post(f"{system.address}/api/incidents", json=REPORT).json()
    case = f"{system.address}/api/cases/{told['id']}"
    deadline = time.monotonic() + SOON_S
    while httpx.get(case, auth=system.signing).json()["state"] != "dispatched" and time.monotonic() < deadline:
        time.sleep(0.1)
    for step in WAY:
        assert httpx.post(f"{case}/moves", json=step, auth=system.signing).status_code == 200
    return str(told["link"])


def picture(page: Page, name: str) -> None:
    """For a person to look at, when a folder is named for it."""
    if folder := os.environ.get("WANGGE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def is_within_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_reporter_rates_and_has_it_opened_again(system: System, visit: Open) -> None:
    page = visit(closed(system), **PHONE)
    expect(page.locator("#rate")).to_contain_text("<b>巷口</b>有暴露垃圾")
    assert is_within_the_screen(page)
    picture(page, "rate-zh")
    page.click("text=提交评价")
    expect(page.locator("#rate")).not_to_contain_text("感谢您的评价")  # nothing is chosen yet
    for name, value in (("is_answered", "true"), ("is_solved", "false"), ("satisfaction", "2")):
        page.check(f'input[name="{name}"][value="{value}"]', force=True)
    page.fill('textarea[name="comment"]', "<i>还有</i>一半")
    page.click("text=提交评价")
    expect(page.locator("#rate")).to_contain_text("感谢您的评价")
    expect(page.locator("#rate")).to_contain_text("<i>还有</i>一半")
    picture(page, "rate-said")
    page.fill('textarea[name="reason"]', "垃圾还在")
    page.click("button:has-text('重新办理')")
    expect(page.locator("#rate")).to_contain_text("结案后可以在这里评价")


def test_the_page_speaks_english_too(system: System, visit: Open) -> None:
    page = visit(f"{closed(system)}?lang=en", **PHONE)
    expect(page.locator("#rate")).to_contain_text("How satisfied are you?")
    assert is_within_the_screen(page)
    picture(page, "rate-en")


def test_a_link_that_was_not_made_here_leads_nowhere(system: System) -> None:
    link = closed(system)
    assert httpx.get(system.address + link).status_code == 200
    assert httpx.get(system.address + link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
