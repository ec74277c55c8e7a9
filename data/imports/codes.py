"""Codes of a sheet: composed where they are only numbers, completed, refused where they are wrong or come twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import psycopg

from data.days import today
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.values import code
from data.settings import settings
from geo import codes

COMMUNITIES = """
    SELECT u.code, CASE WHEN count(a.id) = count(a.valid_to) AND max(a.valid_to) <= %(day)s THEN max(a.valid_to) END
    FROM unit u LEFT JOIN area a ON a.code = u.code
    WHERE u.level = 'community'
    GROUP BY u.code
"""


def ready_codes(sheet: Sheet, options: Options, level: str) -> None:
    """Make `code` a full code of `level` (street, community, cell)."""
    digits = settings().cell_suffix_digits
    given = sheet.frame["code"]
    full = codes.complete(given, level)
    if options.under:
        full = codes.compose(full, under=options.under, level=level, cell_digits=digits)
    reasons = codes.problems(full, level=level, cell_digits=digits)
    sheet.refuse(reasons.notna(), "code", reasons)
    sheet.put(code=full)
    refuse_repeats(sheet, "code")


def readable(given: pd.Series, options: Options, level: str) -> pd.Series:
    """The code that each text stands for, of whatever level; missing where it is none. Facilities' codes are any text."""
    if level == "facility":
        return given
    full = codes.complete(code(given, options), level)
    if options.under:
        full = codes.compose(full, under=options.under, level=level, cell_digits=settings().cell_suffix_digits)
    return full.where(full.str.fullmatch(r"[0-9]{12,20}").fillna(False).astype(bool))


def communities(connection: psycopg.Connection[Any], options: Options) -> dict[str, date | None]:
    """Every community that there is or was → the day on which it had ended when the file holds, None where it goes on."""
    return dict(connection.execute(COMMUNITIES, {"day": options.edition or today()}).fetchall())


def ended(told: pd.Series, known: Mapping[str, date | None], *, sheet: Sheet, field: str) -> pd.DataFrame:
    """Rows of `sheet` whose community in `told` has ended, as findings."""
    days = told.map(known)
    texts = "the community " + told + " ended on " + days.astype("str")
    return pd.DataFrame({"line": sheet.frame["line"], "field": field, "value": told, "text": texts})[days.notna()]


def refuse_repeats(sheet: Sheet, field: str) -> None:
    """The first row with a code stays; later ones are refused, also those of later parts of the file."""
    first = sheet.frame.groupby(field)["line"].transform("first").astype("Int64")
    before = first.where(codes.repeats(sheet.frame[field]).to_numpy(bool))
    if sheet.seen is not None:
        before = sheet.seen.lines_of(sheet.frame[field]).fillna(before)
    sheet.refuse(before.notna(), field, "comes twice; first on line " + before.astype("str"))
    if sheet.seen is not None:
        sheet.seen.add(sheet.frame[field], sheet.frame["line"])
