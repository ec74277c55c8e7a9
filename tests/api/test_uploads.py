"""Files over HTTP: streamed, bounded, refused to others, gone when they break off; text stays text."""

from __future__ import annotations

import csv
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.api.server import running
from tests.data.files import square
from tests.signing import Signing
from tests.uploads import files_kept, own_home, work

CODES = "code,name,wkt\n" + f'110199003000,新街道,"{square()}"\n' + '=1,"<b>x</b>",\n'
HOSTILE = 'code,"<img src=x onerror=alert(1)>","{{7*7}}"\n110199003000,"<script>alert(1)</script>","\'"-->"\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_home(tmp_path_factory.mktemp("home")) as path:
        yield path


@pytest.fixture(scope="module")
def browser(home: Path, client: TestClient) -> TestClient:
    return client


def bring(client: Any, content: str = CODES, *names: str) -> int:
    query = "&".join(f"name={quote(name)}" for name in names or ("街道.csv",))
    answer = client.post(f"/api/uploads?{query}", content=content.encode())
    assert answer.status_code == 201, answer.text
    work()
    return int(answer.json()["id"])


def post(client: Any, path: str, status: int, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    work()
    return answer.json()


def _refused(client: Any, address: str, language: str) -> list[list[str]]:
    answer = client.get(f"{address}/rejects.csv", params={"lang": language})
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_the_whole_way(browser: TestClient, district: Engine) -> None:
    address = f"/api/uploads/{bring(browser)}"
    told = browser.get(address).json()
    assert (told["state"], told["kind"], told["proposal"]["kinds"][0]) == ("draft", "streets", "streets")
    post(browser, f"{address}/check", 200, kind="streets", options={"columns": {"name": "name"}})
    told = browser.get(address).json()
    assert (told["state"], told["report"]["stored"], told["report"]["rejected"]) == ("checked", 1, 1)
    assert _refused(browser, address, "zh") == [
        ["行", "字段", "值", "拒收原因"],
        ["3", "编码", "'=1", "应为 12 位数字"],
    ]
    assert _refused(browser, address, "en") == [
        ["line", "field", "value", "reason"],
        ["3", "code", "'=1", "is not 12 digits"],
    ]
    assert [upload["id"] for upload in browser.get("/api/uploads").json()["uploads"]] == [told["id"]]
    post(browser, f"{address}/confirm", 200, digest=told["digest"])
    told = browser.get(address).json()
    run = browser.get("/api/imports").json()["imports"][0]
    assert (run["id"], run["stored"], run["is_kept"]) == (told["import_id"], 1, True)
    file = browser.get(f"/api/imports/{run['id']}/file")
    assert (file.text, file.headers["content-type"]) == (CODES, "application/octet-stream")
    assert file.headers["content-disposition"].startswith("attachment")
    with district.connect() as connection:
        audited = connection.execute(
            text("SELECT action FROM audit_line WHERE subject = :s"), {"s": f"import:{run['id']}"}
        )
        assert sorted(audited.scalars()) == ["export", "import"]
    assert browser.delete(address).status_code == 409


def test_pages_show_every_state(browser: TestClient) -> None:
    upload_id = bring(browser, HOSTILE, "<img src=x>.csv")
    assert browser.get(f"/imports/uploads/{upload_id}?lang=en").text.count("<script") == 2
    page = browser.get("/imports?lang=en").text
    assert "&lt;img src=x&gt;.csv" in page and "<img src=x" not in page
    post(browser, f"/api/uploads/{upload_id}/check", 200, kind="streets", options={"left_out": ["name"]})
    page = browser.get(f"/imports/uploads/{upload_id}?lang=en").text
    assert "verdict" in page and "<script>alert" not in page and "<img src=x" not in page
    answer = browser.get("/imports/uploads/999999")
    assert answer.status_code == 404
    browser.delete(f"/api/uploads/{upload_id}")


@pytest.mark.parametrize("path", ["/api/uploads", "/api/imports", "/api/uploads/1", "/api/imports/1/file", "/imports"])
@pytest.mark.parametrize("actor", ["desk:110199001000", "worker:1"])
def test_it_is_the_business_of_the_district(browser: TestClient, path: str, actor: str) -> None:
    assert browser.get(path, headers={"X-Wangge-Actor": actor}).status_code == 403
    assert browser.post("/api/uploads?name=a", content=b"a", headers={"X-Wangge-Actor": actor}).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "palaces"}, "kind"),
        ({"kind": "streets", "options": {"crs": "EPSG:1;DROP"}}, "options.crs"),
        ({"kind": "streets", "options": {"encoding": "../x"}}, "options.encoding"),
        ({"kind": "streets", "options": {"timezone": "../../etc/passwd"}}, "options.timezone"),
        ({"kind": "streets", "options": {"nodes": "/etc/passwd"}}, "options.nodes"),
        ({"kind": "streets", "options": {"columns": {"code": "a\x00"}}}, "options.columns.code"),
    ],
)
def test_options_are_of_their_kind_and_no_others(browser: TestClient, body: dict[str, Any], field: str) -> None:
    answer = browser.post("/api/uploads/1/check", json=body)
    assert answer.status_code == 422
    assert [found["field"] for found in answer.json()["error"]["detail"]["fields"]] == [field]


