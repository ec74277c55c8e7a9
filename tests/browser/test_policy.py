"""What a page may load and run, held by a real browser: no page breaks its own policy, and what is smuggled in does not run."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2 as httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from data import accounts, audit, grants, sessions
from data.dialogues import hold
from geo.audit import Action
from geo.callers import DUTY_DESK
from geo.offices import Office
from tests.browser.conftest import READY_MS, Open, System, _watch

pytestmark = pytest.mark.browser


def actor_of(path: str) -> str | None:
    """Who opens a page."""
    if path.startswith("/work"):
        return "worker:1"
    return None if path.startswith("/login") else DUTY_DESK


SMUGGLE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = 'script'";
  const image = document.createElement("div");
  image.innerHTML = "<img src='/nothing' onerror=\\"window.ran = 'handler'\\"><p id='styled' style='position: fixed'>x</p>";
  const frame = document.createElement("iframe");
  frame.src = "https://elsewhere.example/";
  document.body.append(script, image, frame);
}"""


@pytest.mark.parametrize(
    "path", ["/", "/desk", "/desk#view=table", "/desk#view=charts", "/work", "/work#map", "/work#report"]
)
def test_a_page_keeps_its_policy(visit: Open, path: str) -> None:
    """`visit` fails on any error in the console, which is where a browser tells what it refused."""
    page = visit(path, actor=actor_of(path))
    page.mouse.move(700, 450)
    page.wait_for_timeout(300)


def test_the_documentation_keeps_its_policy(system: System, chromium: Browser) -> None:
    troubles: list[str] = []
    page = chromium.new_page()
    _watch(page, system.address, troubles)
    page.goto(f"{system.address}/docs")
    operation = page.locator(".opblock-summary").first
    operation.wait_for(timeout=READY_MS)
    operation.click()
    expect(page.locator(".opblock-body").first).to_be_visible()
    page.close()
    assert troubles == []


def refused_by(page: Page) -> list[str]:
    page.evaluate("""() => { window.refused = [];
        document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.effectiveDirective)); }""")
    page.evaluate(SMUGGLE)
    page.wait_for_timeout(500)
    return sorted(set(page.evaluate("window.refused")))


def test_what_is_smuggled_into_a_page_does_not_run(visit: Open) -> None:
    page = visit("/", may_fail=True)
    assert refused_by(page) == ["frame-src", "script-src-attr", "script-src-elem", "style-src-attr"]
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).position") == "static"


NASTY = (
    '"><img src=x onerror="window.ran=21"><script>window.ran=22</script>'
    '<svg onload="window.ran=23"><b onmouseover="window.ran=24">x'
)
REPORT = {"lon": 116.3025, "lat": 39.905, "datum": "cgcs2000", "category": "E0102", "description": NASTY}
INJECTED = "img[src='x'], svg[onload], b[onmouseover], [onerror], body script:not([src]):not([type='application/json'])"


@pytest.fixture(scope="module")
def told(system: System) -> dict[str, str]:
    """A case that is full of markup: reported, noted, kept under a name."""
    with httpx.Client(base_url=system.address, auth=system.signing, timeout=30) as client:
        case = client.post("/api/incidents", json=REPORT | {"contact": {"name": NASTY[:40], "home": NASTY}}).json()
        client.post(f"/api/cases/{case['id']}/moves", json={"event": "note", "reason": NASTY}).raise_for_status()
        client.post("/api/views", json={"name": NASTY[:60], "query": {"stage": "dispatch"}}).raise_for_status()
    return {"case": str(case["id"]), "link": case["link"]}


ADMINISTRATORS = (Office.SYSTEM_ADMIN, Office.SECURITY_ADMIN, Office.AUDIT_ADMIN)
ASKED = """
    INSERT INTO personal_export (what, area_code, wanted, reason, asked_by, asked_as)
    VALUES ('workers', '110199001002', '{}', %s, %s, 'x')
"""
BROUGHT_IN = """
    INSERT INTO import_run (kind, file_name, sha256, started_at, report, uploader)
    VALUES ('cells', %s, 'x', now(), '{}', %s) RETURNING id
"""


@pytest.fixture(scope="module")
def administrators(system: System) -> Iterator[None]:
    """The three, signed in; and markup wherever their pages and that of imports have a text that somebody or a browser gave."""
    with psycopg.connect(system.database_url) as line:
        for office in ADMINISTRATORS:
            id_ = hold(line, accounts.create(f"policy.{office.replace('_', '.')}", is_demo=True))
            hold(line, grants.grant(id_, office))
            system.signing.tokens[office] = hold(line, sessions.open_for(id_, browser=NASTY))
        held = hold(line, accounts.create("0.nasty"))
        hold(line, grants.grant(held, Office.COMMUNITY, "110199001002", by=NASTY[:64]))
        hold(line, sessions.open_for(held, address=NASTY[:64], browser=NASTY))
        hold(line, audit.record(Action.EXPORT, NASTY, {NASTY: NASTY}, reason=NASTY, account=NASTY[:64]))
        line.execute(ASKED, [NASTY, NASTY[:64]])
        (run,) = line.execute(BROUGHT_IN, [NASTY, NASTY]).fetchone() or (0,)
    yield
    with psycopg.connect(system.database_url) as line:
        line.execute("DELETE FROM import_run WHERE id = %s", [run])


@pytest.mark.parametrize(("office", "path", "press"), [
    (Office.SYSTEM_ADMIN, "/admin", "[data-name='0.nasty']"), (Office.SECURITY_ADMIN, "/admin?lang=en", "[data-name='0.nasty']"),
    (Office.AUDIT_ADMIN, "/audit", None), (Office.AUDIT_ADMIN, "/audit?lang=en", None), (Office.SECURITY_ADMIN, "/approvals", None),
    (Office.SYSTEM_ADMIN, "/account", None), (DUTY_DESK, "/imports", None),
])  # fmt: skip
def test_texts_are_markup_on_no_page_of_administrators_and_imports(
    visit: Open, administrators: None, office: str, path: str, press: str | None
) -> None:
    page = visit(path, actor=office)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    if press:
        page.click(press)
        page.wait_for_selector("#details .held")
    page.wait_for_timeout(400)
    assert "window.ran=" in page.inner_text("body")
    assert page.evaluate("window.ran") is None
    assert page.locator(INJECTED).count() == 0


@pytest.mark.parametrize("path", [
    "/", "/desk", "/desk#view=table", "/desk#view=charts", "/desk#view=scores", "/desk#case={case}",
    "/desk?lang=en#view=table&case={case}",
    "/work", "/work#case/{case}", "/work#map",
    "{link}", "/account", "/login?next=%22%3E%3Cimg%20src%3Dx%20onerror%3D%22window.ran%3D25%22%3E",
])  # fmt: skip
def test_texts_of_people_and_files_are_markup_on_no_page(visit: Open, told: dict[str, str], path: str) -> None:
    page = visit(path.format(**told), actor=actor_of(path), may_fail=path.endswith("scores"))  # none were reckoned
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.wait_for_timeout(600)
    page.mouse.move(300, 300)
    assert page.evaluate("window.ran") is None
    assert page.locator(INJECTED).count() == 0
