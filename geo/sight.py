"""What somebody sees of the cases, judged without the database: the same rule as the policy on `case_file`. No units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """Where a case lies, by the ids of versions, and who has or had a part in it."""

    areas: frozenset[int] = frozenset()
    """Its street and community."""
    cell: int | None = None
    parties: frozenset[str] = frozenset()
    """Actors: who reported, holds, led, handled or held it, was asked for help or was called."""


@dataclass(frozen=True)
class Sight:
    """What one reader sees: everything, or what lies on his ground or was in his hands."""

    actor: str
    everything: bool = False
    areas: frozenset[int] = frozenset()
    cells: frozenset[int] = frozenset()

    def sees(self, case: Standing) -> bool:
        return self.everything or bool(self.areas & case.areas) or case.cell in self.cells or self.actor in case.parties


def standing(areas: Iterable[int | None], cell: int | None, parties: Iterable[str | None]) -> Standing:
    """What is null is left out."""
    return Standing(
        frozenset(area for area in areas if area is not None),
        cell,
        frozenset(party for party in parties if party is not None),
    )
