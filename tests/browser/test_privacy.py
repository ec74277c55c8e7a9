"""People's data in a real browser: masked until somebody says why, and taken away only when a second person agrees."""

from __future__ import annotations

from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, System

pytestmark = pytest.mark.browser

COMMUNITY, STREET = "desk:110199001001", "desk:110199001000"
CONTACT = {"name": "<b>诸葛</b>", "phone": "139-1234 5678"}
PLACE = {"lon": 116.3025, "lat": 39.905, "datum": "cgcs2000", "category": "E0101"}


@pytest.fixture(scope="module")
def case(system: System) -> int:
    told = PLACE | {"description": "请打 13900001111", "contact": CONTACT}
    answer = httpx.post(f"{system.address}/api/incidents", json=told, auth=system.signing)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reporter_is_shown_whole_only_to_who_says_why(visit: Open, case: int, width: int) -> None:
    page = visit(f"/desk#case={case}", actor=STREET, width=width)
    contact = page.locator("#contact")
    expect(contact).to_contain_text("139****5678")
    expect(page.locator("#drawer .told")).to_have_text("请打 139****1111")
    page.click("#unmask")
    page.click("#dialog [type=submit]")
    expect(page.locator("#dialog")).to_be_visible()  # nothing was said
    page.fill("#dialog [name=reason]", "回电核实地点")
    page.click("#dialog [type=submit]")
    expect(contact).to_contain_text("<b>诸葛</b>")
    expect(contact.locator("a")).to_have_attribute("href", "tel:139-12345678")
    expect(page.locator("#dialog")).to_be_hidden()


def test_who_reports_may_leave_a_number(visit: Open, system: System) -> None:
    page = visit("/#16/39.9050/116.3025")
    page.click("#report")
    page.mouse.click(700, 450)
    page.select_option("#category", "E0101")
    page.click(".report .contact summary")
    page.fill("#contact-phone", "13912340000")
    with page.expect_response("**/api/incidents") as sent:
        page.click(".report [type=submit]")
    told = httpx.get(f"{system.address}/api/cases/{sent.value.json()['id']}", auth=system.signing).json()
    assert told["contact"] == {"name": None, "phone": "139****0000", "home": None}


def test_a_table_is_asked_for_approved_and_taken_once(visit: Open, case: int, tmp_path: Path) -> None:
    page = visit("/approvals?lang=en", actor=COMMUNITY)
    page.fill("[name=reason]", "Spot check of call-backs")
    page.click("#ask [type=submit]")
    asked = page.locator(".approval").first
    expect(asked.locator(".state")).to_have_text("Waits for a second person")
    other = visit("/approvals?lang=en", actor=STREET, width=390)
    other.locator(".approval").first.get_by_role("button", name="Approve").click()
    expect(other.locator(".approval").first.locator(".state")).to_have_text("Approved")
    page.reload()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take as CSV").click()
    taken.value.save_as(tmp_path / "people.csv")
    assert "139-1234 5678" in (tmp_path / "people.csv").read_text(encoding="utf-8-sig")
    expect(asked.locator(".state")).to_have_text("Taken")
