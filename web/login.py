"""The door: name and password, what is still to be done before the product opens, and the accounts of the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from web.i18n import LANGUAGE_NAMES, LANGUAGES, translator
from web.maps import pages

MODULES = ("page.js", "i18n.js", "dom.js", "api.js", "ui/offices.js", "ui/forms.js", "ui/credentials.js", "login.js")
"""Fetched side by side; the last one begins."""


def render(language: str, timezone: str, *, demo: Sequence[Mapping[str, Any]], **told: str | None) -> str:
    """The page in `language`. `demo`: accounts without a password.

    `told`: `stage` (what is to be done next), `next` (where to go on), `oidc` (the city's provider), `failed` (what did not work).
    """
    other = next(one for one in LANGUAGES if one != language)
    return pages.get_template("login.html.j2").render(
        _=translator(language),
        language=language,
        other_language=other,
        other_name=LANGUAGE_NAMES[other],
        wanted=told["next"],
        has_failed=told["failed"] == "oidc",
        demo=demo,
        page={"language": language, "timezone": timezone, "demo": list(demo)} | told,
        modules=MODULES,
    )
