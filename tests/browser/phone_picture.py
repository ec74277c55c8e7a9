"""The pictures of docs/phone.md: `python -m tests.browser.phone_picture http://127.0.0.1:8000` photographs a running demo system.

It reports some incidents in the demo worker's cell, so that there is something to do.
"""

from __future__ import annotations

import io
import shutil
import sys
from io import BytesIO
from itertools import pairwise
from math import hypot
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.picture import COLOURS, PICTURES

SCREEN = {"width": 390, "height": 844}
SHARPNESS = 1.5
WORKER, DISTRICT = "demo.worker", "demo.district"
DISPATCHED_MS = 4000
SETTLED_MS = 2500
REPORTS = (
    (0.30, 0.35, "C0302", "单元门口果皮箱箱体破损"),
    (0.72, 0.72, "E0105", "围墙上新贴小广告"),
    (0.45, 0.66, "E0401", "井水漫上路面，行人绕行"),
    (0.25, 0.62, "E0102", "便道落叶未清扫"),
)
"""Where in the cell, between its west and east, south and north; what; told how."""


def main(address: str) -> None:
    """The list, the map with the walk, a case, and a report near a border; in Chinese."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = _phone(browser, address)
        ring = _ring(page, address)
        _report(browser, address, ring)
        page.context.set_geolocation(_spot(ring, 0.5, 0.5))
        _keep(page, "phone-list.png", address, "list")
        page.locator(".segments button").last.tap()
        _keep(page, "phone-map.png", address, "map")
        case = page.locator(".walk-card").first.get_attribute("data-id")
        _keep(page, "phone-case.png", address, f"case/{case}")
        page.context.set_geolocation(_at_border(ring))
        _keep(page, "phone-report.png", address, "report", is_begun=True)
        browser.close()


def _signed_in(context: BrowserContext, address: str, name: str) -> None:
    signed = context.request.post(f"{address}/api/session/demo", data={"name": name})
    assert signed.ok, "this is no demo"


def _phone(browser: Browser, address: str) -> Page:
    context = browser.new_context(
        viewport=SCREEN,  # type: ignore[arg-type]
        device_scale_factor=SHARPNESS,
        is_mobile=True,
        has_touch=True,
        permissions=["geolocation"],
        service_workers="block",
    )
    _signed_in(context, address, WORKER)
    return context.new_page()


def _ring(page: Page, address: str) -> list[list[float]]:
    """The border of the worker's first cell."""
    bundle = page.context.request.get(f"{address}/api/work").json()
    return bundle["cells"][0]["geometry"]["coordinates"][0][0]  # type: ignore[no-any-return]


def _spot(ring: list[list[float]], across: float, up: float) -> Any:
    lons, lats = zip(*ring, strict=True)
    lon = min(lons) + across * (max(lons) - min(lons))
    return {"longitude": lon, "latitude": min(lats) + up * (max(lats) - min(lats)), "accuracy": 18}


def _at_border(ring: list[list[float]]) -> Any:
    """Some metres inside the middle of its longest side."""
    a, b = max(pairwise(ring), key=lambda side: hypot(side[0][0] - side[1][0], side[0][1] - side[1][1]))
    middle = _spot(ring, 0.5, 0.5)
    lon, lat = ((a[axis] + b[axis]) / 2 for axis in (0, 1))
    inwards = 0.06
    return {
        "longitude": lon + inwards * (middle["longitude"] - lon),
        "latitude": lat + inwards * (middle["latitude"] - lat),
        "accuracy": 12,
    }


def _report(browser: Browser, address: str, ring: list[list[float]]) -> None:
    context = browser.new_context()
    _signed_in(context, address, DISTRICT)
    csrf = next(one["value"] for one in context.cookies() if one["name"] == "csrf")
    for across, up, category, description in REPORTS:
        spot = _spot(ring, across, up)
        told = {"lon": spot["longitude"], "lat": spot["latitude"], "datum": "wgs84"}
        body = told | {"category": category, "description": description, "source": "hotline"}
        headers = {"X-CSRF-Token": csrf, "Idempotency-Key": f"phone-picture-{category}", "Origin": address}
        assert context.request.post(f"{address}/api/incidents", data=body, headers=headers).ok
    context.close()


def _keep(page: Page, name: str, address: str, screen: str, *, is_begun: bool = False) -> None:
    page.goto(f"{address}/work?lang=zh#{screen}")
    page.wait_for_selector("body.ready")
    page.wait_for_timeout(DISPATCHED_MS if screen == "list" else SETTLED_MS)
    if is_begun:
        _begin(page)
    target = PICTURES / name
    taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(COLOURS, Image.Quantize.MEDIANCUT).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size // 1000} kB")


def _begin(page: Page) -> None:
    """A report with a picture, as far as the question to which cell it belongs."""
    page.locator(".pictures input").set_input_files(_drawn())
    page.locator(".usual-one").first.tap()
    page.wait_for_timeout(SETTLED_MS)
    page.locator(".placing").evaluate("box => box.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(SETTLED_MS)


def _drawn() -> Any:
    """Bags beside a bin, drawn."""
    picture = Image.new("RGB", (800, 600), "#b9c4b3")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 400, 800, 600), fill="#8d8f8a")
    draw.rectangle((300, 180, 470, 460), fill="#2f6b3c", outline="#1c4526", width=8)
    for x, y, size in ((180, 380, 90), (480, 370, 110), (600, 400, 80), (250, 430, 70)):
        draw.ellipse((x, y, x + size, y + size), fill="#2b2d33", outline="#54575f", width=4)
    picture.save(drawn := io.BytesIO(), "JPEG")
    return {"name": "taken.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
