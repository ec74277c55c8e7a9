"""The page on which the audit's administrator looks for who did what."""

from __future__ import annotations

from functools import lru_cache

from geo.audit import Action
from web import pages


@lru_cache(maxsize=8)
def render(language: str, timezone: str) -> str:
    """The page in `language`."""
    return pages.render("audit.html.j2", language, timezone, "audit/audit.js", {"actions": list(Action)})
