"""Which agency acts for a place: of the kind that a rule names, that of the nearest area above. Tables in, positions out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geo.rules import AREAS, NONE, Numbers


class Wanted(NamedTuple):
    """What a rule asks for: a kind of agency, and which of them; null: any."""

    kind: str
    code: str | None


@dataclass(frozen=True)
class Agencies:
    """The agencies of one day by code: `id`, `code`, `kind`, `name`, `area_code` (a community, street or district)."""

    frame: pd.DataFrame
    _first: dict[Wanted, pd.Series] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, agencies: pd.DataFrame) -> Agencies:
        return cls(agencies.sort_values("code", ignore_index=True))

    def nearest(self, wanted: Wanted, areas: Mapping[str, tuple[Numbers, pd.Index[Any]]]) -> Numbers:
        """For each place the position of the first agency to ask, NONE where there is none.

        In: for each of AREAS the number of the place's area, NONE where it has none, and the codes by number.
        """
        if wanted not in self._first:
            self._first[wanted] = self._by_area(wanted)
        first = self._first[wanted]
        found = np.full(len(areas[AREAS[0]][0]), NONE)
        for level in AREAS:
            number, codes = areas[level]
            known = np.append(first.reindex(codes, fill_value=NONE).to_numpy(dtype=np.int64), NONE)
            found = np.where(found == NONE, known[number], found)
        if self._is_whole_code(wanted):
            found[:] = np.flatnonzero(self.frame["code"] == wanted.code)[0]
        return found

    def all_for(self, wanted: Wanted, codes: Mapping[str, str | None]) -> list[int]:
        """The positions of all to ask at a place, given by the codes of its AREAS, in the order in which they are asked."""
        fitting = self._fitting(wanted)
        if self._is_whole_code(wanted):
            return [int(at) for at in fitting.index]
        near = (fitting.index[fitting["area_code"] == codes[level]] for level in AREAS if codes[level] is not None)
        return [int(at) for level in near for at in level]

    def _by_area(self, wanted: Wanted) -> pd.Series:
        first = self._fitting(wanted).drop_duplicates("area_code")
        return pd.Series(first.index, index=first["area_code"])

    def _fitting(self, wanted: Wanted) -> pd.DataFrame:
        """Of the kind; where a code is asked for, `110199-water` as it stands, `water` without the digits of its area."""
        of_kind = self.frame[self.frame["kind"] == wanted.kind]
        if wanted.code is None:
            return of_kind
        whole = of_kind[of_kind["code"] == wanted.code]
        return whole if len(whole) else of_kind[of_kind["code"].str.endswith(f"-{wanted.code}")]

    def _is_whole_code(self, wanted: Wanted) -> bool:
        return bool(((self.frame["kind"] == wanted.kind) & (self.frame["code"] == wanted.code)).any())
