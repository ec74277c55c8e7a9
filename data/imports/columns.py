"""Which column of a file is which field: by `--map`, else by the names in data/reference/import_columns.csv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from data import reference
from data.imports.options import Options
from geo.datum import check_datum
from geo.errors import BadFile, BadInput

PLACE_FIELDS = ("lon", "lat", "wkt")
DEFAULT_DATUM = "wgs84"
UNSHIFTED = ("wgs84", "cgcs2000")


@dataclass(frozen=True)
class Columns:
    """`of`: field → column. `datum`: as told, else as a column's name says (lon_gcj02), else WGS84."""

    of: Mapping[str, str]
    datum: str


def recognise(names: Iterable[str], fields: Iterable[str], options: Options) -> Columns:
    """Find the columns of `fields` and of the place among `names`; each column is taken once.

    Raises: BadInput for a `--map` of a field that the kind does not have; BadFile for a column that the file does not have.
    """
    names, wanted = list(names), [*fields, *PLACE_FIELDS]
    told = _told(names, wanted, options.columns)
    free = {_plain(name): name for name in reversed(names) if name not in told.values()}
    datum = None if options.datum is None else check_datum(options.datum)
    found, seen = dict(told), datum
    for field in (field for field in wanted if field not in told):
        for candidate, of_datum in _candidates(field):
            if candidate in free and (of_datum is None or of_datum == (seen or of_datum)):
                found[field], seen = free.pop(candidate), of_datum or seen
                break
    return Columns(found, seen or DEFAULT_DATUM)


def require(columns: Columns, field: str, file: str, names: Iterable[str]) -> None:
    """Raises: BadFile, saying how to name the column."""
    if field not in columns.of:
        raise BadFile(
            f"{file}: no column for {field}; name it with --map {field}=COLUMN (columns: {', '.join(names)})",
            file=file,
            field=field,
        )


def parse_map(pairs: Iterable[str]) -> dict[str, str]:
    """`field=COLUMN` as a mapping. Raises: BadInput."""
    split = [pair.partition("=") for pair in pairs]
    wrong = [field for field, equals, column in split if not (field and equals and column)]
    if wrong:
        raise BadInput(f"--map {wrong[0]}: write field=COLUMN")
    return {field.strip(): column.strip() for field, _, column in split}


def _told(names: list[str], fields: list[str], told: Mapping[str, str]) -> dict[str, str]:
    for field, column in told.items():
        if field not in fields:
            raise BadInput(f"--map {field}={column}: no such field; fields are {', '.join(fields)}", field=field)
        if column not in names:
            raise BadFile(f"--map {field}={column}: the file has no such column, but {', '.join(names)}", field=field)
    return dict(told)


@cache
def _candidates(field: str) -> tuple[tuple[str, str | None], ...]:
    """Names a field goes by, and the datum that a name tells; best first."""
    rows = reference.rows("import_columns")
    named = [(_plain(row["column"]), row["datum"]) for row in rows if row["field"] == field]
    return tuple(sorted(named, key=lambda pair: pair[1] is None))


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
