"""Everything that was refused of a file, in order and in bounded memory."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

import pandas as pd

from data.imports.sheet import REJECT_COLUMNS

KEPT_ROWS = 100_000
"""In memory; further ones wait in a file without a name, which is gone with the process however it ends."""


class Refused:
    """Frames of line, field, value, reason, one for each part of the file that had any."""

    def __init__(self) -> None:
        self.frames: list[pd.DataFrame] = []
        self.rows = 0
        self.file: IO[bytes] | None = None

    def add(self, frame: pd.DataFrame) -> None:
        self.rows += len(frame)
        if self.rows <= KEPT_ROWS:
            self.frames.append(frame)
        elif len(frame):
            self.file = self.file or tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
            pickle.dump(frame, self.file, protocol=5)

    def parts(self) -> Iterator[pd.DataFrame]:
        yield from self.frames
        if self.file is None:
            return
        end = self.file.seek(0, 1)
        self.file.seek(0)
        while self.file.tell() < end:
            yield pickle.load(self.file)

    def rejected(self) -> pd.DataFrame:
        """All of them at once."""
        parts = [part for part in self.parts() if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=REJECT_COLUMNS)
