"""Folders that are held by a lock as long as somebody works in them. What a killed process left is known by its free lock."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make(root: Path, prefix: str = "") -> tuple[Path, int]:
    """A new folder in `root` for its owner alone, and its lock; what others left there under this prefix is gone."""
    with turn(root, prefix):
        made = Path(tempfile.mkdtemp(dir=root, prefix=prefix))
        lock = os.open(made, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return made, lock


@contextmanager
def turn(root: Path, prefix: str = "") -> Iterator[None]:
    """One at a time, when what was left is gone: a folder that is made, but not locked yet, would look like one that was left."""
    held = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        _clear(root, prefix)
        yield
    finally:
        os.close(held)


def remove(made: Path, lock: int) -> None:
    """With all that is in it."""
    shutil.rmtree(made, ignore_errors=True)
    os.close(lock)


def _clear(root: Path, prefix: str) -> None:
    """Remove the folders of processes that live no more: the system has let go of their locks."""
    for left in root.glob(f"{prefix}*"):
        if left.is_symlink() or not left.is_dir() or left.stat().st_uid != os.geteuid():
            continue
        lock = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            remove(left, lock)
