"""The reporter's page: what became of a report, rated without an account. The link's token stays in the address."""

from __future__ import annotations

from functools import lru_cache

from web import pages


@lru_cache(maxsize=8)
def render(language: str, timezone: str) -> str:
    """The page in `language`, the same for every report."""
    return pages.render("rate.html.j2", language, timezone, "rate.js")
