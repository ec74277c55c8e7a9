"""What a person may say about a file, and what is told back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Step = Callable[[str], None]


Share = Callable[[float], None]
"""Told how much of the file has been read, from 0 to 1."""


def quiet(text: str) -> None:
    """Nobody listens."""


def unwatched(share: float) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Options:
    """Every choice has a default; docs/importing.md explains each."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """field → column of the file, for columns that are not recognised."""
    crs: str | None = None
    datum: str | None = None
    is_repairing: bool = False
    is_derived: bool = False
    """The boundaries were drawn by a program and are not the real ones."""
    under: str | None = None
    """Code of the unit above, when the file has only numbers: 6 digits for streets, 9 or 12 for communities, 12 for cells."""
    codes: Path | None = None
    """A list of codes and names, for a file that has names only."""
    is_provisional: bool = False
    """Units without a code, whose name no list knows, are given one that no list gives out."""
    nodes: Path | None = None
    timezone: str | None = None
    """Of times that do not say; default: the city's."""
    layer: str | None = None
    encoding: str | None = None
    edition: date | None = None
    """The day from which the file is the whole layer of its ground; None: it speaks of its own rows, from today."""
    uploader: str | None = None
    """Who brought the file."""
    is_history: bool = False
    """Incidents enter with their life: what the file says was closed is closed, at its own time."""
    units: Mapping[str, str] = field(default_factory=dict)
    """field → unit, for columns whose name tells none: floor_area_m2 → ft2."""
    is_swapped: bool = False
    """The file has latitude (or northing) before longitude (or easting)."""
    is_insisting: bool = False
    """Units and coordinates are right, though they look wrong."""
    left_out: frozenset[str] = frozenset()
    """Fields that no column is taken for, whatever it is called."""


FIGURES = (
    "kind",
    "read",
    "stored",
    "updated",
    "unchanged",
    "rejected",
    "repaired",
    "warned",
    "rejects_file",
    "seconds",
    "remarks",
    "import_id",
    "found",
)
COUNTED = ("added", "gone", "renamed", "moved", "reshaped")


@dataclass(frozen=True)
class Report:
    """What became of a file. `read` = `stored` + `updated` + `unchanged` + `rejected`."""

    kind: str
    read: int
    stored: int
    updated: int
    unchanged: int
    rejected: int
    repaired: int
    rejects_file: str | None
    seconds: float
    edition: date | None = None
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What an edition changes, by kind of change."""
    numbers: dict[str, int] = field(default_factory=dict)
    """How many changes there are of kinds that are not listed."""
    ground: list[str] = field(default_factory=list)
    """How the codes begin of what an edition is the whole layer of."""
    import_id: int | None = None
    """Of the row of import_run; None in a dry run."""
    repairs: list[dict[str, Any]] = field(default_factory=list)
    first_rejects: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What was decided for whoever imported: the sheet that was read, the encoding that was guessed."""
    warned: int = 0
    found: dict[str, int] = field(default_factory=dict)
    """How often each check found something."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    """Of each check the first, with line, code, value, sentence and place; see data.imports.findings."""

    outlines: list[dict[str, Any]] = field(default_factory=list)
    """Boundaries to show findings on, as GeoJSON."""
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north of the rows that are good, in degrees."""

    def figures(self) -> dict[str, Any]:
        """What `--json` prints."""
        shown = [{name: told for name, told in found.items() if name != "shape"} for found in self.findings]
        return {name: getattr(self, name) for name in FIGURES} | {"findings": shown} | self._edition()

    def _edition(self) -> dict[str, Any]:
        """How many units an edition adds, ends and changes, and which."""
        if self.edition is None:
            return {}
        counts = {change: self.numbers.get(change, len(self.changes.get(change, ()))) for change in COUNTED}
        return {"edition": self.edition.isoformat(), **counts, "changes": self.changes}

    def totals(self) -> dict[str, Any]:
        """The figures without their lists, for tables."""
        return {name: told for name, told in self.figures().items() if name not in ("findings", "changes")}

    def kept(self) -> dict[str, Any]:
        """What import_run keeps."""
        body = self.figures() | {
            "findings": self.findings,
            "repairs": self.repairs,
            "first_rejects": self.first_rejects,
        }
        body |= {"outlines": self.outlines if self.findings else []}
        body |= {"bounds": self.bounds} if self.bounds else {}
        return body | ({"ground": self.ground} if self.ground else {})

    @property
    def is_refused(self) -> bool:
        """Nothing of the file got in, though it has rows."""
        return self.read > 0 and self.rejected == self.read
