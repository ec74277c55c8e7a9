"""Sentences of findings in the reader's language. Checks say them in English; each is one of these, with its values in place."""

from __future__ import annotations

import re
from functools import cache

from web.i18n import translate

SOURCE = "en"
SENTENCES = (
    "no code", "is not {0} digits", "has no county in its first six digits", "is a district's code, not a street's",
    "is a community's code, not a street's", "has no street in digits 7 to 9", "is a street's code, no community's",
    "comes twice; first on line {0}", "is missing", "is longer than {0} characters", "lies more than {0} days ahead",
    "lies in the future", "is missing, but the case is said to be closed",
    "was imported before with another content, which stays", "is not the unit that the code lies in: {0}",
    "is not the community that the code lies in: {0}", "ended on {0}: this file is of an older state",
    "the community {0} ended on {1}", "had ended and comes back", "the unit above, {0}, is not known on that day",
    "has neither a code nor a name", "no unit of this name is known", "several units have this name: {0}",
    "no unit of this name is known, nor the code of the unit above it", "no provisional code is left below {0}",
    "its code is provisional", "there is no such community", "there is no community {0}", "there is no cell {0}", "{0} is no role",
    "a share is not above 0 and at most 1", "cell {0} has a head already: worker {1}",
    "facility {0} serves {1}, which ends", "lies {0} m from {1}, of the same level", "the floor area is not recorded",
    "a floor area of less than {0} or more than {1} m² can't be", "is not a whole number from 0", "is not a number from 0",
    "is not a number above 0", "is not a number", "is not a whole number of 64 bits",
    "is no longitude", "is no latitude", "is no POINT in WKT", "is neither yes nor no",
    "is no day such as 2027-01-01", "is no date and time that is known here",
    "is no area class: new or old_city (新建改建区, 旧城文保区)", "is no kind of cell: ordinary or dedicated (基础网格, 专属网格)",
    "is no level: district_centre, street_centre or station", "is neither full_time nor part_time (专职, 兼职)",
    "is no role: head, worker or substitute (网格长, 网格员, 替补)",
    "is no channel: grid_worker, hotline, resident, video, superior or system", "is no good node of {0}",
    "can't be read as WKT", "one of the two coordinates is missing", "is not a pair of coordinates",
    "has no coordinates, and no unit of this code is known", "a coordinate is not a finite number",
    "outside -180..180 and -90..90 degrees", "outside -180..180 and -90..90 degrees; are longitude and latitude swapped?",
    "0, 0 stands for a missing place", "no geometry", "is a {0}, not a {1}",
    "has {0} vertices, at most {1} are taken (WANGGE_IMPORT_SHAPE_VERTICES)",
    "its {0} vertices can't be judged within {1} s (WANGGE_IMPORT_SHAPE_S): simplify it",
    "its {0} vertices can't be judged within {1} MB (WANGGE_IMPORT_MEMORY_MB): simplify it",
    "mended it has {0} vertices, at most {1} are taken", "{0} fields, the header has {1}", "contains a NUL character",
    "{0} vertices repeat the one before", "a part of {0} m² is only {1} m wide", "shares {0} m² with {1}",
    "{0} m² of {1} belong to nobody", "{0} m² lie outside the unit above, {1}", "{0} m² lie outside its unit, {1}",
    "its point lies {0} m outside the unit above, {1}", "its point lies {0} m outside its unit, {1}",
    "{0} % of the cell lie outside its community", "{0} m² lie in the community {1}",
    "has {0} households, the units below it {1} in all", "has {0} households, the {1} homes in it {2} in all",
    "no home is known in it", "lies in no community", "Self-intersection[{0}]", "Ring Self-intersection[{0}]",
    "Hole lies outside shell[{0}]", "Holes are nested[{0}]", "Interior is disconnected[{0}]", "Nested shells[{0}]",
    "Duplicate Rings[{0}]", "Too few points in geometry component[{0}]", "Invalid Coordinate[{0}]", "Ring is not closed[{0}]",
)  # fmt: skip
"""Keys of the catalogues."""
PLACE = re.compile(r"\\\{\d\\\}")


def in_language(language: str, text: str) -> str:
    """The sentence `text` in `language`; one that is none of `SENTENCES` stays as it is."""
    if language == SOURCE:
        return text
    for key, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return translate(language, key).format(*found.groups())
    return text


def is_known(text: str) -> bool:
    return any(pattern.fullmatch(text) for _, pattern in _patterns())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those with the most words of their own first, so that a value never swallows what another sentence says."""
    ordered = sorted(SENTENCES, key=lambda key: len(PLACE.sub("", re.escape(key))), reverse=True)
    return tuple((key, re.compile(PLACE.sub("(.+?)", re.escape(key)), re.DOTALL)) for key in ordered)
