"""Pictures made safe: checked by what they are, written anew without the camera's own notes. Lengths are pixels."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from data.settings import settings
from geo.errors import BadInput, NotFound

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
"""More than any phone takes; what unpacks to more is meant to exhaust the server."""
MAX_SIDE = 1600
QUALITY = 85


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
    """Write it under the home folder, whole or not at all; the same picture is there once."""
    path = _path(picture.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(picture.content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def read(sha256: str) -> bytes:
    """Raises: NotFound when the file is gone."""
    try:
        return _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("the picture is not there any more") from error


def _path(sha256: str) -> Path:
    return settings().home / "photos" / sha256[:2] / f"{sha256}.jpg"