@pytest.mark.parametrize("query", ["", "?name=", "?name=a&name=b", "?name=a&size=3&size=4", "?name=a&size=9"])
def test_parts_that_do_not_add_up_are_refused(browser: TestClient, query: str) -> None:
    before = files_kept()
    assert browser.post(f"/api/uploads{query}", content=b"abc").status_code == 422
    assert files_kept() == before


@pytest.fixture(scope="module")
def server(browser: TestClient, home: Path, database_url: str) -> Iterator[tuple[str, str]]:
    """The application as a process that takes 1 MB, and a token of the district's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANGGE_IMPORT_UPLOAD_MB", "1")
        with running(database_url) as (address, _):
            yield address, Signing(database_url).token()


def test_too_much_is_refused_by_its_announcement_and_by_its_length(server: tuple[str, str]) -> None:
    address, token = server
    headers, before = {"Authorization": f"Bearer {token}"}, files_kept()
    answer = httpx.post(f"{address}/api/uploads?name=a.csv", content=b"x" * (1 << 20) + b"x", headers=headers)
    assert answer.json()["error"]["code"] == "too_large"
    silent = httpx.post(f"{address}/api/uploads?name=a.csv", content=iter([b"x" * 700_000] * 2), headers=headers)
    assert silent.status_code == 413
    assert files_kept() == before


def test_what_breaks_off_leaves_nothing(server: tuple[str, str]) -> None:
    address, token = server
    before, parts = files_kept(), urlsplit(address)
    head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Length: 900000\r\n\r\n"
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as line:
        line.sendall(f"POST /api/uploads?name=a.csv HTTP/1.1\r\n{head}".encode() + b"x" * 300_000)
    answer = httpx.get(f"{address}/api/uploads", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == {"uploads": []}
    assert files_kept() == before


def test_progress_comes_as_events_until_the_file_waits(server: tuple[str, str], browser: TestClient) -> None:
    address, token = server
    upload_id = bring(browser)
    browser.post(f"/api/uploads/{upload_id}/check", json={"kind": "streets"})
    url, headers = f"{address}/api/uploads/{upload_id}/events", {"Authorization": f"Bearer {token}"}
    seen = []
    with httpx.stream("GET", url, headers=headers) as answer:
        for line in answer.iter_lines():
            if line.startswith("data:"):
                seen.append(json.loads(line.removeprefix("data:"))["state"])
                work()
    assert seen[0] == "checking" and seen[-1] == "checked"
    browser.delete(f"/api/uploads/{upload_id}")
    assert browser.get(f"/api/uploads/{upload_id}/events").status_code == 404
