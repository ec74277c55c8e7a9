"""The real system, small: database, web server and dispatcher as processes, and headless Chromium that reaches no other host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright
from sqlalchemy import create_engine

from api import cross_site
from data import reference
from data.database import sqlalchemy_url
from geo.callers import DUTY_DESK
from tests.api.server import running
from tests.conftest import ROOT, Databases
from tests.signing import Signing

HERE = Path(__file__).parent
DISTRICT = HERE.parent / "api" / "district.sql"
READY_MS = 20_000
START_S = 60
NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@dataclass(frozen=True)
class System:
    address: str
    database_url: str
    signing: Signing

    def cookies(self, actor: str) -> list[Any]:
        """Of a browser in which somebody signed in who acts as `actor`."""
        token = self.signing.token(actor)
        told = {"session": token, "csrf": cross_site.token(token)}
        return [{"name": name, "value": value, "url": self.address} for name, value in told.items()]

    def execute(self, file: str) -> None:
        """Run an SQL file of this folder."""
        _execute(self.database_url, HERE / file)


def _execute(url: str, *files: Path) -> None:
    with psycopg.connect(url) as connection:
        for file in files:
            connection.execute(file.read_bytes())


@pytest.fixture(scope="session")
def system(databases: Databases, template: str) -> Iterator[System]:
    """A district of four communities, the application in front of it, and a dispatcher at work."""
    url = databases.create("browser", template)
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        reference.load(connection)
    engine.dispose()
    _execute(url, DISTRICT, HERE / "nasty.sql")
    with running(url) as (address, _), dispatcher(url) as process:
        _wait_until_ready(address, process)
        yield System(address, url, Signing(url))


@contextmanager
def dispatcher(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m flows.dispatch`, without a Prefect server."""
    environment = os.environ | {"WANGGE_DATABASE_URL": url, "PREFECT_LOGGING_LEVEL": "ERROR"}
    environment.pop("PREFECT_API_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "flows.dispatch"], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until /health/ready has seen database, ground and dispatcher."""
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        answer = httpx.get(f"{address}/health/ready")
        if answer.status_code == 200:
            return
        time.sleep(0.2)
    raise AssertionError(f"the system did not become ready: {answer.text}; dispatcher ended with {process.poll()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", NOBODY_ELSE])
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def visit(system: System, chromium: Browser) -> Iterator[Open]:
    """Open a page as a new visitor, signed in to act as `actor`, None: not at all; afterwards, nothing may have gone wrong in
    any, nor to another host."""
    troubles: list[str] = []
    contexts = []

    def opened(
        path: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        is_phone: bool = False,
        may_fail: bool = False,
        actor: str | None = DUTY_DESK,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone
        )
        contexts.append(context)
        if actor:
            context.add_cookies(system.cookies(actor))
        page = context.new_page()
        _watch(page, system.address, [] if may_fail else troubles)
        page.goto(system.address + path)
        page.wait_for_selector("body.ready", timeout=READY_MS)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def _watch(page: Page, address: str, troubles: list[str]) -> None:
    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            troubles.append(f"asked for {request.url}")

    page.on("request", asked)
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("console", lambda said: troubles.append(f"console: {said.text}") if said.type == "error" else None)
