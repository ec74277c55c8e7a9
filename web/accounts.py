"""The pages of accounts: one's own, and those of others for their administrators."""

from __future__ import annotations

from functools import lru_cache

from web.i18n import LANGUAGE_NAMES, LANGUAGES, translator
from web.maps import pages

SHARED = ("page.js", "i18n.js", "dom.js", "api.js", "ui/offices.js", "ui/account.js", "ui/forms.js", "ui/held.js")
MODULES = {
    "account": (*SHARED, "ui/credentials.js", "account/account.js"),
    "admin": (*SHARED, "admin/details.js", "admin/admin.js"),
}
"""Fetched side by side; the last one begins."""


@lru_cache(maxsize=16)
def render(name: str, language: str, timezone: str) -> str:
    """The page `account` or `admin` in `language`, the same for everybody."""
    other = next(one for one in LANGUAGES if one != language)
    return pages.get_template(f"{name}.html.j2").render(
        _=translator(language),
        language=language,
        other_language=other,
        other_name=LANGUAGE_NAMES[other],
        page={"language": language, "timezone": timezone},
        modules=MODULES[name],
    )
