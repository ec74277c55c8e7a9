"""What a person may say about a file, and what is told back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Step = Callable[[str], None]


def quiet(text: str) -> None:
    """Nobody watches."""


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
    nodes: Path | None = None
    timezone: str | None = None
    """Of times that do not say; default: the city's."""
    layer: str | None = None
    encoding: str | None = None


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
    repairs: list[dict[str, Any]] = field(default_factory=list)
    first_rejects: list[dict[str, Any]] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """What `--json` prints."""
        kept = vars(self).items()
        return {name: value for name, value in kept if name not in ("repairs", "first_rejects")}

    @property
    def is_refused(self) -> bool:
        """Nothing of the file got in, though it has rows."""
        return self.read > 0 and self.rejected == self.read
