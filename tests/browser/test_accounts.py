"""The door, one's own account and the accounts of others, as people use them, in front of a real system."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pyotp
import pytest
from playwright.sync_api import Page

from data import accounts, grants, sessions
from data.dialogues import hold
from data.passwords import hashed
from geo.offices import Office
from tests.browser.conftest import READY_MS, Open, System

pytestmark = pytest.mark.browser

PASSWORD, BETTER = "k7mfw-2xq9d-hp3ra-w8ecj", "Ein langer Weg, 2026"
PHONE: dict[str, Any] = {"width": 390, "height": 844, "is_phone": True}
STREET = "110199001000"


def make(system: System, name: str, office: Office, ground: str | None = None, *, is_demo: bool = False) -> None:
    with psycopg.connect(system.database_url) as line:
        id_ = hold(line, accounts.create(name, password_hash=None if is_demo else hashed(PASSWORD), is_demo=is_demo))
        hold(line, grants.grant(id_, office, ground))


@pytest.fixture
def demo(system: System) -> Iterator[None]:
    """The district as a demo's, which alone offers its accounts."""
    with psycopg.connect(system.database_url, autocommit=True) as line:
        line.execute("UPDATE area SET source = 'demo'")
        yield
        line.execute("UPDATE area SET source = NULL")


