"""What is told of a file as a whole, gathered from its parts in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from data.imports import findings
from data.imports.refused import Refused
from data.imports.sheet import Sheet, plain_records

SHOWN_REJECTS = 10


@dataclass
class Tally:
    """Counts of all parts, the first findings of each check with their places, and everything that was refused."""

    read: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    found: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)
    first_rejects: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    refused: Refused = field(default_factory=Refused)
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north of the rows that are good, in degrees."""

    def add(self, sheet: Sheet, changed: Mapping[str, int]) -> None:
        """Take in a part whose rows are stored."""
        found, rejects = findings.every(sheet), sheet.rejected()
        self.read += sheet.read
        self.changed.update(changed)
        self.warned += int((found["severity"] == "warn").sum())
        self.findings += findings.records(found, self.found)
        self.found.update(findings.counted(found))
        self.first_rejects += plain_records(rejects.head(SHOWN_REJECTS - len(self.first_rejects)))
        self.remarks += [remark for remark in sheet.remarks if remark not in self.remarks]
        self.repairs += sheet.repairs
        self.refused.add(rejects)
        self._widen(sheet.frame["geometry"].dropna().to_numpy(dtype=object))

    def _widen(self, shapes: np.ndarray[Any, Any]) -> None:
        if len(shapes):
            west, south, east, north = shapely.total_bounds(shapes).round(6).tolist()
            w, s, e, n = self.bounds or (west, south, east, north)
            self.bounds = min(w, west), min(s, south), max(e, east), max(n, north)
