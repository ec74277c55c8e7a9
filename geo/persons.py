"""How names, telephone numbers and homes are compared: width, case, blanks and the country's prefix say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

RUN_CHARACTERS = (2, 3, 4)
"""A name is also found by so many of its characters in a row; a single one would tell by its frequency which it is."""
BETWEEN_WORDS = re.compile(r"[\s·•.,]+")
COUNTRY = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")


class Kind(StrEnum):
    """What of a person a column holds."""

    NAME = "name"
    PHONE = "phone"
    HOME = "home"
    ADDRESS = "address"


def plain_name(name: str) -> str:
    return "".join(BETWEEN_WORDS.split(unicodedata.normalize("NFKC", name).casefold()))


def plain_phone(phone: str) -> str:
    """Digits alone; of a mobile number without 86, +86 or 0086."""
    digits = "".join(character for character in unicodedata.normalize("NFKC", phone) if character.isdecimal())
    return COUNTRY.sub("", digits)


def plain_home(home: str) -> str:
    return "".join(unicodedata.normalize("NFKC", home).casefold().split())


PLAIN: dict[Kind, Callable[[str], str]] = {
    Kind.NAME: plain_name,
    Kind.PHONE: plain_phone,
    Kind.HOME: plain_home,
    Kind.ADDRESS: str.strip,
}


def plain(kind: Kind, text: str) -> str:
    """The text as it is compared; empty where nothing of it can be."""
    return PLAIN[kind](text)


def name_parts(name: str) -> set[str]:
    """By what a name is found besides the whole of it: its words and every run of 2 to 4 characters in one."""
    words = [word for word in BETWEEN_WORDS.split(unicodedata.normalize("NFKC", name).casefold()) if word]
    runs = {
        word[begin : begin + length]
        for word in words
        for length in RUN_CHARACTERS
        for begin in range(len(word) - length + 1)
    }
    return runs | {word for word in words if len(word) > 1}
