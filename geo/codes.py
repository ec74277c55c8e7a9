"""Codes of areas and cells: 12 digits are county 6 + street 3 + community 3; a cell has more behind its community's 12."""

from __future__ import annotations

import pandas as pd

from geo.errors import BadInput

LEVELS = ("district", "street", "community")
UNDER_DIGITS = {"street": (6,), "community": (9, 12), "cell": (12,)}
AREA_DIGITS = 12
STREET_DIGITS = 9


def level_of(code: str) -> str:
    """Of a code of 12 digits."""
    return "district" if code[6:] == "000000" else "street" if code[9:] == "000" else "community"


def parent_codes(codes: pd.Series, level: str) -> pd.Series:
    """The street of communities, the district of streets, the community of cells."""
    kept = {"community": 9, "street": 6, "cell": AREA_DIGITS}[level]
    return codes.str.slice(0, kept).str.ljust(AREA_DIGITS, "0")


def compose(numbers: pd.Series, *, under: str, level: str, cell_digits: int) -> pd.Series:
    """Full codes from the numbers that a layer counts its units with, below the unit `under`; what is no number stays.

    Raises: BadInput if `under` is no code of the level above.
    """
    if not (under.isdigit() and len(under) in UNDER_DIGITS[level]):
        wanted = " or ".join(map(str, UNDER_DIGITS[level]))
        raise BadInput(f"--under {under}: a {level}'s code is composed below {wanted} digits", under=under)
    width = cell_digits if level == "cell" else 3
    stem = under[:STREET_DIGITS] if level == "community" else under
    tail = "000" if level == "street" else ""
    is_number = numbers.str.fullmatch(rf"0*[0-9]{{1,{width}}}").fillna(False).astype(bool)
    composed = stem + numbers.str.lstrip("0").str.zfill(width) + tail
    return numbers.where(~is_number, composed)


def complete(codes: pd.Series, level: str) -> pd.Series:
    """Streets are often written with nine digits: their three zeros are added."""
    if level != "street":
        return codes
    is_short = codes.str.fullmatch(r"[0-9]{9}").fillna(False).astype(bool)
    return codes.where(~is_short, codes + "000")


def problems(codes: pd.Series, *, level: str, cell_digits: int) -> pd.Series:
    """What is wrong with each code, as a sentence; missing where nothing is. Order as given."""
    digits = AREA_DIGITS + (cell_digits if level == "cell" else 0)
    found = pd.Series(pd.NA, index=codes.index, dtype="str")
    for wrong, reason in _rules(codes, level, digits):
        found = found.mask(found.isna() & wrong, reason)
    return found


def _rules(codes: pd.Series, level: str, digits: int) -> list[tuple[pd.Series, str]]:
    is_shaped = codes.str.fullmatch(rf"[0-9]{{{digits}}}").fillna(False).astype(bool)
    street, community = codes.str.slice(6, 9), codes.str.slice(9, 12)
    shape = [
        (codes.isna(), "no code"),
        (_is_rounded(codes), "was rounded by a spreadsheet: have the column as text there"),
        (~is_shaped, f"is not {digits} digits"),
        (codes.str.slice(0, 6) == "000000", "has no county in its first six digits"),
    ]
    if level == "street":
        return [
            *shape,
            (street == "000", "is a district's code, not a street's"),
            (community != "000", "is a community's code, not a street's"),
        ]
    return [
        *shape,
        (street == "000", "has no street in digits 7 to 9"),
        (community == "000", "is a street's code, no community's"),
    ]


def _is_rounded(codes: pd.Series) -> pd.Series:
    """1.10199E+11"""
    return codes.str.fullmatch(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}").fillna(False).astype(bool)


def repeats(codes: pd.Series) -> pd.Series:
    """Which codes came before in the same column; missing ones never do."""
    return codes.duplicated(keep="first") & codes.notna()
