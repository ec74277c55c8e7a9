"""A file on its way: written in a hidden folder beside it and renamed. What a killed export left, the next one clears away."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import BadInput

PREFIX = ".wangge-export-"


@contextmanager
def part(path: Path, ending: str) -> Iterator[Path]:
    """A file in a folder of its own next to `path`: on the same disk, and gone afterwards. GDAL minds its ending."""
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {path.parent}", file=str(path))
    made, lock = _make(path.parent)
    try:
        yield made / f"part{ending}"
    finally:
        _remove(made, lock)


def _make(beside: Path) -> tuple[Path, int]:
    """One at a time: a folder that is made, but not locked yet, would look like one that was left."""
    turn = os.open(beside, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _clear(beside)
        made = Path(tempfile.mkdtemp(dir=beside, prefix=PREFIX))
        lock = os.open(made, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        os.close(turn)
    return made, lock


def _clear(beside: Path) -> None:
    """Remove the folders of processes that live no more: the system has let go of their locks."""
    for left in beside.glob(f"{PREFIX}*"):
        if left.is_symlink() or not left.is_dir() or left.stat().st_uid != os.geteuid():
            continue
        lock = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            _remove(left, lock)


def _remove(made: Path, lock: int) -> None:
    shutil.rmtree(made, ignore_errors=True)
    os.close(lock)
