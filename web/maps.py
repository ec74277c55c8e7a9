"""Pages with a map: folium draws it up, modules of our own fill it from the API. Degrees, EPSG:4490 (drawn as WGS84)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from web import basemap
from web.i18n import LANGUAGES, translator
from web.pages import modules, other_language, pages

CHINA = (73.0, 18.0, 135.0, 54.0)
ZOOM: dict[str, Any] = {"minZoom": 8, "maxZoom": 19, "wheelPxPerZoomLevel": 100}

ENTRIES = {"map": "main.js", "desk": "desk/main.js"}
"""The module that a page begins with."""


@dataclass(frozen=True, slots=True)
class View:
    """What a page has to know before it asks the API."""

    language: str = LANGUAGES[0]
    timezone: str = "Asia/Shanghai"
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees, where folium's map begins; the page then fits itself to the ground it gets."""
    tile_url: str | None = None
    tile_attribution: str = ""
    tianditu_key: str | None = None
    map_review_number: str = ""


class GroundMap(folium.Map):
    """A folium map that takes Leaflet from our own server and writes no inline style or script into the page."""

    default_js = [  # noqa: RUF012
        ("leaflet", "/vendor/leaflet/leaflet.js"),
        ("tiles", "/vendor/protomaps-leaflet/protomaps-leaflet.js"),
    ]
    default_css = [("leaflet", "/vendor/leaflet/leaflet.css")]  # noqa: RUF012


class NoPrefix(MacroElement):
    """Leaves the attribution line to the sources of the map."""

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this._parent.get_name() }}.attributionControl.setPrefix(false);{% endmacro %}"
    )


@lru_cache(maxsize=8)
def render(view: View, page: str = "map") -> str:
    """One of `ENTRIES` in the language of `view`. It names no address outside our own server."""
    figure = _figure(view)
    return pages.get_template(f"{page}.html.j2").render(
        _=translator(view.language),
        view=view,
        **other_language(view.language),
        page=_for_the_browser(view),
        entry=ENTRIES[page],
        modules=modules(ENTRIES[page]),
        scripts=[url for _, url in GroundMap.default_js],
        styles=[url for _, url in GroundMap.default_css],
        map_html=figure.html.render(),
    )


def _for_the_browser(view: View) -> dict[str, Any]:
    shown = ("language", "timezone")
    told = {name: getattr(view, name) for name in shown}
    return told | {"has_base_map": bool(view.tianditu_key or view.tile_url)}


@lru_cache(maxsize=8)
def script(view: View) -> str:
    """What folium would write into the page, as a file of its own."""
    return str(_figure(view).script.render())


def _figure(view: View) -> Any:
    """folium's map and base map; `map_ground` is its name in HTML and JavaScript."""
    ground = GroundMap(**_placement(view), tiles=None, prefer_canvas=True, zoom_control=False, **ZOOM)
    ground._id = "ground"
    NoPrefix().add_to(ground)  # type: ignore[no-untyped-call]
    for number, layer in enumerate(basemap.layers(view.tile_url, view.tile_attribution, view.tianditu_key)):
        layer._id = str(number)
        layer.add_to(ground)
    figure = ground.get_root()
    figure.render()
    return figure


def _placement(view: View) -> dict[str, Any]:
    west, south, east, north = view.bounds or CHINA
    return {"location": [(south + north) / 2, (west + east) / 2], "zoom_start": 13 if view.bounds else 8}
