"""Texts of the interface: gettext catalogues read as they are, for pages and browser alike. A key is the English text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
LANGUAGES = tuple(LANGUAGE_NAMES)
LOCALE_FOLDER = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every text of `language` by its key; a text without a translation stands for itself."""
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "wangge.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(message.id): str(message.string or message.id) for message in messages if message.id}


def translate(language: str, key: str) -> str:
    return catalogue(language).get(key, key)


def translator(language: str) -> Callable[[str], str]:
    """What templates call `_`."""
    return partial(translate, language)


def choose_language(*wanted: str | None, default: str = LANGUAGES[0]) -> str:
    """The first of `wanted` that there is: the address, then the cookie, then the setting."""
    return next((language for language in wanted if language in LANGUAGES), default)
