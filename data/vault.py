"""Files of a backup, sealed by AES-256-GCM chunk by chunk under keys that a passphrase gives. Sizes are bytes.

scrypt makes the passphrase and the salt of a backup into its master key; each file has a key of its own, derived by its name, so
that no file passes for another. A chunk's nonce is its number and whether it is the last, so that none can be left out, moved or
cut off unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from geo.errors import BadFile, BadInput

CHUNK = 2**20
TAG = 16
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
SCRYPT_MEMORY = 2**26
MIN_PASSPHRASE = 16
PUT_IN_ORDER = "a passphrase has at least 16 characters; draw one with `openssl rand -base64 32`"


class Vault:
    """Seals and opens the files of one backup."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        if len(passphrase) < MIN_PASSPHRASE:
            raise BadInput(PUT_IN_ORDER)
        self.salt = salt
        self._master = hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, maxmem=SCRYPT_MEMORY, **SCRYPT)

    @classmethod
    def new(cls, passphrase: str) -> Vault:
        return cls(passphrase, secrets.token_bytes(16))

    @classmethod
    def known(cls, passphrase: str, head: dict[str, Any]) -> Vault:
        """The vault of a `head`. Raises: BadInput for another passphrase; BadFile for what is no head."""
        try:
            vault = cls(passphrase, bytes.fromhex(head["salt"]))
            is_right = hmac.compare_digest(str(head["check"]), vault.head["check"])
        except (KeyError, ValueError, TypeError) as error:
            raise BadFile("the head of the backup can't be read") from error
        if not is_right:
            raise BadInput("the passphrase is not the one that this was sealed with")
        return vault

    @property
    def head(self) -> dict[str, str]:
        """What is written beside, in plain: the salt, and by what a wrong passphrase is told from a changed file."""
        return {"salt": self.salt.hex(), "check": self._key("check")[:16].hex()}

    def seal(self, name: str, content: bytes) -> bytes:
        """A few bytes in one piece; a vault seals one thing of a name."""
        return AESGCM(self._key(f"piece {name}")).encrypt(_nonce(0, is_last=True), content, None)

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Raises: BadFile where it was changed."""
        try:
            return AESGCM(self._key(f"piece {name}")).decrypt(_nonce(0, is_last=True), sealed, None)
        except InvalidTag as error:
            raise BadFile(f"the {name} were changed") from error

    def create(self, folder: Path, name: str) -> Writer:
        return Writer(folder / name, self._key(f"file {name}"))

    def open(self, folder: Path, name: str) -> io.BufferedReader:
        """What was sealed, to be read once from begin to end; reading raises BadFile where it was changed or cut off."""
        return io.BufferedReader(Reader(_opened(folder / name, self._key(f"file {name}"))), CHUNK)

    def _key(self, purpose: str) -> bytes:
        return hmac.digest(self._master, f"wangge backup {purpose}".encode(), hashlib.sha256)


class Writer(io.RawIOBase):
    """A file that seals what is written to it; closed, it knows its size and checksum."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._cipher = AESGCM(key)
        self._rest = bytearray()
        self._number = 0
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._rest += data
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), is_last=False)
            del self._rest[:CHUNK]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._rest), is_last=True)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        super().close()

    @property
    def told(self) -> dict[str, Any]:
        """Size and checksum of the file as it lies there."""
        return {"bytes": self._path.stat().st_size, "sha256": self._digest.hexdigest()}

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, None)
        self._digest.update(sealed)
        self._file.write(sealed)
        self._number += 1


class Reader(io.RawIOBase):
    """What chunks hold, as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def checksum(path: Path) -> str:
    """The SHA-256 of a file as it lies there."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _opened(path: Path, key: bytes) -> Iterator[bytes]:
    cipher, number = AESGCM(key), 0
    with path.open("rb") as file:
        sealed = file.read(CHUNK + TAG)
        while sealed:
            following = file.read(CHUNK + TAG)
            try:
                yield cipher.decrypt(_nonce(number, is_last=not following), sealed, None)
            except InvalidTag as error:
                raise BadFile(f"{path.name} was changed or cut off") from error
            sealed, number = following, number + 1


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
