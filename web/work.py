"""The grid worker's phone: its page, what it is installed by, and the files it works with where there is no signal."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from web import i18n, pages, tokens

ENTRY = "work/main.js"
LATER = ("work/charting.js", "work/reporting.js")
"""What is fetched with the screen that needs it."""
PAGE = "/work"
STYLES = (
    "/vendor/leaflet/leaflet.css",
    "/static/css/base.css",
    "/static/css/work.css",
    "/static/css/work-map.css",
    "/static/css/work-round.css",
)
OTHERS = (
    "/static/icons/mark.svg",
    "/static/icons/sprite.svg",
    "/static/icons/work-192.png",
    "/vendor/idb/index.js",
    "/vendor/leaflet/leaflet.js",
)
COMPUTED = ("/tokens.css", *(f"/i18n/{language}.json" for language in i18n.LANGUAGES))
"""Files that the server makes."""
WEB = Path(__file__).parent
WORKER = WEB / "static" / "js" / "work" / "worker.js"
ICONS = (("work-192.png", 192, "any"), ("work-512.png", 512, "any"), ("work-maskable-512.png", 512, "maskable"))


@lru_cache(maxsize=8)
def render(language: str, timezone: str) -> str:
    """The page in `language`; the same for everybody, for it may be kept on the phone."""
    return pages.render("work.html.j2", language, timezone, ENTRY, styles=STYLES)


@cache
def manifest(language: str) -> dict[str, Any]:
    """What a browser installs the page by."""
    name = i18n.translate(language, "Grid worker")
    return {
        "id": PAGE,
        "name": f"{i18n.translate(language, 'Wangge')} · {name}",
        "short_name": name,
        "lang": language,
        "start_url": PAGE,
        "scope": PAGE,
        "display": "standalone",
        "orientation": "portrait",
        "theme_color": tokens.value("colour-primary"),
        "background_color": tokens.value("colour-paper"),
        "icons": [_icon(*icon) for icon in ICONS],
    }


def _icon(name: str, size_px: int, purpose: str) -> dict[str, str]:
    return {
        "src": f"/static/icons/{name}",
        "sizes": f"{size_px}x{size_px}",
        "type": "image/png",
        "purpose": purpose,
    }


@cache
def files() -> tuple[str, ...]:
    """What the page needs besides itself and the API."""
    modules = {module for entry in (ENTRY, *LATER) for module in pages.modules(entry)}
    return (*sorted(modules), *STYLES, *OTHERS, *COMPUTED)


@cache
def version() -> str:
    """The digest of all that the page is made of: another content is another version."""
    digest = hashlib.sha256()
    for path in (*(_path(name) for name in files() if name not in COMPUTED), WORKER, *_templates()):
        digest.update(path.read_bytes())
    digest.update(tokens.stylesheet().encode())
    for language in i18n.LANGUAGES:
        digest.update(json.dumps(i18n.catalogue(language), ensure_ascii=False).encode())
    return digest.hexdigest()[:16]


def _path(name: str) -> Path:
    """Where a file of /static or /vendor lies."""
    return WEB / name.removeprefix("/")


def _templates() -> tuple[Path, ...]:
    return (WEB / "templates" / "work.html.j2",)


@cache
def worker() -> str:
    """The service worker: a module of ours, told which files make up this version."""
    told = json.dumps({"version": version(), "files": files()}, indent=1)
    return f'import {{ serve }} from "/static/js/work/worker.js";\nserve({told});\n'
