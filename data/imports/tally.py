"""What is told of a file as a whole, gathered from its parts in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
