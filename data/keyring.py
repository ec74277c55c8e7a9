"""The ring of keys under which people's data is sealed: `WANGGE_DATA_KEYS`, else the file `keys/data.keys` under the home folder.

The file has one key per line, the newest last, with the day on which it was drawn. Nothing here ever shows a key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from data import whole_files
from data.days import today
from data.settings import settings
from geo.errors import BadInput, NotReady

KEY_BYTES = 32
ID_BYTES = 4
WRITE_IT = "write keys as base64 of 32 bytes, separated by commas, the newest last"


@dataclass(frozen=True)
class Key:
    """One key and what is derived from it: `id` names it in what it sealed; it is not to be guessed from that."""

    secret: bytes = field(repr=False)
    drawn_on: str = ""

    @cached_property
    def id(self) -> bytes:
        return self._derived("id")[:ID_BYTES]

    @cached_property
    def sealing(self) -> bytes:
        """For AES-256-GCM."""
        return self._derived("seal")

    @cached_property
    def finding(self) -> bytes:
        """For the digests by which a sealed text is found."""
        return self._derived("find")

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, f"wangge {purpose}".encode(), hashlib.sha256)


@dataclass(frozen=True)
class Ring:
    """All keys by age; the last one seals."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        return self.keys[-1]

    @cached_property
    def by_id(self) -> dict[bytes, Key]:
        return {key.id: key for key in self.keys}

    def key(self, key_id: bytes) -> Key:
        """Raises: NotReady for a key that is not on the ring."""
        try:
            return self.by_id[key_id]
        except KeyError as error:
            raise NotReady(
                f"the key {key_id.hex()} is not on the ring; put it back, see docs/privacy.md", key=key_id.hex()
            ) from error


def ring() -> Ring:
    """The keys as they are now: a process sees a key that another one has drawn."""
    given = settings().data_keys
    if given is not None:
        return _parsed(given.get_secret_value())
    path = file()
    if not path.exists():
        _keep([_drawn()], whole_files.write_first)
    return _kept(path, path.stat().st_mtime_ns)


def file() -> Path:
    return settings().home / "keys" / "data.keys"


def is_given() -> bool:
    """Whether the keys come from the environment, where no command can change them."""
    return settings().data_keys is not None


def written(keys: Sequence[Key]) -> str:
    """Keys as the file holds them. For that file and for one to be kept apart, and nothing else."""
    return "".join(f"{base64.b64encode(key.secret).decode()} {key.drawn_on}".rstrip() + "\n" for key in keys)


def read(text: str) -> Ring:
    """The ring in what `written` wrote. Raises: BadInput."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return Ring(tuple(Key(_secret(words[0]), words[1] if len(words) > 1 else "") for words in lines))


def put_back(ring_: Ring) -> None:
    """Make these the keys of this home, the newest last."""
    _keep(ring_.keys)


def add() -> Key:
    """Draw a key that seals from now on. Raises: BadInput for keys from the environment."""
    _refuse_given()
    drawn = _drawn()
    _keep([*ring().keys, drawn])
    return drawn


def remove(key_ids: set[bytes]) -> None:
    """Take keys off the ring for good. Raises: BadInput for keys from the environment."""
    _refuse_given()
    _keep([key for key in ring().keys if key.id not in key_ids])


def _refuse_given() -> None:
    if is_given():
        raise BadInput("the keys come from WANGGE_DATA_KEYS: put the new one behind the others there, then rotate")


def _drawn() -> Key:
    return Key(secrets.token_bytes(KEY_BYTES), today().isoformat())


@cache
def _parsed(text: str) -> Ring:
    return Ring(tuple(Key(_secret(part.strip())) for part in text.split(",") if part.strip()))


@cache
def _kept(path: Path, changed_ns: int) -> Ring:
    return read(path.read_text(encoding="ascii"))


def _secret(text: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise BadInput(f"a data key can't be read; {WRITE_IT}")
    return secret


def _keep(keys: Sequence[Key], write: Callable[[Path, bytes], None] = whole_files.write) -> None:
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write(path, written(keys).encode())
