"""Units that the names of columns tell: 建筑面积(㎡), floor area [sq ft], 长度_公里. Factors: import_units.csv."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

import pandas as pd

from data import reference
from data.imports.options import Options
from geo.errors import BadFile, BadInput

QUANTITIES = {"floor_area_m2": "area", "length_m": "length"}
"""Fields that are measured, and what is measured; stored in m² and m."""
BRACKETED = re.compile(r"^(.*?)[(\[{【〔]([^)\]}】〕]*)[)\]}】〕]\W*$")
MARKS = re.compile(r"[\s_\-.:*]+")
ENOUGH = 3
"""Values from which on a median says something."""


class Unit(NamedTuple):
    """`factor` brings values to m² or m."""

    name: str
    quantity: str
    factor: float


def plain(name: str) -> str:
    """As names are compared: half width, lower case, without spaces, dashes, dots and stars."""
    return MARKS.sub("", unicodedata.normalize("NFKC", name).lower())


def split(name: str) -> tuple[str, Unit | None]:
    """The plain name of a column without its unit or other bracket, and the unit, if it tells one."""
    told = unicodedata.normalize("NFKC", name).strip()
    bracketed = BRACKETED.match(told)
    if bracketed:
        return plain(bracketed[1]) or plain(told), _words().get(plain(bracketed[2]))
    base, mark, last = re.sub(r"[\s\-]+", "_", told.lower()).rpartition("_")
    if mark and plain(last) in _words() and not _is_a_name(told):
        return plain(base), _words()[plain(last)]
    return plain(told), None


def of_column(column: str, field: str) -> Unit | None:
    """The unit of the values, if the name of their column tells one that fits the field."""
    quantity = QUANTITIES.get(field)
    told = unicodedata.normalize("NFKC", column)
    unit = split(column)[1] or _words().get(plain(re.split(r"[\s_\-]+", told)[-1]))
    return unit if unit and unit.quantity == quantity else None


def named(word: str, field: str) -> Unit:
    """The unit that `--unit` names. Raises: BadInput."""
    unit = _words().get(plain(word))
    if field not in QUANTITIES:
        raise BadInput(f"--unit {field}={word}: only {', '.join(QUANTITIES)} have a unit", field=field)
    if unit is None or unit.quantity != QUANTITIES[field]:
        fitting = sorted({unit.name for unit in _words().values() if unit.quantity == QUANTITIES[field]})
        raise BadInput(f"--unit {field}={word}: no such unit; units are {', '.join(fitting)}", field=field)
    return unit


def question(values: pd.Series, field: str, column: str, options: Options) -> None:
    """Values without a unit whose median is out of the ordinary stop the import: nothing is guessed.

    Raises: BadFile with the units under which the median would be ordinary.
    """
    usual, known = _usual().get(field), values.dropna()
    if usual is None or options.is_insisting or len(known) < ENOUGH or usual[0] <= known.median() <= usual[1]:
        return
    likely = _likely(field, known.median(), usual)
    raise BadFile(
        f"column {column} names no unit and half of its values are below {known.median():,.6g}, which is unusual for {field}: "
        f"say {_say(field, likely)}, or --insist if they are right",
        field=field,
        column=column,
        units=likely,
    )


def question_lengths(told: pd.Series, measured: pd.Series, options: Options) -> None:
    """Lengths that are not those of their lines by a factor stop the import. Both in m, of the same rows.

    Raises: BadFile with the units under which they would be.
    """
    usual, ratio = _usual()["length_ratio"], (told / measured.where(measured > 0)).median()
    if options.is_insisting or len(told) < ENOUGH or not ratio > 0 or usual[0] <= ratio <= usual[1]:
        return
    likely = _likely("length_m", ratio, usual)
    say = f"say {_say('length_m', likely)}, or --insist if they are right"
    what = f"half of the lengths are below {ratio:,.4g} times that of their line"
    raise BadFile(f"{what}: {say}", field="length_m", units=likely)


def _likely(field: str, median: float, usual: tuple[float, float]) -> list[str]:
    """The units under which the median would be usual."""
    others = {unit.name: unit for unit in _words().values() if unit.quantity == QUANTITIES[field]}.values()
    return [unit.name for unit in others if usual[0] <= median * unit.factor <= usual[1]]


def _say(field: str, likely: list[str]) -> str:
    return " or ".join(f"--unit {field}={name}" for name in likely) or f"--unit {field}=UNIT"


def _is_a_name(told: str) -> bool:
    """floor_area_m2 is a name by itself."""
    return any(plain(row["column"]) == plain(told) for row in reference.rows("import_columns"))


@cache
def _words() -> dict[str, Unit]:
    rows = reference.rows("import_units")
    return {plain(row["word"]): Unit(row["unit"], row["quantity"], float(row["factor"])) for row in rows}


@cache
def _usual() -> dict[str, tuple[float, float]]:
    """Between which values the median of a field lies where its unit is right."""
    return {row["field"]: (float(row["low"]), float(row["high"])) for row in reference.rows("import_usual")}
