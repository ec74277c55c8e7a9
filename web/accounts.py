"""The pages of accounts: one's own, and those of others for their administrators."""

from __future__ import annotations

from functools import lru_cache

from web import pages


@lru_cache(maxsize=16)
def render(name: str, language: str, timezone: str) -> str:
    """The page `account` or `admin` in `language`, the same for everybody."""
    return pages.render(f"{name}.html.j2", language, timezone, f"{name}/{name}.js")
