"""Passwords, kept as Argon2 hashes. Judging one takes about 50 ms and 64 MiB."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import cache

from pwdlib import PasswordHash

from data.settings import settings
from geo import passwords as rules
from geo.errors import WeakPassword

ONE_TIME_GROUPS, GROUP_CHARACTERS = 4, 5
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for something else: 0 and o, 1, i and l."""


def one_time() -> str:
    """A password to hand over, of 99 bits: `k7mfw-2xq9d-…`; its owner changes it when he first signs in."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_CHARACTERS)) for _ in range(ONE_TIME_GROUPS))
    return "-".join(groups)


def check(password: str, name: str, before: Iterable[str]) -> None:
    """Raises: WeakPassword for what the rules refuse, or what is one of `before` (hashes)."""
    chosen = settings()
    rules.check(password, name, rules.Rules(chosen.password_characters, chosen.password_kinds))
    if any(_hasher().verify(password, kept) for kept in before):
        raise WeakPassword("this password was used before", why="used", count=chosen.password_history)


def hashed(password: str) -> str:
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password of `kept`. Without one the same work is done, so that time tells nothing."""
    fits = _hasher().verify(password, kept or _nobodys())
    return fits and kept is not None


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe())
