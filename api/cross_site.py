"""That a request which carries a cookie was meant by the page of ours that it comes from, not sent by another site."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request

from geo.errors import CrossSite

HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})
"""What `Sec-Fetch-Site` says of our own pages, and of an address typed in by hand."""


def token(session_token: str) -> str:
    """What our pages send back. It follows from the session's token, which no page can read, and opens nothing by itself."""
    return hmac.digest(session_token.encode(errors="replace"), b"csrf", hashlib.sha256).hex()


def check(request: Request, session_token: str) -> None:
    """Raises: CrossSite for a method that changes something, without the session's own token or from another origin."""
    if request.method in SAFE:
        return
    check_origin(request)
    given = request.headers.get(HEADER, "")
    if not hmac.compare_digest(given.encode(errors="replace"), token(session_token).encode()):
        raise CrossSite("send the cookie `csrf` as X-CSRF-Token, or the session's token as Authorization: Bearer")


def check_origin(request: Request) -> None:
    """Raises: CrossSite when the browser says that another site sent this. A program says nothing of the kind."""
    fetched = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    is_ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if fetched not in OURS or not is_ours:
        raise CrossSite("this came from another site")
