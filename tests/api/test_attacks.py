"""What somebody tries who means harm, against every route that the API describes."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import Engine, text

from api.app import app
from api.models.errors import ErrorAnswer
from data.settings import settings
from tests.api.cases import STREET, dispatched, error
from tests.api.server import running
from tests.api.test_incidents import report
from tests.conftest import ROOT
from tests.signing import Signing

Operation = tuple[str, str, dict[str, Any]]
OPENAPI = app.openapi()
OPERATIONS = [
    (method.upper(), path, told)
    for path, methods in OPENAPI["paths"].items()
    for method, told in methods.items()
    if path != "/api/live" and (method, path) != ("delete", "/api/session")
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]
SLOW_S = 9
SQL = (
    f"' OR 1 = 1); SELECT pg_sleep({SLOW_S}); --",
    f"1) UNION SELECT pg_sleep({SLOW_S})::text; DROP TABLE area CASCADE; --",
)
TELLTALE = ("syntax error", "psycopg", "sqlalchemy", "Traceback", "site-packages", "pg_catalog", str(ROOT))
COUNTED = ("area", "cell", "category", "worker", "account_grant")
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "=HYPERLINK(\"http://evil.example\")")  # fmt: skip


@pytest.fixture(autouse=True)
def _signed_in(client: TestClient, signing: Signing) -> None:
    """Some of what is tried ends the session that it comes with."""
    client.cookies.clear()
    if client.get("/api/me").status_code == 401:
        signing.tokens.clear()


def check(response: Any) -> None:
    """A good answer or a refusal in the one shape, which tells nothing of what is behind it."""
    assert response.status_code < 500 or response.request.url.path == "/health/ready", response.text
    if response.status_code >= 400 and response.request.url.path != "/health/ready":
        ErrorAnswer.model_validate_json(response.content)
    told = response.content.decode(errors="replace")
    assert [sign for sign in (*TELLTALE, str(settings().home)) if sign in told] == []


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    return OPENAPI["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def body_of(told: dict[str, Any]) -> dict[str, Any] | None:
    content = told.get("requestBody", {}).get("content", {})
    return resolve(content["application/json"]["schema"]) if "application/json" in content else None


def address(path: str, **told: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: quote(told.get(found[1], "1"), safe=""), path)


def counts(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in COUNTED]


@pytest.mark.parametrize("sql", SQL)
@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_sql_is_a_value_like_any_other(
    client: TestClient, signing: Signing, district: Engine, operation: Operation, sql: str
) -> None:
    method, path, told = operation
    before, begun = (signing.token(), counts(district)), time.monotonic()
    for parameter in told.get("parameters", []):
        name, where = parameter["name"], parameter["in"]
        given = {name: sql}
        target = address(path, **given) if where == "path" else address(path)
        headers = given if where == "header" and name != "X-Wangge-Actor" else {}
        check(client.request(method, target, params=given if where == "query" else {}, headers=headers))
    schema = body_of(told)
    if schema:
        check(client.request(method, address(path), json=dict.fromkeys(schema["properties"], sql)))
        for member in schema["properties"]:
            check(client.request(method, address(path), json=example_of(schema) | {member: sql}))
    assert time.monotonic() - begun < SLOW_S
    assert (signing.token(), counts(district)) == before


def example_of(schema: dict[str, Any]) -> dict[str, Any]:
    return dict((schema.get("examples") or [{}])[0])


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every shape that is part of a body, by its name."""
    waiting = [
        told["requestBody"]["content"]["application/json"]["schema"] for _, _, told in OPERATIONS if body_of(told)
    ]
    seen = set()
    while waiting:
        for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(waiting.pop())):
            if name not in seen:
                seen.add(name)
                waiting.append(OPENAPI["components"]["schemas"][name])
                yield name, OPENAPI["components"]["schemas"][name]


def test_no_body_takes_members_that_it_does_not_name() -> None:
    open_shapes = [
        name for name, schema in bodies() if "properties" in schema and schema.get("additionalProperties") is not False
    ]
    assert open_shapes == []


