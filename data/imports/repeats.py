"""What came before in a file which is read in parts: keys, and how its dates are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class Seen:
    """Of keys a hash of 64 bits each, and its line: of ten million keys two agree once in 400,000 files."""

    def __init__(self) -> None:
        self.hashes: np.ndarray[Any, np.dtype[np.uint64]] = np.empty(0, np.uint64)
        self.day_first: dict[str, bool] = {}
        """How the dates of each column with a slash were read in the first part that had any."""
        self.lines: np.ndarray[Any, np.dtype[np.int64]] = np.empty(0, np.int64)

    def lines_of(self, keys: pd.Series) -> pd.Series:
        """On which line each key came first; missing where it is new."""
        told = _hashed(keys)
        at = np.searchsorted(self.hashes, told)
        known = at < len(self.hashes)
        known[known] = self.hashes[at[known]] == told[known]
        lines = pd.Series(pd.NA, keys.index, dtype="Int64")
        lines[known] = self.lines[at[known]]
        return lines

    def add(self, keys: pd.Series, lines: pd.Series) -> None:
        hashes = np.concatenate([self.hashes, _hashed(keys)])
        order = np.argsort(hashes, kind="stable")
        self.hashes = hashes[order]
        self.lines = np.concatenate([self.lines, lines.to_numpy(np.int64)])[order]


def _hashed(keys: pd.Series) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return pd.util.hash_array(keys.to_numpy(dtype=object), categorize=False)
