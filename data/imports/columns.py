"""Which column of a file is which field: by `--map`, else by the names in data/reference/import_columns.csv, units apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from data import reference
from data.imports import units
from data.imports.formats.headers import LEVELS
from data.imports.formats.tables import Wanted
from data.imports.options import Options
from data.imports.units import Unit, plain
from geo.datum import check_datum
from geo.errors import BadFile, BadInput
from geo.layers import Shape

PLACE_FIELDS = ("lon", "lat", "lonlat", "wkt", "place_code")
DEFAULT_DATUM = "wgs84"
UNSHIFTED = ("wgs84", "cgcs2000")
SHORTENED = (9, 10)
"""Bytes of a name that was cut off: a shapefile's has at most 10, and no half of a character."""
ENCODINGS = ("gb18030", "utf-8")
OPENED = "(["
"""Brackets whose unit was cut off."""


@dataclass(frozen=True)
class Match:
    """Why `column` is taken for `field`, how sure that is (told, certain, likely), and the unit that its name tells."""

    field: str
    column: str
    certainty: str
    why: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Columns:
    """`of`: field → column. `datum`: as told, else as a column's name says (lon_gcj02), else WGS84."""

    of: Mapping[str, str]
    datum: str
    matches: Sequence[Match] = field(default=())

    def unit(self, name: str) -> Unit | None:
        return next((match.unit for match in self.matches if match.field == name), None)


def recognise(names: Iterable[str], fields: Iterable[str], options: Options) -> Columns:
    """Find the columns of `fields` and of the place among `names`; each column is taken once.

    Raises: BadInput for a `--map` or `--unit` of a field that the kind does not have; BadFile for a column that the file lacks.
    """
    names = list(names)
    wanted = [name for name in (*fields, *PLACE_FIELDS) if name not in options.left_out]
    found = {match.field: match for match in _told(names, wanted, options)}
    told = {match.column for match in found.values()}
    datum = None if options.datum is None else check_datum(options.datum)
    for spelling in (_whole, _as_written, _last_level, _shortened):
        free = [name for name in names if name not in told | {match.column for match in found.values()}]
        datum = _search(spelling, free, [name for name in wanted if name not in found], found, datum)
    matches = [_with_unit(found[name], options) for name in wanted if name in found]
    return Columns({match.field: match.column for match in matches}, datum or DEFAULT_DATUM, matches)


def _search(
    spelling: _Spelling, names: list[str], fields: list[str], found: dict[str, Match], datum: str | None
) -> str | None:
    """Add to `found` what this way of reading names finds; the datum that is known then."""
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(spelling.read(name), name)
    for wanted_field in fields:
        for candidate, of_datum in _candidates(wanted_field):
            column = spelling.find(candidate, spelled)
            if column is not None and (of_datum is None or of_datum == (datum or of_datum)):
                found[wanted_field] = Match(wanted_field, column, spelling.certainty, spelling.why)
                spelled = {key: other for key, other in spelled.items() if other != column}
                datum = of_datum or datum
                break
    return datum


class _Spelling:
    """A way in which a column's name is read and compared."""

    def __init__(self, certainty: str, why: str) -> None:
        self.certainty, self.why = certainty, why

    def read(self, name: str) -> str:
        return units.split(name)[0]

    def find(self, candidate: str, spelled: Mapping[str, str]) -> str | None:
        return spelled.get(candidate)


class _Whole(_Spelling):
    """With its brackets: 经度(gcj02) says more than 经度."""

    def read(self, name: str) -> str:
        return plain(name)


class _LastLevel(_Spelling):
    def read(self, name: str) -> str:
        return units.split(name.rpartition(LEVELS)[2])[0]


class _Shortened(_Spelling):
    """A name that was cut off, if it can only be the beginning of this one."""

    def read(self, name: str) -> str:
        is_cut = any(len(name.encode(encoding, "replace")) in SHORTENED for encoding in ENCODINGS)
        return plain(name).rstrip(OPENED) if is_cut else ""

    def find(self, candidate: str, spelled: Mapping[str, str]) -> str | None:
        cut = [name for key, name in spelled.items() if key and candidate.startswith(key)]
        return cut[0] if len(cut) == 1 else None


_whole = _Whole("certain", "by its name")
_as_written = _Spelling("certain", "by its name, without what is in brackets")
_last_level = _LastLevel("likely", "by the last row of its header")
_shortened = _Shortened("likely", "by the first letters of its name, which was cut off")


def wanted(options: Options, fields: Iterable[str], shape: Shape) -> Wanted:
    """What a file is searched for when it holds several sheets or layers."""
    return Wanted(options.layer, options.encoding, shape, partial(likeness, fields=tuple(fields)))


def likeness(names: Iterable[str], fields: Iterable[str]) -> int:
    """How many columns of these names are recognised."""
    return len(recognise(names, fields, Options()).of)


def require(columns: Columns, name: str, file: str, names: Iterable[str]) -> None:
    """Raises: BadFile, saying how to name the column."""
    if name not in columns.of:
        raise BadFile(
            f"{file}: no column for {name}; name it with --map {name}=COLUMN (columns: {', '.join(names)})",
            file=file,
            field=name,
        )


def parse_map(pairs: Iterable[str], option: str = "--map") -> dict[str, str]:
    """`field=COLUMN` as a mapping. Raises: BadInput."""
    split = [pair.partition("=") for pair in pairs]
    wrong = [name for name, equals, column in split if not (name and equals and column)]
    if wrong:
        raise BadInput(f"{option} {wrong[0]}: write field={'UNIT' if option == '--unit' else 'COLUMN'}")
    return {name.strip(): column.strip() for name, _, column in split}


def _told(names: list[str], fields: list[str], options: Options) -> list[Match]:
    for name, column in options.columns.items():
        if name not in fields:
            raise BadInput(f"--map {name}={column}: no such field; fields are {', '.join(fields)}", field=name)
        if column not in names:
            raise BadFile(f"--map {name}={column}: the file has no such column, but {', '.join(names)}", field=name)
    for name, unit in options.units.items():
        units.named(unit, name)
    return [Match(name, column, "told", "as told by --map") for name, column in options.columns.items()]


def _with_unit(match: Match, options: Options) -> Match:
    told = options.units.get(match.field)
    unit = units.named(told, match.field) if told else units.of_column(match.column, match.field)
    return Match(match.field, match.column, match.certainty, match.why, unit)


@cache
def _candidates(field: str) -> tuple[tuple[str, str | None], ...]:
    """Names a field goes by, and the datum that a name tells; best first."""
    rows = reference.rows("import_columns")
    named = [(plain(row["column"]), row["datum"]) for row in rows if row["field"] == field]
    return tuple(sorted(named, key=lambda pair: pair[1] is None))
