"""What a browser may do with an answer, and who may keep it: headers that every answer carries, whichever route gave it."""

from __future__ import annotations

import re
from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from data.settings import settings
from web import basemap

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
BEHIND_TLS = {"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Opener-Policy": "same-origin"}
"""Without TLS a browser ignores them, the second one with a complaint."""
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of what is no page: opened by itself it runs and loads nothing."""
ACTIVE = ("text/html", "text/javascript", "application/javascript")
"""Pages, and scripts, which a worker runs under the policy of its own file."""
GROUND = re.compile(
    r"/api/(areas|categories|cells|checks|facilities|landmarks|search|service-areas|standards|tiles)(/.*)?"
)
"""Of the API, what tells of no case and of nobody in particular: a browser may keep it."""
NOT_KEPT = "no-store"


def complete(headers: MutableHeaders, scope: Scope) -> None:
    """Add what is missing; what tells of cases or people is kept by nobody, whatever its route says."""
    for name, value in (ALWAYS | BEHIND_TLS if scope["scheme"] == "https" else ALWAYS).items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _policy(headers.get("content-type", "")))
    if is_personal(scope["path"]):
        headers["Cache-Control"] = NOT_KEPT


def is_personal(path: str) -> bool:
    return path.startswith("/api/") and not GROUND.fullmatch(path)


def _policy(media_type: str) -> str:
    if not media_type.startswith(ACTIVE):
        return NOTHING
    chosen = settings()
    return policy(tuple(basemap.origins(chosen.tile_url, chosen.tianditu_key)))


@cache
def policy(tile_origins: tuple[str, ...]) -> str:
    """Everything from our own server alone, but the tiles of the base map, if one is set. No script or style inside a page."""
    allowed = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(("'self'", "data:", "blob:", *tile_origins)),
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{what} {whence}" for what, whence in allowed.items())
