"""Codes of a sheet: composed where they are only numbers, completed, refused where they are wrong or come twice."""

from __future__ import annotations

import pandas as pd

from data.imports.options import Options
from data.imports.sheet import Sheet
from data.settings import settings
from geo import codes


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
    full = codes.complete(given.str.removesuffix(".0"), level)
    if options.under:
        full = codes.compose(full, under=options.under, level=level, cell_digits=settings().cell_suffix_digits)
    return full.where(full.str.fullmatch(r"[0-9]{12,20}").fillna(False).astype(bool))


def refuse_repeats(sheet: Sheet, field: str) -> None:
    """The first row with a code stays; later ones are refused."""
    first = sheet.frame.groupby(field)["line"].transform("first")
    reason = "comes twice; first on line " + first.astype("Int64").astype("str")
    sheet.refuse(codes.repeats(sheet.frame[field]), field, reason)
