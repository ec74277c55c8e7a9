"""Numbers as people write them: 1,234.5 and 1.234,5, １２３, 350㎡, 1200户, 116°23'29"E. What can't be read comes back missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

PLAIN = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?$"
THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$"
COUNTED = "户人名个间栋处位家"
NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
SIDE = r"([NSEW]|东经?|西经?|南纬?|北纬?)?"
DEGREES = rf"^{SIDE}\s*{NUMBER}\s*[°º度]\s*(?:{NUMBER}\s*['′’‘分]\s*)?(?:{NUMBER}\s*(?:[\"″”“秒]|''|′′)\s*)?{SIDE}$"
BARE = r"^([0-9]{1,3})([-: .d])([0-9]{1,2})([-: .m])([0-9]{1,2}(?:\.[0-9]+)?)s?$"
"""Degrees, minutes and seconds between other marks: 116-23-29, 116:23:29.5, 116 23 29, 116d23m29s, 116.23.29."""
WESTERN_OR_SOUTHERN = "[SW西南]"


def read(given: pd.Series, *, is_place: bool = False) -> pd.Series:
    """As floats. A comma groups thousands where the digits allow it, except in a place, else it is the decimal comma."""
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers))
    odd = given[given.notna() & numbers.isna()]
    if len(odd):
        numbers = numbers.copy()
        numbers[odd.index] = _odd(odd, is_place)
    return numbers


def degrees(given: pd.Series) -> pd.Series:
    """Longitudes or latitudes: numbers, or degrees, minutes and seconds with or without a hemisphere."""
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers))
    odd = given[given.notna() & numbers.isna()]
    if len(odd):
        marked = _narrow(odd).str.replace(BARE, r"\1°\3′\5″", regex=True)
        numbers = numbers.copy()
        numbers[odd.index] = _from_minutes(marked).fillna(read(odd, is_place=True).where(marked == _narrow(odd)))
    return numbers


def _narrow(given: pd.Series) -> pd.Series:
    return given.str.normalize("NFKC").str.strip()


def _odd(given: pd.Series, is_place: bool) -> pd.Series:
    text = (
        _narrow(given).str.replace("\N{NARROW NO-BREAK SPACE}", "").str.replace(" ", "").str.rstrip(COUNTED).str.lower()
    )
    grouped = text.str.fullmatch(THOUSANDS) & (not is_place)
    text = text.mask(grouped, text.str.replace(",", ""))
    has_dots = text.str.contains(r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+$")
    text = text.mask(has_dots, text.str.replace(".", "", regex=False)).str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(text.where(text.str.fullmatch(PLAIN)), errors="coerce").astype(float)
    return numbers.where(np.isfinite(numbers))


def _from_minutes(text: pd.Series) -> pd.Series:
    parts = text.str.upper().str.extract(DEGREES)
    whole, minutes, seconds = (pd.to_numeric(parts[n], errors="coerce") for n in (1, 2, 3))
    value = whole + minutes.fillna(0) / 60 + seconds.fillna(0) / 3600
    side = parts[0].fillna(parts[4]).fillna("")
    fits = (minutes.fillna(0) < 60) & (seconds.fillna(0) < 60)
    return value.where(fits) * np.where(side.str.contains(WESTERN_OR_SOUTHERN), -1.0, 1.0)
