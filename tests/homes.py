"""Homes for systems that a test starts, kills and throws away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data import cluster


@contextmanager
def temporary_home(*, mode: int = 0o755, name: str = "home") -> Iterator[Path]:
    """A path for WANGGE_HOME in a new folder with `mode`. At the end its database is stopped and all of it removed."""
    top = Path(tempfile.mkdtemp(prefix="wangge-test-"))
    top.chmod(mode)
    home = top / name
    try:
        yield home
    finally:
        cluster.stop(home=home)
        private = cluster.private(home)
        for folder in (private.socket_folder, private.folder, top):
            shutil.rmtree(folder, ignore_errors=True)
