"""Texts as numbers, words, codes and moments, whole columns at once. What can't be read comes back missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from data import reference
from data.imports import numbers
from data.imports.options import Options
from data.settings import settings
from geo.errors import BadInput

NOON = 12
MAX_WHOLE = 2**31 - 1
MOST_64 = str(2**63 - 1)
EARLIEST = pd.Timestamp("1900-01-01", tz="UTC")
"""What is older stands for a missing date: 0001-01-01 of many systems, 1899-12-30 of spreadsheets."""
LATEST = pd.Timestamp("2200-01-01")
MOMENT_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日",
    "%Y%m%d%H%M%S",
    "ISO8601",
)
DAY_FIRST_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%d/%m/%Y")
DAY_FIRST, MONTH_FIRST = (
    r"^(?:1[3-9]|2[0-9]|3[01])/[0-9]{1,2}/[0-9]{4}",
    r"^[0-9]{1,2}/(?:1[3-9]|2[0-9]|3[01])/[0-9]{4}",
)
"""Dates that can only be read one way, and tell how the others of their column are meant."""
WITH_SLASHES = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
HALF_DAY = (
    r"^(.*?)\s*(上午|下午|凌晨|中午|晚上)\s*([0-9]{1,2})(?::|时|点)([0-9]{1,2})(?:(?::|分)([0-9]{1,2}))?(?:分|秒)?$"
)
AFTERNOON = ("下午", "晚上", "中午")
SQUARE_METRES = r"\s*(?:m2|sqm|平方米|平米|平方)$"
PLAIN_CODE = "[0-9A-Za-z._-]+"
AS_TEXT = r"^(?:=\"|')([^\"]*)\"?$"
"""Marks of a spreadsheet that a value is a text."""
COUNTED_DAYS = r"[2-6][0-9]{4}(?:\.[0-9]+)?"
"""A moment as a spreadsheet counts it: from 1954 to 2091."""
SPREADSHEETS_BEGIN = pd.Timestamp("1899-12-30")
OFFSET = r"(?:Z|[+-]\d\d:?\d\d)$"

Parse = Callable[[pd.Series, Options], pd.Series]


class Field(NamedTuple):
    """How a field is read, and the reason that is given when it can't be."""

    parse: Parse
    reason: str = ""
    is_required: bool = False


def as_text(column: pd.Series) -> pd.Series:
    """Any column as trimmed text; empty is missing. A whole number that became a float loses its `.0` again, and no other
    number a digit."""
    if pd.api.types.is_float_dtype(column):
        written = pd.Series(column.fillna(0).to_numpy(float).astype(str), index=column.index, dtype="str")
        text = written.str.removesuffix(".0").where(column.notna())
    else:
        text = column.astype("str").where(column.notna())
    text = text.str.strip()
    return text.mask(text == "")


def as_json_text(column: pd.Series) -> pd.Series:
    """Moments as ISO 8601 in UTC, everything else as it is."""
    return iso(column) if isinstance(column.dtype, pd.DatetimeTZDtype) else column


def iso(moments: pd.Series) -> pd.Series:
    """Moments as text such as 2015-01-01T05:20:09Z; numpy writes it in a twentieth of the time of strftime."""
    seconds = moments.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[s]")
    return pd.Series(np.datetime_as_string(seconds), moments.index, dtype="str").add("Z").where(moments.notna())


def text(given: pd.Series, options: Options) -> pd.Series:
    return given


def code(given: pd.Series, options: Options) -> pd.Series:
    """Spreadsheets write codes as numbers, or as texts in their own ways; some type digits in full width."""
    odd = given[~given.str.fullmatch(PLAIN_CODE).fillna(True).astype(bool)]
    if len(odd):
        given = given.copy()
        given[odd.index] = odd.str.normalize("NFKC").str.replace(AS_TEXT, r"\1", regex=True)
    return given.str.removesuffix(".0")


def whole(given: pd.Series, options: Options) -> pd.Series:
    counted = numbers.read(given)
    fits = (counted >= 0) & (counted <= MAX_WHOLE) & (counted % 1 == 0)
    return counted.where(fits).astype("Int64")


def identifier(given: pd.Series, options: Options) -> pd.Series:
    """Whole numbers of 64 bits, negative ones too; never by way of floats, which would change the last digits."""
    is_short = given.str.fullmatch(r"-?[0-9]{1,18}").fillna(False).astype(bool)
    is_long = given.str.fullmatch(r"-?[0-9]{19}").fillna(False).astype(bool)
    fits = is_short | (is_long & (given.str.lstrip("-") <= MOST_64).fillna(False).astype(bool))
    return given.where(fits).astype("Int64")


def decimal(given: pd.Series, options: Options) -> pd.Series:
    return numbers.read(given)


def not_negative(given: pd.Series, options: Options) -> pd.Series:
    told = numbers.read(given)
    return told.where(told >= 0)


