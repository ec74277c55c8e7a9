"""A file on its way: written in a hidden folder beside it and renamed. What a killed export left, the next one clears away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data import held_folders
from geo.errors import BadInput

PREFIX = ".wangge-export-"


@contextmanager
def part(path: Path, ending: str) -> Iterator[Path]:
    """A file in a folder of its own next to `path`: on the same disk, and gone afterwards. GDAL minds its ending."""
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {path.parent}", file=str(path))
    made, lock = held_folders.make(path.parent, PREFIX)
    try:
        yield made / f"part{ending}"
    finally:
        held_folders.remove(made, lock)
