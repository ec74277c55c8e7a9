"""What a file is taken for before a person has said anything: which layer, its columns with some values, and where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from data import reference
from data.imports import columns as naming
from data.imports import coordinates, reading, units
from data.imports.code_lists import LEVELS
from data.imports.columns import PLACE_FIELDS, Columns
from data.imports.formats.tables import Table, Wanted
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.run import KINDS, kind_named
from data.imports.values import as_text, moment
from geo.layers import TYPES

ROWS = 500
"""Looked at."""
SAMPLES = 3
SAMPLE_CHARS = 60
CODE_DIGITS = {"streets": r"\d{9}(000)?", "communities": r"\d{12}", "cells": r"\d{13,20}"}
STREET = r"\d{9}000"


@dataclass(frozen=True)
class Likeness:
    """How well a file fits a kind; the smaller, the better."""

    missing: int
    """Required fields without a column, and a place that is not there or of another shape."""
    strange_codes: int
    unhinted: int
    unknown: int
    """Columns that the kind does not know."""

    def key(self) -> tuple[int, ...]:
        return self.missing, self.strange_codes, self.unhinted, self.unknown


def preview(path: Path, kind: str | None, options: Options) -> dict[str, Any]:
    """Look at the first rows; `kind`: what a person says it is. All values are plain.

    Returns: `kind`; `kinds`, all of them, best first; `fields` (`name`, `is_required`, `column`, `certainty`, `unit`, `units`);
    `columns` (`name`, `samples`); `shape`, `crs`, `is_metric`, `datum`, `remarks`, `missing`, `has_place`, `has_editions`;
    `has_times`: times without a zone may be in it; `has_names_only`: its codes could be found by its names; `layer`, `layers`:
    which of its sheets, layers or files was read, where it has several.

    Raises: BadFile, BadInput.
    """
    table = _first(path, kind, options)
    kinds = sorted(KINDS.values(), key=lambda each: _likeness(each, table, options, path.name).key())
    chosen = kind_named(kind) if kind else kinds[0]
    columns = naming.recognise(table.frame.columns, chosen.fields, options)
    system = _system(options.crs or table.crs)
    return {
        "kind": chosen.name,
        "kinds": [each.name for each in kinds],
        "fields": _fields(chosen, columns, has_shapes=table.shapes is not None),
        "columns": [{"name": str(name), "samples": _samples(table.frame[name])} for name in table.frame.columns],
        "shape": _shape(table),
        "crs": system and system.name,
        "is_metric": bool(system and not system.is_geographic),
        "datum": columns.datum,
        "remarks": table.remarks,
        "layer": table.choice and table.choice.taken,
        "layers": table.choice and table.choice.among,
        "has_times": any(field.parse is moment for field in chosen.fields.values()),
        "has_names_only": "name" in columns.of and "code" not in columns.of and chosen.name in LEVELS,
        "missing": _missing(chosen, columns, table),
        "has_place": has_place(chosen),
        "has_editions": chosen.has_editions,
    }


def _first(path: Path, kind: str | None, options: Options) -> Table:
    """The first batch, of the sheet or layer that looks most like the kind, or like any."""
    kinds = [kind_named(kind)] if kind else list(KINDS.values())

    likeness = partial(_likest, kinds=[tuple(each.fields) for each in kinds])
    wanted = Wanted(options.layer, options.encoding, kinds[0].shape if kind else None, likeness, rows=ROWS)
    with closing(reading.batches(path, wanted)) as tables:
        return next(tables)


def has_place(kind: Kind) -> bool:
    """People and days lie nowhere; areas may have no shape yet."""
    return kind.is_shape_required or kind.shape != "point"


def _likest(names: Iterable[str], kinds: Sequence[tuple[str, ...]]) -> int:
    """How many columns are known of the kind that knows most."""
    told = list(names)
    return max(naming.likeness(told, fields) for fields in kinds)


def _likeness(kind: Kind, table: Table, options: Options, file: str) -> Likeness:
    plain = Options(crs=options.crs)
    columns = naming.recognise(table.frame.columns, kind.fields, plain)
    return Likeness(
        len(_missing(kind, columns, table)) + (not _has_shape(kind, columns, table)),
        _strange_codes(kind, columns, table.frame),
        0 if _is_hinted(kind.name, [file, *map(str, table.frame.columns)]) else 1,
        len(table.frame.columns) - len(columns.of),
    )


def _missing(kind: Kind, columns: Columns, table: Table) -> list[str]:
    missing = [name for name, field in kind.fields.items() if field.is_required and name not in columns.of]
    is_placed = table.shapes is not None or coordinates.are_told(columns) or "place_code" in columns.of
    return missing + ([] if is_placed or not kind.is_shape_required else ["lon", "lat"])


def _has_shape(kind: Kind, columns: Columns, table: Table) -> bool:
    """Whether its shapes can be those of the kind. Lines and polygons are no two numbers."""
    if table.shapes is None:
        return kind.shape in ("area", "point") or bool(columns.of.keys() & {"wkt", "source_id"})
    types = set(shapely.get_type_id(table.shapes).tolist()) - {-1}
    return has_place(kind) and bool(types & {int(each) for each in TYPES[kind.shape]})


def _strange_codes(kind: Kind, columns: Columns, frame: pd.DataFrame) -> int:
    """1 where most codes have not the digits of the kind."""
    digits = CODE_DIGITS.get(kind.name)
    if digits is None or "code" not in columns.of:
        return 0
    codes = as_text(frame[columns.of["code"]]).dropna()
    fitting = codes.str.fullmatch(digits)
    if kind.name == "communities":
        fitting &= ~codes.str.fullmatch(STREET)
    return int(fitting.mean() < 0.5) if len(codes) else 0


def _is_hinted(kind: str, names: Iterable[str]) -> bool:
    words = "|".join(row["pattern"] for row in reference.rows("import_kinds") if row["kind"] == kind)
    return any(re.search(words, name, re.IGNORECASE) for name in names)


def _fields(kind: Kind, columns: Columns, *, has_shapes: bool) -> list[dict[str, Any]]:
    matches = {match.field: match for match in columns.matches}
    names = [*kind.fields, *(() if has_shapes or not has_place(kind) else PLACE_FIELDS)]
    return [
        {
            "name": name,
            "is_required": name in kind.fields and kind.fields[name].is_required,
            "column": matches[name].column if name in matches else None,
            "certainty": matches[name].certainty if name in matches else None,
            "unit": _unit(matches.get(name)),
            "units": unit_names(units.QUANTITIES[name]) if name in units.QUANTITIES else [],
        }
        for name in names
    ]


def _unit(match: naming.Match | None) -> str | None:
    return match.unit.name if match and match.unit else None


def _samples(column: pd.Series) -> list[str]:
    told = as_text(column).dropna().unique().tolist()[:SAMPLES]
    return [str(value)[:SAMPLE_CHARS] for value in told]


def _shape(table: Table) -> str | None:
    if table.shapes is None:
        return None
    known = [shape for shape in table.shapes if shape is not None]
    return str(known[0].geom_type) if known else None


def _system(given: str | None) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_user_input(given) if given else None
    except CRSError:
        return None


def unit_names(quantity: str) -> list[str]:
    """Units that a column may be in, in the order of the list."""
    return list(
        dict.fromkeys(str(row["unit"]) for row in reference.rows("import_units") if row["quantity"] == quantity)
    )
