"""Folders for what an import unpacks. What a killed import left is cleared away by the next one."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import util
from pathlib import Path

from data import held_folders, postgres
from data.settings import settings

FOLDER = "unpacked"
LAST = -200
"""After what multiprocessing itself clears away at the end of a process."""


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder under WANGGE_HOME that only its owner may enter; gone afterwards, whatever happens."""
    with held_folders.turn(_owned(_short_root())):
        pass
    made, lock = held_folders.make(_owned(settings().home / FOLDER))
    try:
        yield made
    finally:
        held_folders.remove(made, lock)


def for_life() -> Path:
    """A folder that stays as long as this process. A socket in it has a short name, which WANGGE_HOME may not have."""
    made, lock = held_folders.make(_owned(_short_root()))
    util.Finalize(None, held_folders.remove, (made, lock), exitpriority=LAST)
    return made


def _owned(root: Path) -> Path:
    """Raises: NotReady for a link or another's folder in its place: whatever lies there would be cleared away."""
    postgres.make_folder(root, pwd.getpwuid(os.geteuid()))
    return root


def _short_root() -> Path:
    return Path(tempfile.gettempdir()) / short_name()


def short_name() -> str:
    """Of the folder among the system's temporary ones in which those for life lie."""
    return f"wangge-{os.getuid()}"
