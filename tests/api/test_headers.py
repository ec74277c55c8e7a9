"""Every answer of every route says what a browser may do with it, and nothing inside a page may run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api import headers
from api.app import app, create_app
from data import links
from data.settings import settings
from web import basemap

VALUES = {"code": "110199001001", "z": "14", "x": "13484", "y": "6203", "layer": "cells", "language": "zh"}
PATHS = [path for path, methods in app.openapi()["paths"].items() if "get" in methods and path != "/api/live"]
PAGES = ("/", "/desk", "/docs")
OTHERS = (
    "/nothing",
    "/static/css/base.css",
    "/vendor/leaflet/leaflet.js",
    "/map.js",
    "/tokens.css",
    "/openapi.json",
    "/work/sw.js",
)
TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png"


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: VALUES.get(found[1], "1"), path)


def directives(policy: str) -> dict[str, list[str]]:
    return {name: allowed for name, *allowed in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", [*PATHS, *PAGES, *OTHERS])
def test_every_answer_has_safe_headers(client: TestClient, path: str) -> None:
    told = client.get(filled(path)).headers
    policy = directives(told["content-security-policy"])
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not any(allowed in ("*", "'unsafe-inline'", "'unsafe-eval'", "http:", "https:") for each in policy.values()
                   for allowed in each)  # fmt: skip
    assert told["x-content-type-options"] == "nosniff"
    assert told["x-frame-options"] == "DENY"
    assert told["cross-origin-resource-policy"] == "same-origin"
    assert told["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=(self)" in told["permissions-policy"]
    assert "access-control-allow-origin" not in told
    assert ("no-store" in told.get("cache-control", "")) >= headers.is_personal(path)


def test_a_refusal_has_them_too(client: TestClient) -> None:
    for answer in (
        client.get("/api/cases/99999"),
        client.post("/api/incidents", content=b"{"),
        client.put("/api/areas"),
    ):
        assert answer.status_code >= 400
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == headers.NOTHING


class Inside(HTMLParser):
    """Collects what a strict policy keeps from running: scripts, styles and handlers inside the page, other hosts' files."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_script = tag == "script" and "src" not in given and given.get("type") != "application/json"
        handlers = [name for name in given if name.startswith("on") or name == "style"]
        if is_script or tag == "style" or handlers or (given.get("src") or "").startswith(("http", "//")):
            self.found.append(f"<{tag} {attrs}>")


@pytest.mark.parametrize("path", [*PAGES, "/rate/{token}"])
def test_no_page_holds_scripts_styles_or_handlers(client: TestClient, path: str) -> None:
    answer = client.get(path.replace("{token}", links.token(1)))
    assert answer.headers["content-type"].startswith("text/html")
    page = Inside()
    page.feed(answer.text)
    assert page.found == []


@pytest.fixture
def behind_a_proxy(district: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The application as a proxy calls it."""
    for name, value in {"TRUSTED_PROXIES": "10.0.0.0/24", "HOSTS": "grid.example.cn", "TILE_URL": TILES}.items():
        monkeypatch.setenv(f"WANGGE_{name}", value)
    settings.cache_clear()
    with TestClient(create_app(), base_url="http://grid.example.cn:8000", client=("10.0.0.5", 1)) as opened:
        yield opened
    monkeypatch.undo()
    settings.cache_clear()


def test_behind_tls_a_browser_is_told_to_keep_to_it(behind_a_proxy: TestClient) -> None:
    plain = behind_a_proxy.get("/health/live").headers
    safe = behind_a_proxy.get("/health/live", headers={"X-Forwarded-Proto": "https"}).headers
    assert "strict-transport-security" not in plain
    assert safe["strict-transport-security"] == "max-age=31536000"
    assert safe["cross-origin-opener-policy"] == "same-origin"


def test_a_stranger_is_not_believed_that_he_came_by_tls(client: TestClient) -> None:
    assert "strict-transport-security" not in client.get("/health/live", headers={"X-Forwarded-Proto": "https"}).headers


def test_a_name_that_is_not_ours_is_refused(behind_a_proxy: TestClient) -> None:
    for host in ("evil.example", "grid.example.cn.evil.example", "evil.example:8000", ""):
        answer = behind_a_proxy.get("/", headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")
        assert "evil" not in answer.text


def test_pictures_come_from_the_servers_of_the_base_map_alone(behind_a_proxy: TestClient) -> None:
    policy = directives(behind_a_proxy.get("/").headers["content-security-policy"])
    tiles = [f"https://{host}.tiles.example" for host in "abc"]
    assert policy["img-src"] == ["'self'", "data:", "blob:", *tiles]
    assert directives(headers.policy(()))["img-src"] == ["'self'", "data:", "blob:"]


@pytest.mark.parametrize(("url", "key", "expected"), [
    (None, None, []), ("/tiles/{z}/{x}/{y}.png", None, []),
    ("http://10.0.0.9:8080/{z}/{x}/{y}.png", None, ["http://10.0.0.9:8080"]),
    (TILES, "k", [f"https://t{host}.tianditu.gov.cn" for host in "01234567"]),
])  # fmt: skip
def test_the_servers_of_a_base_map_are_known(url: str | None, key: str | None, expected: list[str]) -> None:
    assert basemap.origins(url, key) == expected
