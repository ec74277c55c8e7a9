"""Signing in and out: who gets in, how long, and that a stolen, forged, fixed or replayed session opens nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.app import app
from data import accounts, grants
from data.dialogues import hold
from data.passwords import hashed
from geo.offices import Office
from tests.api.cases import error

PASSWORD = "k7mfw-2xq9d-hp3ra-w8ecj"
STREET = "110199001000"
REPORT = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "C0101"}
NAME = "li.ming"


@pytest.fixture(scope="module")
def people(district: Engine, database_url: str) -> None:
    """Somebody of the street, with his password changed already; and an account of a demo."""
    with psycopg.connect(database_url) as line:
        id_ = hold(line, accounts.create(NAME, password_hash=hashed(PASSWORD)))
        hold(line, grants.grant(id_, Office.STREET, STREET))
        demo = hold(line, accounts.create("demo.street", is_demo=True))
        hold(line, grants.grant(demo, Office.STREET, STREET))
        line.execute("UPDATE account SET must_change_password = false")
        line.execute("UPDATE area SET source = 'demo'")


@pytest.fixture
def browser(people: None, district: Engine) -> Iterator[TestClient]:
    """A new browser, which has not signed in; nobody is locked."""
    with district.begin() as connection:
        connection.execute(text("DELETE FROM sign_in_count"))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


def sign_in(browser: TestClient, name: str = NAME, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post("/api/session", json={"name": name, "password": password} | more)


def csrf(browser: TestClient) -> dict[str, str]:
    return {"X-CSRF-Token": browser.cookies["csrf"]}


def test_a_page_without_a_session_leads_to_the_door_and_the_door_on(browser: TestClient) -> None:
    away = browser.get("/desk?lang=en")
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fdesk%3Flang%3Den")
    assert browser.get("/").headers["location"] == "/login"
    assert browser.get(away.headers["location"]).status_code == 200
    assert sign_in(browser).status_code == 201
    assert browser.get(away.headers["location"]).headers["location"] == "/desk?lang=en"
    assert browser.get("/desk").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/login?next=/",
        "/\tx",
        "",
        "\\\\x",
        "/a\nb",
    ],
)
def test_the_door_leads_to_no_other_site(browser: TestClient, wanted: str) -> None:
    assert '"next": null' in browser.get("/login", params={"next": wanted}).text
    sign_in(browser)
    assert browser.get("/login", params={"next": wanted}).headers["location"] == "/"


def test_what_is_wanted_is_no_markup_at_the_door(browser: TestClient) -> None:
    page = browser.get("/login", params={"next": "/</script><script>alert(1)//"}).text
    assert "<script>alert" not in page and page.count("<script") == 2


@pytest.mark.parametrize(
    "path", ["/api/cases", "/api/me", "/api/incidents", "/api/live", "/api/areas", "/api/views", "/api/me/parts"]
)
def test_the_api_answers_nobody(browser: TestClient, path: str) -> None:
    assert error(browser.get(path)) == (401, "unauthenticated")


def test_the_public_reports_and_reads_categories(browser: TestClient) -> None:
    assert browser.post("/api/incidents", json=REPORT).status_code == 201
    assert browser.get("/api/categories").status_code == 200
    assert browser.get("/health/live").status_code == 200


def test_a_session_acts_and_ends(browser: TestClient, district: Engine) -> None:
    answer = sign_in(browser, name=" LI.Ming ")
    assert answer.json() == {"stage": "open", "home": "/", "token": None}
    me = browser.get("/api/me").json()
    assert (me["account"], me["actor"], me["office"]) == (NAME, f"desk:{STREET}", "street")
    kept = dict(browser.cookies)
    assert browser.delete("/api/session", headers=csrf(browser)).json() == {"account": NAME}
    assert dict(browser.cookies) == {}
    browser.cookies.update(kept)
    assert error(browser.get("/api/me")) == (401, "unauthenticated")


def test_cookies_are_shut(browser: TestClient) -> None:
    session, token = sign_in(browser).headers.get_list("set-cookie")[:2]
    assert re.fullmatch(r"session=[\w-]{43}; HttpOnly; Max-Age=\d+; Path=/; SameSite=lax", session)
    assert re.fullmatch(r"csrf=[0-9a-f]{64}; Max-Age=\d+; Path=/; SameSite=lax", token)


def test_behind_tls_cookies_are_the_hosts_own(people: None, district: Engine) -> None:
    with TestClient(app, base_url="https://testserver") as browser:
        given = sign_in(browser).headers.get_list("set-cookie")
        assert all(re.match(r"__Host-\w+=.*; Path=/; SameSite=lax; Secure$", cookie) for cookie in given[:2])
        assert browser.get("/api/me").status_code == 200
        browser.cookies["session"] = browser.cookies["__Host-session"]
        browser.cookies.delete("__Host-session")
        assert browser.get("/api/me").status_code == 401, "another host may have set this name"


def test_a_program_gets_a_token_and_no_cookie(browser: TestClient) -> None:
    answer = sign_in(browser, wants_token=True)
    assert not browser.cookies and "set-cookie" not in answer.headers
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert browser.get("/api/me", headers=headers).json()["account"] == NAME
    assert browser.put("/api/me", headers=headers, json={"actor": f"desk:{STREET}"}).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é", "' OR true --", "\x00", "Bearer"])
def test_a_forged_token_opens_nothing(browser: TestClient, token: str) -> None:
    assert browser.get("/api/me", headers={"Authorization": b"Bearer " + token.encode("latin-1")}).status_code == 401
    assert browser.get("/api/me", headers={"Cookie": b"session=" + token.encode("latin-1")}).status_code == 401


def test_a_session_that_somebody_else_chose_is_not_taken_over(browser: TestClient, district: Engine) -> None:
    """Fixation: what the browser had before signing in opens nothing afterwards."""
    chosen = "x" * 43
    body = {"name": NAME, "password": PASSWORD}
    given = browser.post("/api/session", json=body, headers={"Cookie": f"session={chosen}"})
    first = browser.cookies["session"]
    assert given.status_code == 201 and first != chosen
    sign_in(browser)
    browser.cookies.clear()
    told = {"Cookie": f"session={first}"}
    assert browser.get("/api/me", headers=told).status_code == 401, "the one before ended"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"X-CSRF-Token": "é"},
        {"mine": "", "Origin": "https://evil.example"},
        {"mine": "", "Origin": "null"},
        {"mine": "", "Origin": "http://testserver.evil.example"},
        {"mine": "", "Sec-Fetch-Site": "cross-site"},
        {"mine": "", "Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/api/me"), ("DELETE", "/api/session"), ("POST", "/api/incidents")]
)
def test_another_site_changes_nothing(browser: TestClient, method: str, path: str, headers: dict[str, str]) -> None:
    sign_in(browser)
    told = {name: value.encode() for name, value in headers.items() if name != "mine"}
    own = csrf(browser) if "mine" in headers else {}
    body = REPORT if path == "/api/incidents" else {"actor": f"desk:{STREET}"}
    assert error(browser.request(method, path, json=body, headers=own | told)) == (403, "cross_site")
    assert browser.get("/api/me").status_code == 200


def test_our_own_page_does(browser: TestClient) -> None:
    sign_in(browser)
    told = csrf(browser) | {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert browser.put("/api/me", json={"actor": f"desk:{STREET}"}, headers=told).status_code == 200


def test_another_sessions_token_is_not_this_ones(browser: TestClient) -> None:
    sign_in(browser)
    other = csrf(browser)
    sign_in(browser)
    assert error(browser.put("/api/me", json={"actor": f"desk:{STREET}"}, headers=other)) == (403, "cross_site")


def test_another_site_signs_nobody_in(browser: TestClient) -> None:
    told = {"Origin": "https://evil.example"}
    for path, body in (("", {"name": NAME, "password": PASSWORD}), ("/demo", {"name": "demo.street"})):
        assert error(browser.post(f"/api/session{path}", json=body, headers=told)) == (403, "cross_site")


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(browser: TestClient) -> None:
    one, other = sign_in(browser, password="wrong"), sign_in(browser, name="nobody")
    for answer in (one, other):
        assert error(answer) == (401, "sign_in_failed")
    assert one.json()["error"]["message"] == other.json()["error"]["message"]


@pytest.mark.parametrize("name", [NAME, "nobody.at.all"])
def test_failures_lock_a_name_for_a_while_whether_anybody_has_it_or_not(
    browser: TestClient, district: Engine, name: str
) -> None:
    answers = [sign_in(browser, name=name, password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
    told = answers[-1].json()["error"]
    assert told["code"] == "locked" and re.search(r"locked until \d{4}-\d\d-\d\d \d\d:\d\d$", told["message"])
    assert sign_in(browser, name=name).status_code == 429, "the right one neither"
    with district.begin() as connection:
        connection.execute(text("UPDATE sign_in_count SET since = since - interval '16 minutes'"))
    assert sign_in(browser, name=name).status_code == (201 if name == NAME else 401)


def test_the_right_password_forgives(browser: TestClient) -> None:
    for _ in range(3):
        assert [sign_in(browser, password="wrong").status_code for _ in range(4)] == [401] * 4
        assert sign_in(browser).status_code == 201


def test_an_address_is_locked_whatever_names_it_tries(browser: TestClient, district: Engine) -> None:
    with district.begin() as connection:
        sign_in(browser, name="first")
        connection.execute(text("UPDATE sign_in_count SET failures = 48 WHERE failures = 1"))
    assert sign_in(browser, name="second").status_code == 401
    assert error(sign_in(browser, name="third")) == (429, "locked")
    assert error(sign_in(browser)) == (429, "locked")


def test_many_at_once_are_no_more_tries_than_one_after_another(browser: TestClient) -> None:
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda number: sign_in(browser, password=f"wrong {number}").status_code, range(12)))
    assert answers.count(401) == 4 and answers.count(429) == 8


def test_a_locked_account_gets_in_no_way(browser: TestClient, district: Engine) -> None:
    sign_in(browser)
    with district.begin() as connection:
        connection.execute(text("UPDATE account SET locked_at = now()"))
    try:
        assert browser.get("/api/me").status_code == 401
        assert error(sign_in(browser)) == (429, "locked")
        assert error(sign_in(browser, password="wrong")) == (401, "sign_in_failed")
        assert error(browser.post("/api/session/demo", json={"name": "demo.street"})) == (404, "not_found")
    finally:
        with district.begin() as connection:
            connection.execute(text("UPDATE account SET locked_at = NULL"))


def test_one_click_opens_an_account_of_the_demo_and_no_other(browser: TestClient) -> None:
    page = browser.get("/login").text
    assert "demo.street" in page and NAME not in page
    assert browser.post("/api/session/demo", json={"name": "demo.street"}).status_code == 201
    assert browser.get("/api/me").json()["account"] == "demo.street"
    for name in (NAME, "nobody"):
        assert error(browser.post("/api/session/demo", json={"name": name})) == (404, "not_found")
    assert error(sign_in(browser, name="demo.street", password="demo.street")) == (401, "sign_in_failed")


def test_real_ground_ends_the_demo(browser: TestClient, district: Engine) -> None:
    changed = "UPDATE area SET source = :source WHERE code = '110199001000' AND valid_to IS NULL"
    try:
        with district.begin() as connection:
            connection.execute(text(changed), {"source": None})
        assert "demo.street" not in browser.get("/login").text
        assert error(browser.post("/api/session/demo", json={"name": "demo.street"})) == (404, "not_found")
    finally:
        with district.begin() as connection:
            connection.execute(text(changed), {"source": "demo"})


def test_without_a_grant_nothing_is_open(browser: TestClient, database_url: str) -> None:
    with psycopg.connect(database_url) as line:
        hold(line, accounts.create("newcomer", password_hash=hashed(PASSWORD)))
        line.execute("UPDATE account SET must_change_password = false")
    token = sign_in(browser, name="newcomer", wants_token=True)
    headers = {"Authorization": f"Bearer {token.json()['token']}"}
    assert error(browser.get("/api/cases", headers=headers)) == (403, "forbidden")
    assert error(browser.get("/api/me", headers=headers | {"X-Wangge-Actor": "reporter"})) == (403, "forbidden")


def test_what_is_on_record_says_who_came_in_and_who_failed(browser: TestClient, district: Engine) -> None:
    sign_in(browser, password="wrong")
    sign_in(browser, name="my secret password", password="wrong")
    sign_in(browser)
    browser.delete("/api/session", headers=csrf(browser))
    with district.connect() as connection:
        lines = connection.execute(
            text("SELECT action, subject, account FROM audit_line ORDER BY id DESC LIMIT 4")
        ).all()
    assert [tuple(line) for line in reversed(lines)] == [
        ("sign_in_failed", f"account:{NAME}", None),
        ("sign_in_failed", "account:unknown", None),
        ("sign_in", f"account:{NAME}", NAME),
        ("sign_out", f"account:{NAME}", NAME),
    ]
