"""Files that come in by the browser: written while they come, kept once by their checksum, removed when nobody needs them.

Under `home/imports`: `arriving` holds what is on its way, locked by who writes it; `kept` the contents by SHA-256; `uploads/<id>`
what belongs to one upload: the content under its own name, and its refused rows.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import IO, cast

from data.settings import settings
from geo.errors import BadFile, BadInput

NAME_CHARS = 100
YOUNG_S = 60
"""So long a file that arrives may be there without its lock."""
BUNDLE_ENDING = ".shp"
"""Of several files that belong together the one with this ending gives its name."""


@dataclass(frozen=True)
class Part:
    """One file of what comes in; `size_bytes` is None for the only one, whose end is the end."""

    name: str
    size_bytes: int | None = None


@dataclass(frozen=True)
class Kept:
    name: str
    sha256: str
    size_bytes: int


class Arrival:
    """What comes in, written away chunk by chunk; several files become one ZIP. Gone unless it is kept, also after a kill."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Raises: BadInput for parts that can't be told apart."""
        self.parts = [Part(safe_name(part.name), part.size_bytes) for part in parts]
        _check(self.parts)
        (folder() / "arriving").mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = tempfile.NamedTemporaryFile(dir=folder() / "arriving", delete=False)  # noqa: SIM115
        flock(self.file, LOCK_EX)
        self.digest, self.size_bytes = hashlib.sha256(), 0
        self.archive = zipfile.ZipFile(cast(IO[bytes], _Sink(self)), "w") if len(parts) > 1 else None
        self.waiting = iter(self.parts)
        self.member: IO[bytes] | None = None
        self.left = 0

    def write(self, chunk: bytes) -> None:
        """Raises: BadInput for more than was announced."""
        if self.archive is None:
            self.put(chunk)
            return
        while chunk:
            self._turn_to_next()
            assert self.member is not None
            self.member.write(chunk[: self.left])
            self.left, chunk = self.left - len(chunk[: self.left]), chunk[self.left :]

    def put(self, chunk: bytes) -> None:
        self.file.write(chunk)
        self.digest.update(chunk)
        self.size_bytes += len(chunk)

    def finish(self) -> Kept:
        """What has come in, whole. Raises: BadInput if it is less than was announced, or nothing."""
        if self.archive is not None:
            if self.left or next(self.waiting, None) is not None:
                raise BadInput("the body ends before its files are whole")
            self._close_member()
            self.archive.close()
        elif self.size_bytes == 0 or self.parts[0].size_bytes not in (None, self.size_bytes):
            raise BadInput(f"{self.parts[0].name} is empty or not whole")
        return Kept(bundle_name(self.parts), self.digest.hexdigest(), self.size_bytes)

    def keep(self, kept: Kept) -> None:
        """Needs the lock of its checksum. The same content is there once."""
        self.file.flush()
        os.fsync(self.file.fileno())
        target = content(kept.sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(self.file.name).replace(target)

    def close(self) -> None:
        if self.archive is not None:
            self._close_member()
            self.archive.close()
        with suppress(FileNotFoundError):
            Path(self.file.name).unlink()
        self.file.close()

    def _turn_to_next(self) -> None:
        while not self.left:
            self._close_member()
            part = next(self.waiting, None)
            if part is None or self.archive is None:
                raise BadInput("the body is longer than its files")
            self.left = part.size_bytes or 0
            self.member = self.archive.open(zipfile.ZipInfo(part.name), "w", force_zip64=True)

    def _close_member(self) -> None:
        if self.member is not None:
            self.member.close()
            self.member = None


class _Sink:
    """All that a ZIP needs to be written in one go: it can't look back."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival

    def write(self, chunk: bytes) -> int:
        self.arrival.put(bytes(chunk))
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back."""


def safe_name(name: str) -> str:
    """The last part of a name, without what a path, a shell or a terminal would take for more than a letter."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    stem, dot, ending = plain.strip(" .").rpartition(".")
    kept = f"{stem[:NAME_CHARS]}{dot}{ending[:20]}" if dot else ending[:NAME_CHARS]
    return kept.encode(errors="replace").decode() or "file"


def bundle_name(parts: Sequence[Part]) -> str:
    """What several files are called together."""
    if len(parts) == 1:
        return parts[0].name
    named = [part.name for part in parts if part.name.lower().endswith(BUNDLE_ENDING)] or [parts[0].name]
    return f"{Path(named[0]).stem}.zip"


def _check(parts: Sequence[Part]) -> None:
    names = [part.name for part in parts]
    if len(set(names)) < len(names):
        raise BadInput("two of the files have one name")
    if len(parts) > 1 and any(not part.size_bytes for part in parts):
        raise BadInput("of several files each needs its size, and none may be empty")


def folder() -> Path:
    return settings().home / "imports"


def content(sha256: str) -> Path:
    return folder() / "kept" / sha256[:2] / sha256


def own_folder(upload_id: int) -> Path:
    return folder() / "uploads" / str(upload_id)


def rejects_path(upload_id: int) -> Path:
    return own_folder(upload_id) / "rejects.csv"


def under_its_name(upload_id: int, name: str, sha256: str) -> Path:
    """The content as a file of its own name, for whoever reads it. Raises: BadFile when it is gone."""
    if not content(sha256).is_file():
        raise BadFile(f"{name} is not there any more: bring it again", file=name)
    path = own_folder(upload_id) / "file" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        path.symlink_to(os.path.relpath(content(sha256), path.parent))
    return path


def forget(upload_id: int) -> None:
    """Remove what belongs to one upload alone."""
    shutil.rmtree(own_folder(upload_id), ignore_errors=True)


def remove(sha256: str) -> None:
    """Needs the lock of the checksum."""
    content(sha256).unlink(missing_ok=True)


def known_contents() -> Iterator[str]:
    yield from (path.name for path in (folder() / "kept").glob("*/*"))


def known_uploads() -> Iterator[int]:
    yield from (int(path.name) for path in (folder() / "uploads").glob("*") if path.name.isdecimal())


def remove_left_behind() -> None:
    """What was arriving when its writer was killed: nobody holds its lock."""
    for path in (folder() / "arriving").glob("*"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            if time.time() - path.stat().st_mtime > YOUNG_S:
                flock(file, LOCK_EX | LOCK_NB)
                path.unlink()
