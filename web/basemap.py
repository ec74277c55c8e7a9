"""The base map under our own layers: Tianditu when there is a key, else a tile URL, else nothing."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import folium

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
TIANDITU_HOSTS = "01234567"
HOSTS = "abc"
"""What Leaflet puts in place of `{s}` by itself."""


def layers(tile_url: str | None, attribution: str, tianditu_key: str | None) -> list[folium.TileLayer]:
    """Tianditu's map and its names are two layers."""
    if tianditu_key:
        return [_tianditu(layer, tianditu_key) for layer in ("vec", "cva")]
    if tile_url:
        return [folium.TileLayer(tile_url, attr=escape(attribution) or " ", max_zoom=19)]
    return []


def origins(tile_url: str | None, tianditu_key: str | None) -> list[str]:
    """Scheme and host of each server that the tiles come from; none for tiles of our own server."""
    url, hosts = (TIANDITU, TIANDITU_HOSTS) if tianditu_key else (tile_url or "", HOSTS)
    parts = urlsplit(url)
    if not parts.netloc:
        return []
    return list(dict.fromkeys(f"{parts.scheme or 'https'}://{parts.netloc.replace('{s}', host)}" for host in hosts))


def _tianditu(layer: str, key: str) -> folium.TileLayer:
    url = TIANDITU.replace("{layer}", layer).replace("{key}", key)
    return folium.TileLayer(url, attr="天地图", subdomains=TIANDITU_HOSTS, max_native_zoom=18, max_zoom=19)
