"""What would be read from a file, before anything is: which column for which field, how sure, why, and in which unit."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.imports import columns as naming
from data.imports import coordinates, reading
from data.imports.columns import Columns
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.run import kind_named
from data.imports.values import as_text

SAMPLES = 3


@dataclass(frozen=True)
class Proposed:
    """A column for a field. `certainty`: told, certain, likely. `samples`: some of its values."""

    field: str
    column: str
    certainty: str
    why: str
    unit: str | None
    samples: list[str]


@dataclass(frozen=True)
class Proposal:
    """`missing`: fields that the kind needs and no column has. `unused`: columns that no field takes."""

    kind: str
    columns: list[Proposed]
    missing: list[str]
    unused: list[str]
    datum: str
    remarks: list[str]

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def propose(kind: str, path: Path, options: Options) -> Proposal:
    """Look at the first rows of a file of layer `kind`. Nothing is imported; `options.columns` overrides what is recognised.

    Raises: BadInput for an unknown kind or option; BadFile for a file that can't be read.
    """
    chosen = kind_named(kind)
    with closing(reading.batches(path, naming.wanted(options, chosen.fields, chosen.shape))) as tables:
        table = next(tables)
    columns = naming.recognise(table.frame.columns, chosen.fields, options)
    taken = set(columns.of.values())
    return Proposal(
        kind,
        _proposed(columns, table.frame),
        _missing(chosen, columns, has_shapes=table.shapes is not None),
        [name for name in table.frame.columns if name not in taken],
        columns.datum,
        table.remarks,
    )


def _proposed(columns: Columns, frame: pd.DataFrame) -> list[Proposed]:
    return [
        Proposed(
            match.field,
            match.column,
            match.certainty,
            match.why,
            match.unit.name if match.unit else None,
            as_text(frame[match.column]).dropna().unique().tolist()[:SAMPLES],
        )
        for match in columns.matches
    ]


def _missing(kind: Kind, columns: Columns, *, has_shapes: bool) -> list[str]:
    missing = [name for name, field in kind.fields.items() if field.is_required and name not in columns.of]
    is_placed = has_shapes or coordinates.are_told(columns) or "place_code" in columns.of
    return missing + ([] if is_placed or not kind.is_shape_required else ["lon", "lat"])
