"""Pictures made safe: checked by what they are, written anew without the camera's own notes, sealed on disk. Lengths are pixels."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

from PIL import Image, ImageOps

from data import sealing, whole_files
from data.keyring import ring
from data.settings import settings
from geo.errors import BadInput, NotFound

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
"""More than any phone takes; what unpacks to more is meant to exhaust the server."""
MAX_SIDE = 1600
QUALITY = 85
PURPOSE = "photo"
SEALED, PLAIN = ".sealed", ".jpg"
"""How a file's name ends; plain ones are from before they were sealed."""


@dataclass(frozen=True)
class Picture:
    """A JPEG with nothing in it but the picture."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean(content: bytes) -> Picture:
    """The same picture upright, at most `MAX_SIDE` long, without EXIF. Raises: BadInput for what is no picture."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            _check_size(opened)
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except BadInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused("has too many pixels") from error
    except Exception as error:  # decoders raise what they like on a broken file
        raise _refused("is no picture that can be read; send a JPEG, PNG or WebP") from error
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    written = BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(written, "JPEG", quality=QUALITY, optimize=True)
    return Picture(written.getvalue(), *upright.size)


def _check_size(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise _refused(f"has {width} x {height} pixels; at most {MAX_PIXELS:,}")


def _refused(message: str) -> BadInput:
    return BadInput(f"the body {message}", fields=[{"field": "body", "message": message}])


def keep(picture: Picture) -> None:
    """Write it sealed under the home folder, whole or not at all; the same picture is there once."""
    path = _path(picture.sha256)
    if not path.exists():
        whole_files.write(path, sealing.encrypt(picture.content, PURPOSE))


def read(sha256: str) -> bytes:
    """Raises: NotFound when the file is gone; NotReady when its key is missing or somebody changed it."""
    try:
        return sealing.decrypt(_path(sha256).read_bytes(), PURPOSE)
    except FileNotFoundError:
        return _read_plain(sha256)


def file(sha256: str) -> Path:
    """Where it lies, if it is there."""
    path = _path(sha256)
    return path if path.exists() else _path(sha256, PLAIN)


def folder_of(sha256: str) -> Path:
    """The folder that it lies in."""
    return _path(sha256).parent


def remove(sha256: str) -> None:
    """Take the file away, if it is there."""
    for path in (_path(sha256), _path(sha256, PLAIN)):
        path.unlink(missing_ok=True)


def reseal(limit: int | None = None) -> int:
    """Seal files that are plain or under an older key anew, `limit` at most; how many. Each is whole at every moment."""
    stale = islice((path for path in sorted(files()) if _is_stale(path)), limit)
    return sum(map(_reseal, stale))


def used_keys() -> Counter[bytes]:
    """How many files each key sealed."""
    return Counter(sealing.key_id(_head(path)) for path in _folder().rglob(f"*{SEALED}"))


def files() -> Iterator[Path]:
    """All that are kept, each named by the SHA-256 of its picture."""
    return (path for path in _folder().rglob("*") if path.suffix in {SEALED, PLAIN})


def _reseal(path: Path) -> int:
    found = path.read_bytes()
    content = found if path.suffix == PLAIN else sealing.decrypt(found, PURPOSE)
    whole_files.write(path.with_suffix(SEALED), sealing.encrypt(content, PURPOSE))
    if path.suffix == PLAIN:
        path.unlink()
    return 1


def _is_stale(path: Path) -> bool:
    return path.suffix == PLAIN or _head(path) != sealing.head(ring().newest)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(sealing.HEAD_BYTES)


def _read_plain(sha256: str) -> bytes:
    """From before files were sealed."""
    try:
        return _path(sha256, PLAIN).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("the picture is not there any more") from error


def _path(sha256: str, suffix: str = SEALED) -> Path:
    return _folder() / sha256[:2] / f"{sha256}{suffix}"


def _folder() -> Path:
    return settings().home / "photos"
