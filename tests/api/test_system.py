"""Health, pages, files and documentation."""

from __future__ import annotations

import re

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.models.lists import CategoryTree, Readiness
from data.health import DISPATCHER

CONNECTED = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"


def test_the_process_lives(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}


def test_without_a_dispatcher_the_system_is_not_ready_and_says_so(client: TestClient) -> None:
    response = client.get("/health/ready")
    found = Readiness.model_validate_json(response.content)
    assert response.status_code == 503
    assert {name: check["is_ok"] for name, check in found.checks.items()} == {
        "database": True, "migrations": True, "ground": True, "dispatcher": False,
    }  # fmt: skip


def test_with_a_dispatcher_connected_the_system_is_ready(client: TestClient, database_url: str) -> None:
    with psycopg.connect(database_url, application_name=DISPATCHER):
        assert client.get("/health/ready").status_code == 200
    with psycopg.connect(
        database_url, autocommit=True
    ) as connection:  # a session ends a moment after its client has gone
        while connection.execute(CONNECTED, [DISPATCHER]).fetchone():
            pass
    assert client.get("/health/ready").status_code == 503


def test_categories_are_a_tree(client: TestClient) -> None:
    roots = CategoryTree.model_validate_json(client.get("/api/categories").content).categories
    assert {child.parent_code for root in roots for child in root.children} == {root.code for root in roots}
    assert not any(root.parent_code for root in roots)


def outside_addresses(page: str) -> list[str]:
    return re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']+""", page)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_loads_nothing_from_another_host(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert outside_addresses(page) == []
    for file in re.findall(r"""(?:src|href)=["'](/[^"']+)""", page):
        assert client.get(file).status_code == 200, file


def test_the_language_is_chosen_by_address_then_cookie_then_setting(client: TestClient) -> None:
    assert 'lang="zh-CN"' in client.get("/").text
    assert 'lang="en"' in client.get("/?lang=en").text
    assert 'lang="en"' in client.get("/").text
    assert 'lang="zh-CN"' in client.get("/?lang=zh").text
    assert 'lang="zh-CN"' in client.get("/?lang=%22%3E%3Cscript%3E"[:20]).text
    client.cookies.clear()


def test_installed_files_may_be_kept_and_own_files_are_asked_about(client: TestClient) -> None:
    assert "max-age=86400" in client.get("/vendor/leaflet/leaflet.js").headers["cache-control"]
    own = client.get("/static/css/base.css")
    assert own.headers["cache-control"] == "no-cache"
    assert client.get("/static/css/base.css", headers={"If-None-Match": own.headers["etag"]}).status_code == 304


def test_long_answers_are_compressed(client: TestClient) -> None:
    response = client.get("/api/cells", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["vary"]


def test_texts_are_there_in_both_languages(client: TestClient) -> None:
    texts = {language: client.get(f"/i18n/{language}.json").json() for language in ("zh", "en")}
    assert (texts["zh"]["Wangge"], texts["en"]["Wangge"]) == ("网格", "Wangge")
    assert texts["zh"].keys() == texts["en"].keys()
