"""Folders for what an import unpacks. What a killed import left is known by its free lock, and cleared away by the next one."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import util
from pathlib import Path

from data import postgres
from data.settings import settings

FOLDER = "unpacked"
LAST = -200
"""After what multiprocessing itself clears away at the end of a process."""


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder under WANGGE_HOME that only its owner may enter; gone afterwards, whatever happens."""
    with _turn(_short_root()):
        pass
    made, lock = _make(settings().home / FOLDER)
    try:
        yield made
    finally:
        _remove(made, lock)


def for_life() -> Path:
    """A folder that stays as long as this process. A socket in it has a short name, which WANGGE_HOME may not have."""
    made, lock = _make(_short_root())
    util.Finalize(None, _remove, (made, lock), exitpriority=LAST)
    return made


def _short_root() -> Path:
    return Path(tempfile.gettempdir()) / short_name()


def short_name() -> str:
    """Of the folder among the system's temporary ones in which those for life lie."""
    return f"wangge-{os.getuid()}"


def _make(root: Path) -> tuple[Path, int]:
    with _turn(root):
        made = Path(tempfile.mkdtemp(dir=root))
        lock = os.open(made, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return made, lock


@contextmanager
def _turn(root: Path) -> Iterator[None]:
    """One at a time, when what was left is gone: a folder that is made, but not locked yet, would look like one that was left.

    Raises: NotReady for a link or another's folder in its place: whatever lies there would be cleared away.
    """
    postgres.make_folder(root, pwd.getpwuid(os.geteuid()))
    turn = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _clear(root)
        yield
    finally:
        os.close(turn)


def _clear(root: Path) -> None:
    """Remove the folders of processes that live no more: the system has let go of their locks."""
    for left in root.iterdir():
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
