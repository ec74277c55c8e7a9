"""The page on which tables of people's data are asked for, and a second person decides."""

from __future__ import annotations

from functools import lru_cache

from web.i18n import LANGUAGE_NAMES, LANGUAGES, translator
from web.maps import pages

MODULES = ("page.js", "i18n.js", "dom.js", "api.js", "ui/offices.js", "ui/account.js", "approvals/approvals.js")
"""Fetched side by side; the last one begins."""


@lru_cache(maxsize=8)
def render(language: str, timezone: str) -> str:
    """The page in `language`."""
    other = next(one for one in LANGUAGES if one != language)
    return pages.get_template("approvals.html.j2").render(
        _=translator(language),
        language=language,
        other_language=other,
        other_name=LANGUAGE_NAMES[other],
        page={"language": language, "timezone": timezone},
        modules=MODULES,
    )
