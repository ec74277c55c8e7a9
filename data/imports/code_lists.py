"""Codes of streets and communities that a file only names: from a list, from what is stored, or provisional. 12 digits.

Names are compared as they are written, then without the words for what kind of unit it is (街道办事处, 镇, 社区居委会 …), within
the unit above where the file names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import psycopg

from data.days import today
from data.imports import columns as naming
from data.imports import findings, reading, units
from data.imports.formats.tables import Table, without
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.tolerances import held
from data.imports.values import as_text, code, words
from geo.codes import AREA_DIGITS, level_of
from geo.errors import BadFile, BadInput

LEVELS = {"streets": "street", "communities": "community"}
ABOVE = {"street": ("district", 6), "community": ("street", 9)}
"""The level above, and how many digits of a code are those of its unit."""
OVER = {"district": "", "street": "district_name", "community": "street_name"}
"""The field that names the unit above."""
FIELD, MARK, PROVISIONAL = "code", "code_by", "provisional"
STORED = "SELECT code, name FROM area WHERE valid_to IS NULL AND name IS NOT NULL"
GIVEN_OUT = "SELECT code FROM unit WHERE level = %s"
UNIT_DIGITS = 3
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """From which number on units that nobody has given a code are counted; no list gives out such numbers."""

    provisional_code_first: int


class Answer(NamedTuple):
    """A code, or why there is none."""

    code: str | None
    reason: str = ""
    is_provisional: bool = False


class Names:
    """Codes of units by level and name, each with the bare name of the unit above where it is known."""

    def __init__(self) -> None:
        self.codes: defaultdict[tuple[str, str], set[tuple[str, str | None]]] = defaultdict(set)

    def add(self, told: str, name: str, above: str | None) -> None:
        for spelled in {_plain(name), _bare(name)}:
            self.codes[level_of(told), spelled].add((told, above and _bare(above)))

    def called(self, level: str, spelled: str) -> set[tuple[str, str | None]]:
        return self.codes.get((level, spelled), set())


@dataclass
class Finder:
    """Looks names up in `sources` one after the other; numbers the others from `first` on where `is_provisional`."""

    level: str
    sources: list[Names]
    stem: str
    is_provisional: bool
    first: int
    given_out: set[str]
    numbered: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def answers(self, names: list[str | None], above: list[str | None]) -> list[Answer]:
        """Whole names go first: 城关乡 never takes the code of 城关镇 while that is in the file too."""
        asked = list(zip(names, above, strict=True))
        whole = [self._found(_plain(name), over, set()) if name else None for name, over in asked]
        taken = {answer.code for answer in whole if answer and answer.code}
        return [answer or self._less_sure(*told, taken) for answer, told in zip(whole, asked, strict=True)]

    def _less_sure(self, name: str | None, above: str | None, taken: set[str]) -> Answer:
        if name is None:
            return Answer(None, "has neither a code nor a name")
        found = self._found(_bare(name), above, taken)
        if found or not self.is_provisional:
            return found or Answer(None, "no unit of this name is known")
        return self._numbered(name, above)

    def _found(self, spelled: str, above: str | None, taken: set[str]) -> Answer | None:
        for source in self.sources:
            hits = {told for told, of in source.called(self.level, spelled) if self._is_below(told, of, above)}
            found = sorted(hits - taken)
            if len(found) > 1:
                return Answer(None, f"several units have this name: {', '.join(found[:SHOWN])}")
            if found:
                return Answer(found[0], is_provisional=self._number(found[0]) >= self.first)
        return None

    def _numbered(self, name: str, above: str | None) -> Answer:
        if told := self.numbered.get((_plain(name), above)):
            return Answer(told, is_provisional=True)
        stems = {self.stem} if self.stem else self._stems(above)
        if len(stems) != 1:
            return Answer(None, "no unit of this name is known, nor the code of the unit above it")
        (stem,) = stems
        told = next(self._free(stem), None)
        if told is None:
            return Answer(None, f"no provisional code is left below {stem}")
        self.given_out.add(told)
        self.numbered[_plain(name), above] = told
        return Answer(told, is_provisional=True)

    def _number(self, told: str) -> int:
        digits = ABOVE[self.level][1]
        return int(told[digits : digits + UNIT_DIGITS])

    def _free(self, stem: str) -> Iterator[str]:
        numbers = (f"{stem}{number:0{UNIT_DIGITS}}" for number in range(self.first, 10**UNIT_DIGITS))
        return (told for told in (number.ljust(AREA_DIGITS, "0") for number in numbers) if told not in self.given_out)

    def _is_below(self, told: str, of: str | None, above: str | None) -> bool:
        """Whether a code lies in the unit called `above`, by that one's code if it is known, else by the name in the list."""
        if above is None or not told.startswith(self.stem):
            return told.startswith(self.stem)
        stems = self._stems(above)
        return told[: ABOVE[self.level][1]] in stems if stems else of in (None, _bare(above))

    def _stems(self, above: str | None) -> set[str]:
        """How the codes of units in the one called `above` begin."""
        level, digits = ABOVE[self.level]
        spelled = _bare(above) if above else ""
        return {told[:digits] for source in self.sources for told, _ in source.called(level, spelled)}


class Looked(NamedTuple):
    """The table with its codes, what is still to be chosen of it, and the names of units with provisional codes, by line."""

    table: Table
    options: Options
    provisional: pd.Series


