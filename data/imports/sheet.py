"""Rows of a file on their way in: what is still good, what was refused and why, what was mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data.imports.repeats import Seen

REJECT_COLUMNS = ["line", "field", "value", "reason"]


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries; what is missing is an empty text."""
    return [
        {str(name): value for name, value in row.items()} for row in frame.astype(object).fillna("").to_dict("records")
    ]


@dataclass
class Sheet:
    """`frame` has one row per record still good, `line` among its columns. `rejects`: line, field, value, reason."""

    frame: pd.DataFrame
    read: int
    rejects: list[pd.DataFrame] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[pd.DataFrame] = field(default_factory=list)
    """What checks found that refuse nothing: the columns of data.imports.findings."""
    told: pd.Series = field(default_factory=lambda: pd.Series(dtype="str"))
    """What every row of the file gave as its key, by line."""
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What an edition changes, by kind of change."""
    numbers: dict[str, int] = field(default_factory=dict)
    """How many changes there are of kinds that are not listed."""
    outlines: list[dict[str, Any]] = field(default_factory=list)
    """Boundaries to show findings on, as GeoJSON."""
    ground: list[str] = field(default_factory=list)
    """How the codes begin of what an edition is the whole layer of; empty where codes tell no ground."""
    remarks: list[str] = field(default_factory=list)
    """What was decided for the reader and has to be said, in the order in which it was."""
    without_unit: set[str] = field(default_factory=set)
    """Fields that are measured, and whose column names no unit."""
    seen: Seen | None = None
    """Keys of the parts before this one, where a file comes in parts."""

    def refuse(self, wrong: pd.Series, field_name: str, reason: str | pd.Series, value: Any = None) -> None:
        """Take the rows where `wrong` out of `frame`. `value` defaults to the column `field_name`, if there is one."""
        wrong = wrong.fillna(False).astype(bool)
        if not wrong.any():
            return
        shown = self.frame.get(field_name) if value is None else value
        refused = pd.DataFrame({"line": self.frame["line"], "field": field_name, "value": shown, "reason": reason})
        self.rejects.append(refused[wrong])
        self.frame = self.frame[~wrong]

    def refuse_lines(self, lines: list[int], field_name: str, values: list[Any], reasons: list[str]) -> None:
        """The same for rows known by their line, as the database answers them."""
        refused = pd.DataFrame({"line": lines, "field": field_name, "value": values, "reason": reasons})
        self.rejects.append(refused)
        self.frame = self.frame[~self.frame["line"].isin(lines)]

    def put(self, **columns: pd.Series) -> None:
        """Set columns, of which rows refused meanwhile are left out."""
        self.frame = self.frame.assign(**{name: given.reindex(self.frame.index) for name, given in columns.items()})

    def has(self, name: str) -> bool:
        return name in self.frame.columns

    def rejected(self) -> pd.DataFrame:
        """Everything refused, by line: line, field, value, reason."""
        return self.refused()[REJECT_COLUMNS]

    def refused(self) -> pd.DataFrame:
        """The same with what more is known: check, code, m2, geometry."""
        if not self.rejects:
            return pd.DataFrame(columns=REJECT_COLUMNS)
        return pd.concat(self.rejects).sort_values("line", kind="stable")
