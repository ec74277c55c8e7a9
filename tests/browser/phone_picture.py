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
from shapely import Point, Polygon

from tests.browser.picture import COLOURS, PICTURES

SCREEN = {"width": 390, "height": 844}
SHARPNESS = 1.5
WORKER, DISTRICT = "demo.worker", "demo.district"
DISPATCHED_MS = 4000
SETTLED_MS = 2500
REPORTS = (
    ("C0302", "单元门口果皮箱箱体破损"),
    ("E0105", "围墙上新贴小广告"),
    ("E0102", "便道落叶未清扫"),
    ("E0101", "单元门口垃圾桶满溢"),
)
"""What, and told how."""
STEPS = 8
"""Of the grid from which places in the cell are taken."""
INWARDS = 0.06
"""Of the way from a border to the middle."""
CLEAR = 0.0003
"""Degrees that they keep from its border."""


def main(address: str) -> None:
    """The list, the map with the walk, a case, and a report near a border; in Chinese."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = _phone(browser, address)
        ring = _ring(page, address)
        _report(browser, address, ring)
        inside = Polygon(ring).representative_point()
        page.context.set_geolocation(_here(inside.x, inside.y))
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


def _here(lon: float, lat: float, accuracy: float = 18) -> Any:
    return {"longitude": lon, "latitude": lat, "accuracy": accuracy}


def _spots(ring: list[list[float]], count: int) -> list[tuple[float, float]]:
    """Places well inside the cell, far apart."""
    inner = Polygon(ring).buffer(-CLEAR)
    west, south, east, north = inner.bounds
    shares = [(step + 0.5) / STEPS for step in range(STEPS)]
    grid = [(west + x * (east - west), south + y * (north - south)) for y in shares for x in shares]
    inside = [place for place in grid if inner.contains(Point(place))]
    return inside[:: max(1, len(inside) // count)][:count]


def _at_border(ring: list[list[float]]) -> Any:
    """Some metres inside the middle of its longest side."""
    a, b = max(pairwise(ring), key=lambda side: hypot(side[0][0] - side[1][0], side[0][1] - side[1][1]))
    inside = Polygon(ring).representative_point()
    lon, lat = ((a[axis] + b[axis]) / 2 for axis in (0, 1))
    return _here(lon + INWARDS * (inside.x - lon), lat + INWARDS * (inside.y - lat), 12)


def _report(browser: Browser, address: str, ring: list[list[float]]) -> None:
    context = browser.new_context()
    _signed_in(context, address, DISTRICT)
    csrf = next(one["value"] for one in context.cookies() if one["name"] == "csrf")
    for (lon, lat), (category, description) in zip(_spots(ring, len(REPORTS)), REPORTS, strict=True):
        told = {"lon": lon, "lat": lat, "datum": "wgs84"}
        body = told | {"category": category, "description": description, "source": "hotline"}
        headers = {"X-CSRF-Token": csrf, "Idempotency-Key": f"phone-picture-{category}-{lon:.5f}", "Origin": address}
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