def area_m2(given: pd.Series, options: Options) -> pd.Series:
    """Above 0; m² may stand behind each number, another unit may not."""
    told = numbers.read(given.str.normalize("NFKC").str.replace(SQUARE_METRES, "", regex=True))
    return told.where(told > 0)


def derived(given: pd.Series, options: Options) -> pd.Series:
    """True for a yes, and for a status that begins with DERIVED; false for any other."""
    is_yes = given.str.lower().map(words("bool")) == "true"
    said = is_yes | given.str.lower().str.startswith("derived").fillna(False).astype(bool)
    return said.astype("boolean").where(given.notna())


def yes_or_no(given: pd.Series, options: Options) -> pd.Series:
    return given.str.lower().map(words("bool")).map({"true": True, "false": False}).astype("boolean")


def word(field: str) -> Parse:
    """One of the words that import_words.csv knows for `field`."""

    def parse(given: pd.Series, options: Options) -> pd.Series:
        return given.str.lower().map(words(field))

    return parse


def moment(given: pd.Series, options: Options) -> pd.Series:
    """Moments in UTC. A column may mix formats; a time without offset is local.

    An hour that happens twice in autumn is taken as the second, one that does not exist in spring as the next that does.
    """
    parsed = pd.Series(pd.NaT, index=given.index, dtype="datetime64[us, UTC]")
    has_offset = given.str.contains(OFFSET).fillna(False).astype(bool) & given.str.contains(":", regex=False).fillna(
        False
    )
    parsed[has_offset] = pd.to_datetime(given[has_offset], format="ISO8601", errors="coerce", utc=True)
    local = given[~has_offset & given.notna()]
    zone = _zone(options)
    times = _local_times(local).dt.tz_localize(zone, ambiguous=np.zeros(len(local), bool), nonexistent="shift_forward")
    parsed[local.index] = times.dt.tz_convert("UTC")
    return parsed.where(parsed >= EARLIEST)


def day(given: pd.Series, options: Options) -> pd.Series:
    """Days as text such as 2027-01-01; a time of day beside one is left out."""
    times = _local_times(given.dropna()).reindex(given.index)
    times = times.where((times >= EARLIEST.tz_localize(None)) & (times < LATEST))
    days = np.datetime_as_string(times.to_numpy("datetime64[D]"))
    return pd.Series(days, given.index, dtype="str").where(times.notna())


def _local_times(given: pd.Series) -> pd.Series:
    given = _in_24_hours(given)
    times = pd.Series(pd.NaT, index=given.index, dtype="datetime64[us]")
    counted = given.str.fullmatch(COUNTED_DAYS).fillna(False).astype(bool)
    times[counted] = _from_serials(given[counted])
    for form in _formats(given):
        missing = times.isna() & ~counted
        if not missing.any():
            break
        times[missing] = pd.to_datetime(given[missing], format=form, errors="coerce")
    return times


def _formats(given: pd.Series) -> tuple[str, ...]:
    return (*DAY_FIRST_FORMATS, *MOMENT_FORMATS) if is_day_first(given) else MOMENT_FORMATS


def is_day_first(given: pd.Series) -> bool | None:
    """The month comes first, unless there are dates that are only possible the other way round, and none that are not.

    None where there are no such dates at all.
    """
    if not given.str.contains(WITH_SLASHES).any():
        return None
    return bool(given.str.contains(DAY_FIRST).any() and not given.str.contains(MONTH_FIRST).any())


def _in_24_hours(given: pd.Series) -> pd.Series:
    """2026/3/1 下午3:05 as 2026/3/1 15:05:00."""
    parts = (
        given[given.str.contains("[午晨晚]")].str.normalize("NFKC").str.extract(HALF_DAY).dropna(subset=[0, 1, 2, 3])
    )
    if parts.empty:
        return given
    hour = parts[2].astype(int)
    is_late = parts[1].isin(AFTERNOON) & (hour < NOON) & ~((parts[1] == "中午") & (hour == NOON - 1))
    hour = hour.where(~is_late, hour + NOON).where((hour != NOON) | ~parts[1].isin(["上午", "凌晨"]), 0)
    told = parts[0] + " " + hour.astype("str") + ":" + parts[3] + ":" + parts[4].fillna("0")
    return given.mask(given.index.isin(told.index), told.reindex(given.index))


def _from_serials(given: pd.Series) -> pd.Series:
    """Days since 1899-12-30, as spreadsheets store them, to the second."""
    seconds = (pd.to_numeric(given).astype(float) * 86_400).round()
    return SPREADSHEETS_BEGIN + pd.to_timedelta(seconds, unit="s")


def _zone(options: Options) -> ZoneInfo:
    name = options.timezone or settings().timezone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"unknown time zone {name}", timezone=name) from error


@cache
def words(field: str) -> dict[str, str]:
    """What data/reference/import_words.csv knows for `field`: word in lower case → value."""
    return {row["word"]: row["value"] for row in reference.rows("import_words") if row["field"] == field}
