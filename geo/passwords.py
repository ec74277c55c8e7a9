"""What makes a password good enough. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo.errors import WeakPassword

MOST_CHARACTERS = 200
FEWEST_DIFFERENT = 5
KINDS: tuple[Callable[[str], bool], ...] = (
    str.islower,
    str.isupper,
    str.isdecimal,
    lambda character: not (character.islower() or character.isupper() or character.isdecimal()),
)
"""Small and capital letters, digits, and all others, Chinese characters among them."""


@dataclass(frozen=True)
class Rules:
    """How long a password is at least, and of how many of the four kinds of characters."""

    characters: int
    kinds: int


def check(password: str, name: str, rules: Rules) -> None:
    """Raises: WeakPassword, with `why`: short, long, simple, or name for one that holds the name of its account."""
    if len(password) < rules.characters:
        raise _weak("short", f"a password has at least {rules.characters} characters", characters=rules.characters)
    if len(password) > MOST_CHARACTERS:
        raise _weak("long", f"a password has at most {MOST_CHARACTERS} characters", characters=MOST_CHARACTERS)
    if kinds(password) < rules.kinds or len(set(password)) < FEWEST_DIFFERENT:
        told = f"a password has {rules.kinds} of: small letters, capital letters, digits, other characters"
        raise _weak("simple", f"{told}; and {FEWEST_DIFFERENT} different ones", kinds=rules.kinds)
    if name.casefold() in password.casefold():
        raise _weak("name", "a password does not hold the name of its account")


def kinds(password: str) -> int:
    return sum(any(is_of_kind(character) for character in password) for is_of_kind in KINDS)


def _weak(why: str, message: str, **detail: int) -> WeakPassword:
    return WeakPassword(message, why=why, **detail)
