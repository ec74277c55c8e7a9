"""Signing in through a city's own provider: one that runs, one that lies, and none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.app import app
from data import accounts, grants
from data.database import forget_engines
from data.dialogues import hold
from data.postgres import free_port
from geo.offices import Office
from tests.conftest import ROOT
from tests.oidc_provider import CLIENT, SECRET

START_S = 60
NAME, SUBJECT, STREET = "from.the.city", "4f1d-张", "110199001000"


@contextmanager
def running() -> Iterator[str]:
    """The provider as a process; its address, which is its issuer."""
    port = str(free_port())
    command = [sys.executable, "-m", "uvicorn", "tests.oidc_provider:app", "--port", port, "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"SUBJECT": SUBJECT})
    address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + START_S
    try:
        while not _answers(address) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/keys").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def browser(issuer: str) -> Iterator[TestClient]:
    """A browser in front of an application that knows the provider."""
    told = {
        "WANGGE_OIDC_ISSUER": issuer,
        "WANGGE_OIDC_CLIENT_ID": CLIENT,
        "WANGGE_OIDC_CLIENT_SECRET": SECRET,
        "WANGGE_OIDC_NAME": "一网通",
    }
    os.environ.update(told)
    forget_engines()
    try:
        with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as opened:
            yield opened
    finally:
        for name in told:
            del os.environ[name]
        forget_engines()


@pytest.fixture(scope="module")
def city(district: Engine, database_url: str) -> Iterator[str]:
    with running() as issuer:
        with psycopg.connect(database_url) as line:
            id_ = hold(line, accounts.create(NAME))
            hold(line, grants.grant(id_, Office.STREET, STREET))
            hold(line, accounts.link(NAME, f"{issuer} {SUBJECT}"))
        yield issuer


def there_and_back(browser: TestClient, onward: str = "/desk") -> str:
    """What the browser is given to come back with."""
    left = browser.get("/login/oidc", params={"next": onward})
    assert left.status_code == 302, left.text
    come = urlsplit(httpx.get(left.headers["location"]).headers["location"])
    return f"{come.path}?{come.query}"


def test_who_is_linked_comes_in_and_goes_on(city: str) -> None:
    with browser(city) as one:
        assert json.dumps("一网通") in one.get("/login").text
        answer = one.get(there_and_back(one))
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        me = one.get("/api/me").json()
        assert (me["account"], me["actor"]) == (NAME, f"desk:{STREET}")
        assert "begun" not in one.cookies


def test_an_answer_is_taken_once_and_only_by_whom_it_is_for(city: str) -> None:
    with browser(city) as one:
        back = there_and_back(one)
        kept = dict(one.cookies)
        one.cookies.clear()
        assert one.get(back).headers["location"] == "/login?failed=oidc", "another browser began it"
        assert "session" not in one.cookies
        one.cookies.update(kept)
        assert one.get(back).headers["location"] == "/desk"
        assert one.get(back).headers["location"] == "/login?failed=oidc", "replayed"


def test_another_state_is_refused(city: str) -> None:
    with browser(city) as one:
        code = parse_qs(urlsplit(there_and_back(one)).query)["code"][0]
        for query in (f"?code={code}&state=x", f"?code={code}", "?state=x", "", "?error=x", f"?code=x&state={'%00'}"):
            assert one.get(f"/login/oidc/back{query}").headers["location"] == "/login?failed=oidc"
        assert "session" not in one.cookies


def test_nobody_is_led_to_another_site(city: str) -> None:
    with browser(city) as one:
        assert one.get(there_and_back(one, "//evil.example")).headers["location"] == "/"


@pytest.mark.parametrize("how", ["denied", "nonce", "audience", "late", "issuer", "key"])
def test_a_provider_that_lies_lets_nobody_in(city: str, how: str) -> None:
    assert httpx.post(f"{city}/bend/{how}").status_code == 200
    try:
        with browser(city) as one:
            assert one.get(there_and_back(one)).headers["location"] == "/login?failed=oidc"
            assert "session" not in one.cookies
    finally:
        httpx.post(f"{city}/bend/straight")


def test_who_is_not_linked_or_locked_stays_outside(city: str, district: Engine) -> None:
    with browser(city) as one:
        for change in ("locked_at = now()", "locked_at = NULL, oidc_subject = NULL"):
            with district.begin() as connection:
                connection.execute(text(f"UPDATE account SET {change} WHERE name = :name"), {"name": NAME})
            assert one.get(there_and_back(one)).headers["location"] == "/login?failed=oidc"
        assert "没有成功" in one.get("/login?failed=oidc").text


@pytest.mark.parametrize(("issuer", "status"), [("", 404), ("http://127.0.0.1:9", 503)])
def test_without_a_provider_there_is_no_such_way(city: str, issuer: str, status: int) -> None:
    with browser(issuer) as one:
        assert one.get("/login/oidc").status_code == status
