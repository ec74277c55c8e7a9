"""The documentation's pictures: `python -m tests.browser.picture http://127.0.0.1:8000` photographs a running demo system."""

from __future__ import annotations

import json
import shutil
import sys
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = {"width": 1440, "height": 900}
COLOURS = 256
"""A palette keeps the files small; the pages have few colours anyway."""
PLACE = "13.5/{lat:.5f}/{lon:.5f}"


def main(address: str) -> None:
    """The whole district with the walking reach of the station in its middle, and the board of the desk, in Chinese."""
    _keep("map.png", f"{address}/?lang=zh#{_place(address)}?pick=facility:{_middle_station(address)}")
    _keep("desk.png", f"{address}/desk?lang=zh")


def _keep(name: str, url: str) -> None:
    target = PICTURES / name
    target.parent.mkdir(parents=True, exist_ok=True)
    photograph(url).quantize(COLOURS, Image.Quantize.MEDIANCUT).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size // 1000} kB")


def photograph(url: str) -> Image.Image:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(url)
        page.wait_for_selector("body.ready")
        page.wait_for_timeout(3000)
        taken = page.screenshot()
        browser.close()
    return Image.open(BytesIO(taken)).convert("RGB")


def _place(address: str) -> str:
    """A little east of the middle, for the panels leave more room there."""
    (district,) = _features(address, "areas?level=district")
    lon, lat = _middle([place for polygon in district["geometry"]["coordinates"] for place in polygon[0]])
    return PLACE.format(lon=lon + 0.0015, lat=lat)


def _middle_station(address: str) -> str:
    stations = _features(address, "facilities?level=station")
    lon, lat = _middle([station["geometry"]["coordinates"] for station in stations])
    return str(min(stations, key=lambda one: _apart(one["geometry"]["coordinates"], lon, lat))["id"])


def _middle(places: list[list[float]]) -> tuple[float, float]:
    """Half-way between the extremes."""
    lons, lats = zip(*places, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _apart(place: list[float], lon: float, lat: float) -> float:
    """Squared distance in degrees: only for finding the nearest."""
    return (place[0] - lon) ** 2 + (place[1] - lat) ** 2


def _features(address: str, path: str) -> list[dict]:  # type: ignore[type-arg]
    with urlopen(f"{address}/api/{path}") as answer:
        return json.load(answer)["features"]  # type: ignore[no-any-return]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