WITH_BODY = [(method, path, told) for method, path, told in OPERATIONS if body_of(told)]


@pytest.mark.parametrize(("method", "path", "told"), WITH_BODY, ids=[path for _, path, _ in WITH_BODY])
def test_what_is_not_the_callers_to_set_is_refused_by_name(
    client: TestClient, method: str, path: str, told: dict[str, Any]
) -> None:
    smuggled = {"id": 1, "state": "closed", "account": "root", "office": "district", "is_demo": True, "worker_id": 1}
    known = (body_of(told) or {})["properties"]
    sent = example_of(body_of(told) or {}) | {name: value for name, value in smuggled.items() if name not in known}
    answer = client.request(method, address(path), json=sent)
    assert answer.status_code in (403, 404, 422), answer.text
    if answer.status_code == 422:
        fields = {field["field"] for field in answer.json()["error"]["detail"]["fields"]}
        assert fields & set(smuggled), answer.text


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_says_to_be_something_else_is_not_read_as_json(client: TestClient, media_type: str) -> None:
    """Another site's form can send these without asking a browser first."""
    good = {"lon": 116.3, "lat": 39.9, "datum": "wgs84", "category": "C0101"}
    headers = {"Content-Type": media_type}
    assert client.post("/api/incidents", content=json.dumps(good).encode(), headers=headers).status_code == 422


@pytest.mark.parametrize("method", ["OPTIONS", "GET", "POST"])
def test_no_other_site_is_let_in(client: TestClient, method: str) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    told = client.request(method, "/api/cases", headers=asked)
    assert [name for name in told.headers if name.startswith("access-control")] == []


def picture(kind: str, **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, kind, **more)
    return written.getvalue()


SCRIPT = b"<script>alert(1)</script>"


@pytest.mark.parametrize("content", [
    SCRIPT, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a" + SCRIPT, picture("GIF"), picture("BMP"),
    picture("TIFF"), b"%PDF-1.4", b"\xff\xd8\xff" + SCRIPT, picture("PNG")[:40], b"",
], ids=["html", "svg", "gif and html", "gif", "bmp", "tiff", "pdf", "jpeg and html", "cut off", "nothing"])  # fmt: skip
def test_what_is_no_photo_is_refused_whatever_it_says_to_be(client: TestClient, content: bytes) -> None:
    sent = client.post(
        f"/api/cases/{dispatched(client)}/photos", content=content, headers={"Content-Type": "image/jpeg"}
    )
    assert error(sent) == (422, "bad_input")
    check(sent)


def test_what_hides_behind_a_photo_is_gone(client: TestClient) -> None:
    case = dispatched(client)
    for content in (picture("JPEG", comment=SCRIPT) + SCRIPT, picture("PNG") + SCRIPT, picture("WEBP") + SCRIPT):
        sent = client.post(f"/api/cases/{case}/photos", content=content, headers={"Content-Type": "text/html"})
        assert sent.status_code == 201, sent.text
        told = sent.json()
        shown = client.get(f"/api/photos/{told['id']}")
        assert shown.headers["content-type"] == "image/jpeg"
        assert b"script" not in shown.content


TABLES = [
    path
    for method, path, told in OPERATIONS
    if method == "GET"
    and re.search("csv|sheet", str(told["responses"].get("200", {}).get("content", {}).keys()))
    and "{upload_id}" not in path
]  # refused rows of a file: tests/data/test_imports_hostile.py


def cells_of(content: bytes, kind: str) -> list[str]:
    if "csv" in kind:
        return [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in line]
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d", "inlineStr"}
    return []


@pytest.mark.parametrize("path", TABLES)
def test_no_table_that_is_taken_away_holds_a_formula(client: TestClient, path: str) -> None:
    for formula in FORMULAS:
        report(client, description=formula)
    told = client.get(address(path, layer="facilities"), params={"format": "csv"} if "{layer}" in path else {})
    assert told.status_code in (200, 403), told.text
    if told.status_code == 200:
        assert [
            cell
            for cell in cells_of(told.content, told.headers["content-type"])
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r")
        ] == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_selection_that_is_none_is_refused_before_it_is_put_on_record(client: TestClient, ending: str) -> None:
    for query, status in (("until=%C3%B1%00", 422), ("strange=%00", 200), ("lang=%00", 422)):
        assert client.get(f"/api/cases/export.{ending}?{query}").status_code == status, query


