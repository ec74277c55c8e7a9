"""Files written whole or not at all: beside, made sure of on the disk, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put `content` in the place of what stands there. Its folder is made when it is missing."""
    with _beside(path, content) as unfinished:
        unfinished.chmod(mode)
        unfinished.replace(path)


def write_first(path: Path, content: bytes) -> None:
    """The same where nothing stands yet, for its owner alone. Of several who write at once one is first, and his content stays."""
    with _beside(path, content) as unfinished:
        try:
            os.link(unfinished, path)
        except FileExistsError:
            return


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A file with `content`, readable by its owner alone; gone at the end unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            yield unfinished
        finally:
            unfinished.unlink(missing_ok=True)
