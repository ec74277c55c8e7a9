"""The reporter's page: what became of a report, rated without an account. The link's token stays in the address."""

from __future__ import annotations

from functools import lru_cache

from web.i18n import LANGUAGE_NAMES, LANGUAGES, translator
from web.maps import pages

MODULES = ("page.js", "i18n.js", "dom.js", "api.js", "rate.js")
"""Fetched side by side; the last one begins."""


@lru_cache(maxsize=8)
def render(language: str, timezone: str) -> str:
    """The page in `language`, the same for every report."""
    other = next(one for one in LANGUAGES if one != language)
    return pages.get_template("rate.html.j2").render(
        _=translator(language),
        language=language,
        other_language=other,
        other_name=LANGUAGE_NAMES[other],
        page={"language": language, "timezone": timezone},
        modules=MODULES,
    )