def picture(page: Page, name: str) -> None:
    """For a person to look at, when a folder is named for it."""
    if folder := os.environ.get("WANGGE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def is_within_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def sign_in(page: Page, name: str, password: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.click("#way [type=submit]")


def change_password(page: Page, current: str, new: str) -> None:
    page.fill("[name=current]", current)
    page.fill("[name=new]", new)
    page.fill("[name=again]", new)
    page.click("form:has([name=again]) [type=submit]")


def enrol(page: Page) -> pyotp.TOTP:
    page.fill("form:not(:has([name=again])) [name=password]", BETTER)
    page.click("form:not(:has([name=again])) [type=submit]")
    page.wait_for_selector(".qr")
    page.click("details:has(.secret) summary")
    device = pyotp.TOTP((page.text_content(".secret") or "").replace(" ", ""))
    page.fill("[name=code]", device.now())
    page.click("form:has([name=code]) [type=submit]")
    page.wait_for_selector(".recovery")
    return device


def test_a_person_comes_in_is_led_on_and_goes(system: System, visit: Open) -> None:
    make(system, "door.street", Office.STREET, STREET)
    page = visit("/login?lang=en", actor=None, may_fail=True)
    page.goto(f"{system.address}/desk#view=table")
    page.wait_for_selector("body.login.ready")
    assert page.url == f"{system.address}/login?next=%2Fdesk#view=table"
    sign_in(page, "door.street", "wrong")
    page.wait_for_selector("text=Name or password is wrong.")
    sign_in(page, "Door.Street", PASSWORD)
    page.wait_for_selector("text=Choose a password")
    change_password(page, PASSWORD, "short")
    page.wait_for_selector("text=At least 10 characters, please.")
    change_password(page, PASSWORD, BETTER)
    page.wait_for_url("**/desk*")
    page.wait_for_selector("body.ready")
    assert page.text_content("#me-name") == "柳荫街道"
    page.click("#account summary")
    page.wait_for_selector(".account-name:has-text('door.street')")
    page.click("#sign-out")
    page.wait_for_url("**/login")
    page.goto(f"{system.address}/desk")
    assert page.url.startswith(f"{system.address}/login")


def test_an_account_of_the_demo_is_one_click_away(system: System, demo: None, visit: Open) -> None:
    for office, ground in ((Office.STREET, STREET), (Office.WORKER, "1"), (Office.SYSTEM_ADMIN, None)):
        make(system, f"demo.{office.replace('_', '-')}", office, ground, is_demo=True)
    for told, name in ((PHONE, "door-phone"), ({}, "door")):
        page = visit("/", actor=None, **told)
        assert is_within_the_screen(page)
        picture(page, name)
        page.click("[data-account='demo.street']")
        page.wait_for_selector("#legend")
        page.wait_for_selector("body.ready")
    page.click("#account summary")
    page.click("text=我的账号")
    page.wait_for_selector("#grants .held")
    assert "演示账号没有密码" in (page.text_content("#password") or "")


def test_an_administrator_enrols_and_keeps_accounts(system: System, visit: Open) -> None:
    make(system, "wang.fang", Office.SYSTEM_ADMIN)
    page = visit("/admin", actor=None, may_fail=True)
    sign_in(page, "wang.fang", PASSWORD)
    page.wait_for_selector("[name=again]")
    change_password(page, PASSWORD, BETTER)
    page.wait_for_selector("text=管理员必须启用")
    device = enrol(page)
    picture(page, "recovery")
    page.click("text=已保存")
    page.wait_for_selector(".account-row")
    page.click("#new summary")
    page.fill("#new [name=name]", "li.ming")
    page.click("#new [type=submit]")
    page.wait_for_selector(".one-time .secret")
    picture(page, "admin-new")
    one_time = page.text_content(".one-time .secret") or ""
    page.click("[data-name='li.ming']")
    page.click("#details >> text=停用")
    page.wait_for_selector("#details >> text=恢复")
    assert page.locator(".one-time").count() == 0
    picture(page, "admin")
    theirs = visit("/login", actor=None, may_fail=True)
    sign_in(theirs, "li.ming", one_time)
    theirs.wait_for_selector("text=该账号已停用")
    again = visit("/login", actor=None)
    sign_in(again, "wang.fang", BETTER)
    again.wait_for_selector("[name=code]")
    picture(again, "second-factor")
    again.fill("[name=code]", device.at(int(time.time()) + 30))
    again.click("#way [type=submit]")
    again.wait_for_selector(".account-row")


def test_the_security_administrator_grants_on_a_phone_too(system: System, demo: None, visit: Open) -> None:
    make(system, "demo.security-admin", Office.SECURITY_ADMIN, is_demo=True)
    make(system, "chen.jing", Office.COMMUNITY, "110199001001")
    page = visit("/login", actor=None, **PHONE)
    page.click("[data-account='demo.security-admin']")
    page.wait_for_selector(".account-row")
    assert page.url == f"{system.address}/admin"
    page.fill("#q", "chen")
    page.wait_for_selector("[data-name='chen.jing']")
    page.click("[data-name='chen.jing']")
    page.wait_for_selector("#details .held")
    page.click("#details >> text=授予岗位")
    page.select_option("[name=office]", "street")
    page.fill("#ground", "柳荫")
    page.click("#grounds [role=option] >> nth=0")
    picture(page, "admin-phone")
    page.click("#details form [type=submit]")
    page.wait_for_selector("#details .held >> nth=1")
    assert "柳荫街道" in (page.text_content("#details .held >> nth=0") or "")
    page.click("#details .held >> nth=0 >> text=撤销")
    page.wait_for_selector("#details .held.is-past")
    assert is_within_the_screen(page)


def test_a_page_that_stands_open_goes_to_the_door_when_its_session_has_ended(system: System, visit: Open) -> None:
    page = visit("/", actor="worker:2", may_fail=True)
    with psycopg.connect(system.database_url) as line:
        account = hold(line, accounts.find("as.worker.2"))
        hold(line, sessions.end(account["id"], by="wang.fang"))
    system.signing.tokens.pop("worker:2")
    page.wait_for_url("**/login*", timeout=READY_MS)


def test_one_looks_after_ones_own_account(system: System, visit: Open) -> None:
    make(system, "own.account", Office.STREET, STREET)
    page = visit("/login?lang=en", actor=None)
    sign_in(page, "own.account", PASSWORD)
    page.wait_for_selector("[name=again]")
    change_password(page, PASSWORD, BETTER)
    page.wait_for_selector("#legend")
    page.goto(f"{system.address}/account")
    page.wait_for_selector("body.ready")
    picture(page, "account")
    enrol(page)
    page.click("text=I have kept them")
    page.wait_for_selector("#second-factor >> text=Remove it")
    assert page.locator("#sessions .held").count() == 1
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "account-phone")
    assert is_within_the_screen(page)
