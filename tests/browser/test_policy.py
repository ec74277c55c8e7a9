"""What a page may load and run, held by a real browser: no page breaks its own policy, and what is smuggled in does not run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import READY_MS, Open, System, _watch

pytestmark = pytest.mark.browser

SMUGGLE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = 'script'";
  const image = document.createElement("div");
  image.innerHTML = "<img src='/nothing' onerror=\\"window.ran = 'handler'\\"><p id='styled' style='position: fixed'>x</p>";
  const frame = document.createElement("iframe");
  frame.src = "https://elsewhere.example/";
  document.body.append(script, image, frame);
}"""


@pytest.mark.parametrize("path", ["/", "/desk", "/desk#view=table", "/desk#view=charts"])
def test_a_page_keeps_its_policy(visit: Open, path: str) -> None:
    """`visit` fails on any error in the console, which is where a browser tells what it refused."""
    page = visit(path)
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
