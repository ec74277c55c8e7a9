"""The documentation's pictures: `python -m tests.browser.picture http://127.0.0.1:8000` photographs a running demo system."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = {"width": 1440, "height": 900}
COLOURS = 256
"""A palette keeps the files small; the pages have few colours anyway."""
DEMO = "demo.district"
FILE = "社区界线.geojson"
MOVED = 0.0004
"""Degrees by which a community's boundary is drawn over its neighbours'."""
PLACE = "13.5/{lat:.5f}/{lon:.5f}"


def main(address: str) -> None:
    """The district with the walking reach of the station in its middle, the desk's board, a file before it goes in; in Chinese."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
        signed = context.request.post(f"{address}/api/session/demo", data={"name": DEMO})
        assert signed.ok, "this is no demo"
        web = Web(context, address)
        _keep("map.png", web, f"/?lang=zh#{_place(web)}?pick=facility:{_middle_station(web)}")
        _keep("desk.png", web, "/desk?lang=zh")
        _keep("import.png", web, "/imports?lang=zh", lambda page: _bring(web, page))
        browser.close()


@dataclass(frozen=True)
class Web:
    """A browser that has signed in to the demo."""

    context: BrowserContext
    address: str

    def features(self, path: str) -> list[dict]:  # type: ignore[type-arg]
        return self.context.request.get(f"{self.address}/api/{path}").json()["features"]  # type: ignore[no-any-return]


def _keep(name: str, web: Web, path: str, act: Callable[[Page], object] = lambda page: None) -> None:
    target = PICTURES / name
    target.parent.mkdir(parents=True, exist_ok=True)
    photograph(web, path, act).quantize(COLOURS, Image.Quantize.MEDIANCUT).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size // 1000} kB")


def photograph(web: Web, path: str, act: Callable[[Page], object]) -> Image.Image:
    page = web.context.new_page()
    page.goto(web.address + path)
    page.wait_for_selector("body.ready")
    act(page)
    page.wait_for_timeout(3000)
    taken = page.screenshot()
    page.close()
    return Image.open(BytesIO(taken)).convert("RGB")


def _bring(web: Web, page: Page) -> None:
    """The communities of a street, one of them drawn over its neighbours, and one with a code that lacks a digit."""
    communities = web.features("areas?level=community")
    street = communities[0]["properties"]["parent_code"]
    drawn = [feature for feature in communities if feature["properties"]["parent_code"] == street]
    told = [{"社区编码": one["properties"]["code"], "社区名称": one["properties"]["name"]} for one in drawn]
    told[-1]["社区编码"] = told[-1]["社区编码"][:-1]
    shapes = [one["geometry"] for one in drawn]
    shapes[1] = _moved(shapes[1])
    features = [
        {"type": "Feature", "properties": of, "geometry": shape} for of, shape in zip(told, shapes, strict=True)
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    page.set_input_files("#files", {"name": FILE, "mimeType": "application/geo+json", "buffer": body})
    page.locator("#choice [type=submit]").click()
    page.locator(".rows button.warn").first.click()
    page.locator("#zoom-all").click()


def _moved(shape: dict[str, Any]) -> dict[str, Any]:
    polygons = [[[[lon + MOVED, lat] for lon, lat in ring] for ring in polygon] for polygon in shape["coordinates"]]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _place(web: Web) -> str:
    """A little east of the middle, for the panels leave more room there."""
    (district,) = web.features("areas?level=district")
    lon, lat = _middle([place for polygon in district["geometry"]["coordinates"] for place in polygon[0]])
    return PLACE.format(lon=lon + 0.0015, lat=lat)


def _middle_station(web: Web) -> str:
    stations = web.features("facilities?level=station")
    lon, lat = _middle([station["geometry"]["coordinates"] for station in stations])
    return str(min(stations, key=lambda one: _apart(one["geometry"]["coordinates"], lon, lat))["id"])


def _middle(places: list[list[float]]) -> tuple[float, float]:
    """Half-way between the extremes."""
    lons, lats = zip(*places, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _apart(place: list[float], lon: float, lat: float) -> float:
    """Squared distance in degrees: only for finding the nearest."""
    return (place[0] - lon) ** 2 + (place[1] - lat) ** 2


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
