"""The page on which tables of people's data are asked for, and a second person decides."""

from __future__ import annotations

from functools import lru_cache

from web import pages


@lru_cache(maxsize=8)
def render(language: str, timezone: str) -> str:
    """The page in `language`."""
    return pages.render("approvals.html.j2", language, timezone, "approvals/approvals.js")
