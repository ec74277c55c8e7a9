"""People's data at rest: sealed by AES-256-GCM, with the masked form beside it, and digests by which it is found exactly.

A sealed value is a version byte, the key's id, a nonce, and the ciphertext with its tag; it opens only as what it was sealed as.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from data.keyring import ID_BYTES, Key, ring
from geo.errors import NotReady
from geo.masking import mask_address, mask_home, mask_name, mask_phone
from geo.persons import Kind, name_parts, plain

VERSION = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = len(VERSION) + ID_BYTES
DIGEST_BYTES = 16
MASKS: dict[Kind, Callable[[str], str]] = {
    Kind.NAME: mask_name,
    Kind.PHONE: mask_phone,
    Kind.HOME: mask_home,
    Kind.ADDRESS: mask_address,
}


@dataclass(frozen=True)
class Sealed:
    """One text in three forms: for lists, for who may see it whole, and for who looks for it."""

    masked: str | None = None
    sealed: bytes | None = None
    digests: list[bytes] | None = None

    def columns(self, name: str) -> dict[str, str | bytes | list[bytes] | None]:
        """Under the names of their columns."""
        return {name: self.masked, f"{name}_sealed": self.sealed, f"{name}_digests": self.digests}


def seal(kind: Kind, text: str | None) -> Sealed:
    """All forms of a text, under the newest key; nothing of nothing."""
    if not text:
        return Sealed(text)
    key = ring().newest
    return Sealed(MASKS[kind](text), encrypt(text.encode(), kind), _digests(key, kind, text))


def open_(kind: Kind, sealed: bytes | None) -> str | None:
    """The text. Raises: NotReady when its key is missing or it is not what was sealed."""
    return None if sealed is None else decrypt(bytes(sealed), kind).decode()


def encrypt(content: bytes, purpose: str) -> bytes:
    key, nonce = ring().newest, secrets.token_bytes(NONCE_BYTES)
    return VERSION + key.id + nonce + AESGCM(key.sealing).encrypt(nonce, content, purpose.encode())


def decrypt(sealed: bytes, purpose: str) -> bytes:
    """Raises: NotReady when its key is missing or it is not what was sealed."""
    nonce, closed = sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], sealed[HEAD_BYTES + NONCE_BYTES :]
    key = ring().key(key_id(sealed))
    try:
        return AESGCM(key.sealing).decrypt(nonce, closed, purpose.encode())
    except InvalidTag as error:
        raise NotReady(f"a sealed {purpose} was changed in the database or on disk; it does not open") from error


def key_id(sealed: bytes) -> bytes:
    """By which key it was sealed."""
    return sealed[len(VERSION) : HEAD_BYTES]


def head(key: Key) -> bytes:
    """With what everything begins that the key sealed."""
    return VERSION + key.id


def wanted(kind: Kind, text: str) -> list[bytes]:
    """What the digests of the same text have in common with these, under whichever key it was sealed."""
    return [_digest(key, f"{kind} whole", plain(kind, text)) for key in ring().keys]


def wanted_part(text: str) -> list[bytes]:
    """The same for a part of a name: a word of it, two to four characters in a row, or all of it."""
    typed = plain(Kind.NAME, text)
    return [_digest(key, f"name {what}", typed) for key in ring().keys for what in ("part", "whole")]


def frame(rows: pd.DataFrame, kinds: dict[str, Kind]) -> pd.DataFrame:
    """The columns `kinds` of a frame in their three forms, as COPY takes them."""
    added: dict[str, pd.Series] = {}
    for name, kind in kinds.items():
        forms = [seal(kind, None if pd.isna(text) else text) for text in rows[name]]
        added[name] = pd.Series([form.masked for form in forms], index=rows.index, dtype=object)
        added[f"{name}_sealed"] = pd.Series([_hex(form.sealed) for form in forms], index=rows.index, dtype=object)
        added[f"{name}_digests"] = pd.Series([_array(form.digests) for form in forms], index=rows.index, dtype=object)
    return rows.assign(**added)


def staged(rows: pd.DataFrame, kinds: dict[str, Kind]) -> pd.DataFrame:
    """The same, with what is compared in `<name>_wanted`; a column that a file does not have is missing in every row."""
    known = rows.assign(**{name: rows.get(name) for name in kinds})
    compared = {
        f"{name}_wanted": known[name].map(lambda text, kind=kind: array(wanted(kind, text)), na_action="ignore")
        for name, kind in kinds.items()
    }
    return frame(known, kinds).assign(**compared)


def array(digests: Iterable[bytes]) -> str:
    """Digests as PostgreSQL writes an array of bytea."""
    return "{" + ",".join(f'"\\\\x{digest.hex()}"' for digest in digests) + "}"


def _array(digests: list[bytes] | None) -> str | None:
    return None if digests is None else array(digests)


def _hex(sealed: bytes | None) -> str | None:
    return None if sealed is None else f"\\x{sealed.hex()}"


def _digests(key: Key, kind: Kind, text: str) -> list[bytes]:
    """Of the whole text first, then of the parts of a name."""
    parts = sorted(name_parts(text)) if kind is Kind.NAME else []
    return [_digest(key, f"{kind} whole", plain(kind, text)), *(_digest(key, "name part", part) for part in parts)]


def _digest(key: Key, purpose: str, text: str) -> bytes:
    return hmac.digest(key.finding, f"{purpose} {text}".encode(), hashlib.sha256)[:DIGEST_BYTES]
