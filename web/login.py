"""The door: name and password, what is still to be done before the product opens, and the accounts of the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from web import pages


def render(language: str, timezone: str, *, demo: Sequence[Mapping[str, Any]], **told: str | None) -> str:
    """The page in `language`. `demo`: accounts without a password.

    `told`: `stage` (what is to be done next), `next` (where to go on), `oidc` (the city's provider), `failed` (what did not work).
    """
    return pages.render(
        "login.html.j2",
        language,
        timezone,
        "login.js",
        {"demo": list(demo)} | told,
        wanted=told["next"],
        has_failed=told["failed"] == "oidc",
        demo=demo,
    )