def look_up(connection: psycopg.Connection[Any], table: Table, kind: str, options: Options) -> Looked:
    """Give a table without codes a column of them, if `options` say how to find them; rows without one stand apart.

    Raises: BadInput for a kind whose codes aren't looked up; BadFile for a list without codes and names, or no column of names.
    """
    looked = Looked(table, options, pd.Series(dtype="str"))
    if options.codes is None and not options.is_provisional:
        return looked
    if kind not in LEVELS:
        raise BadInput(f"codes are looked up by names for {' and '.join(LEVELS)}, not for {kind}", kind=kind)
    level = LEVELS[kind]
    over = OVER[level]
    told = {name: column for name, column in options.columns.items() if name in (FIELD, "name", over)}
    columns = naming.recognise(table.frame.columns, (FIELD, "name", over), Options(told))
    looked = looked._replace(options=_without(options, over))
    if FIELD in columns.of:
        table.remarks.append(f"the file has codes of its own, in {columns.of[FIELD]}: none was looked up")
        return looked
    if "name" not in columns.of:
        raise BadFile("neither codes nor names: name a column with --map code=COLUMN or --map name=COLUMN")
    names, above = (_texts(table.frame, columns.of.get(of)) for of in ("name", over))
    return _put(looked, names, _finder(connection, level, options).answers(names, above))


def tell(sheet: Sheet, provisional: pd.Series) -> None:
    """Warn of every row that goes in under a provisional code."""
    names = provisional[provisional.index.isin(sheet.frame["line"])]
    told = {"line": names.index, "field": FIELD, "value": names.to_numpy(), "text": "its code is provisional"}
    findings.add(sheet, "code_provisional", pd.DataFrame(told))


def _without(options: Options, over: str) -> Options:
    """The name of the unit above is no field of the kind itself."""
    return replace(options, columns={name: column for name, column in options.columns.items() if name != over})


def _texts(frame: pd.DataFrame, column: str | None) -> list[str | None]:
    if column is None:
        return [None] * len(frame)
    given = as_text(frame[column]).astype(object)
    return given.where(given.notna(), None).tolist()


def _put(looked: Looked, names: list[str | None], answers: list[Answer]) -> Looked:
    table, by = looked.table, [PROVISIONAL if answer.is_provisional else "" for answer in answers]
    frame = table.frame.assign(**{FIELD: pd.Series([answer.code for answer in answers]), MARK: pd.Series(by)})
    coded = replace(table, frame=frame, remarks=[*table.remarks, _summary(answers)])
    is_unknown = np.array([answer.code is None for answer in answers], dtype=bool)
    told = pd.DataFrame({"field": "name", "value": names, "reason": [answer.reason for answer in answers]})
    provisional = pd.Series(names, table.lines, dtype="str")[[bool(mark) for mark in by]]
    return looked._replace(table=without(coded, is_unknown, told), provisional=provisional)


def _summary(answers: list[Answer]) -> str:
    provisional = sum(answer.is_provisional for answer in answers)
    unknown = sum(answer.code is None for answer in answers)
    found = len(answers) - provisional - unknown
    return f"the file has no codes: {found:,} found by their names, {provisional:,} provisional, {unknown:,} unknown"


def _finder(connection: psycopg.Connection[Any], level: str, options: Options) -> Finder:
    sources = [_listed(options.codes, options)] if options.codes else []
    sources.append(_collected((told, name, None) for told, name in connection.execute(STORED)))
    first = held(connection, Numbering, today()).provisional_code_first
    given_out = {row[0] for row in connection.execute(GIVEN_OUT, [level])}
    stem = (options.under or "")[: ABOVE[level][1]]
    return Finder(level, sources, stem, options.is_provisional, first, given_out)


def _listed(path: Path, options: Options) -> Names:
    """A list of codes and names; a unit above that its rows name by code and name is part of it. Raises: BadFile."""
    fields = (FIELD, "name", "parent_code", "street_name", "district_name")
    given = Options(encoding=options.encoding)
    table = reading.read(path, naming.wanted(given, fields, "area"))
    columns = naming.recognise(table.frame.columns, fields, given)
    for name in (FIELD, "name"):
        naming.require(columns, name, path.name, table.frame.columns)
    told = {name: _texts(table.frame, columns.of.get(name)) for name in fields}
    own = _codes(table.frame, columns.of[FIELD])
    over = _codes(table.frame, columns.of.get("parent_code"))
    rows = [(at, name, street or district) for at, name, street, district in
            zip(own, told["name"], told["street_name"], told["district_name"], strict=True)]  # fmt: skip
    return _collected([*rows, *zip(over, told["street_name"], told["district_name"], strict=True)])


def _codes(frame: pd.DataFrame, column: str | None) -> list[str | None]:
    """Of 12 digits; those of counties and streets may be written with 6 and 9."""
    if column is None:
        return [None] * len(frame)
    given = code(as_text(frame[column]), Options())
    is_code = given.str.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}").fillna(False).astype(bool)
    full = given.str.ljust(AREA_DIGITS, "0").astype(object)
    return full.where(is_code, None).tolist()


def _collected(rows: Iterable[tuple[str | None, str | None, str | None]]) -> Names:
    """Codes and names that are both told; a unit above that no row names is called as its own row calls it."""
    known = sorted({(told, name, above) for told, name, above in rows if told and name}, key=str)
    called = {told: name for told, name, _ in known}
    names = Names()
    for told, name, above in known:
        names.add(told, name, above or called.get(_above(told)))
    return names


def _above(told: str) -> str:
    level = level_of(told)
    return told[: ABOVE[level][1]].ljust(AREA_DIGITS, "0") if level in ABOVE else ""


def _plain(name: str) -> str:
    return units.plain(name)


def _bare(name: str) -> str:
    """Without the longest word for a kind of unit at its end, unless that is all there is."""
    plain = _plain(name)
    return next((plain.removesuffix(word) for word in _kinds() if plain.endswith(word) and plain != word), plain)


@cache
def _kinds() -> list[str]:
    return sorted(words("kind_of_unit"), key=len, reverse=True)