TRICKS = (
    "..", "../..", "%2e%2e", "%2e%2e%2f%2e%2e", "..%2f..", "..%5c..", "..\\..", "%252e%252e%252f", "....//", "%c0%ae%c0%ae", "%00",
    ".%00./", "//", "/etc", "file:///etc", "%2fetc", "C:%5cwindows", "~", "%u002e%u002e",
)  # fmt: skip
FOLDERS = ("/static/", "/vendor/", "/i18n/", "/rate/", "/imports/", "/api/photos/", "/api/tiles/", "/")
WANTED = ("pyproject.toml", "etc/passwd", "data/settings.py", ".wangge/secret")


@pytest.fixture(scope="module")
def web(district: Engine, database_url: str) -> Iterator[tuple[str, int]]:
    with running(database_url) as (address, _):
        host, port = address.removeprefix("http://").split(":")
        yield host, int(port)


def ask(web: tuple[str, int], target: str, *headers: str, method: str = "GET") -> bytes:
    """An answer to exactly these bytes: a well-behaved client would tidy them up first."""
    lines = [f"{method} {target} HTTP/1.1", "Host: a", "Connection: close", *headers, "", ""]
    with socket.create_connection(web, timeout=10) as opened:
        opened.sendall("\r\n".join(lines).encode("latin-1"))
        return b"".join(iter(lambda: opened.recv(65536), b""))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_path_leads_out_of_its_folder(web: tuple[str, int], folder: str) -> None:
    for trick in TRICKS:
        for wanted in WANTED:
            told = ask(web, f"{folder}{trick}/{wanted}")
            status = int(told.split(b" ", 2)[1])
            assert 300 <= status < 500, (trick, wanted, told)
            assert not any(sign in told for sign in (b"root:x", b"[project]", b"class Settings", str(ROOT).encode()))


@pytest.mark.parametrize(
    "target", ["/api/areas/", "//evil.example/", "//evil.example/%2e%2e", "/\\evil.example", "/desk/", "/static"]
)
def test_nobody_is_sent_to_another_site(web: tuple[str, int], target: str) -> None:
    told = ask(web, target, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https")
    assert b"location:" not in told.lower() or b"location: /login" in told.lower()
    assert b"strict-transport-security" not in told.lower()


def test_no_line_of_a_header_is_smuggled_in(web: tuple[str, int]) -> None:
    breaks = "%0d%0aX-Smuggled:%20yes"
    for target in (
        f"/?lang=zh{breaks}",
        f"/login?next=/desk{breaks}",
        f"/api/cases/export.csv?lang={breaks}",
        f"/i18n/{breaks}",
    ):
        head = ask(web, target, "X-Request-ID: a\x0bX-Smuggled: yes").split(b"\r\n\r\n")[0].lower()
        assert b"\r\nx-smuggled" not in head


def test_two_lengths_of_one_body_are_refused(web: tuple[str, int]) -> None:
    """Where a proxy believes one and the server the other, a second request hides in the first."""
    for headers in (
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Transfer-Encoding: xchunked",),
        ("Content-Length: +5",),
    ):
        told = ask(web, "/api/incidents", "Content-Type: application/json", *headers, method="POST")
        assert told.startswith(b"HTTP/1.1 4"), (headers, told)


def test_an_id_of_another_ground_opens_nothing(client: TestClient) -> None:
    """Each of a case's addresses; the whole matrix of routes and offices stands beside the policy table."""
    elsewhere = dispatched(client, lon=116.3225)
    for method, path, told in OPERATIONS:
        if "{case_id}" in path:
            answer = client.request(
                method,
                address(path, case_id=str(elsewhere)),
                json=example_of(body_of(told) or {}),
                headers={"X-Wangge-Actor": STREET},
            )
            if method == "GET":
                assert answer.status_code in (403, 404), (path, answer.text)
