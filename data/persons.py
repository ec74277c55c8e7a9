"""All that is kept of one person: found by name and telephone in sealed columns and in texts, told whole, corrected, deleted.

A record is named by its table and key, such as `worker:12` or `whistle_call:3:7`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import dict_row
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import JSONB

from data import sealing
from data.models import Base
from data.models.personal import Form, marked, sealed_columns
from geo.errors import BadInput, NotFound
from geo.persons import Kind, plain

Line = Connection[Any]
Row = dict[str, Any]
LEDGER = "case_event"
"""Nobody changes it; what is said in it is shown, masked, and stays."""
SHORTEST = {Kind.NAME: 2, Kind.PHONE: 5}
"""Characters below which anybody would be found."""
HIDDEN = "***"


@dataclass(frozen=True)
class Wanted:
    """Who is looked for. Where a record has both a name and a number, both have to be his."""

    name: str | None = None
    phone: str | None = None

    def by_kind(self) -> dict[Kind, str]:
        """Raises: BadInput when nothing, or too little, is given."""
        given = {kind: text for kind, text in ((Kind.NAME, self.name), (Kind.PHONE, self.phone)) if text}
        if not given:
            raise BadInput("say who: --name, --phone or --record")
        for kind, text in given.items():
            if len(plain(kind, text)) < SHORTEST[kind]:
                raise BadInput(f"the {kind} is too short to tell one person from others")
        return given

    def words(self) -> list[str]:
        """As he may stand in texts, the number also without blanks and signs."""
        given = self.by_kind()
        number = [plain(Kind.PHONE, given[Kind.PHONE])] if Kind.PHONE in given else []
        return list(dict.fromkeys([*given.values(), *number]))


def find(line: Line, wanted: Wanted) -> list[str]:
    """The records in which the person stands, by table and key."""
    given = wanted.by_kind()
    return [ref for table in sealed_tables() for ref in _found(line, table, given)]


def sealed_tables() -> list[Table]:
    return list(dict.fromkeys(column.table for column, _ in sealed_columns(Base.metadata)))  # type: ignore[misc]


def sealed_in(table: Table) -> dict[str, Kind]:
    return {column.name: kind for column, kind in sealed_columns(Base.metadata) if column.table is table}


def _found(line: Line, table: Table, given: dict[Kind, str]) -> list[str]:
    columns = {kind: name for name, kind in sealed_in(table).items()}
    if Kind.ADDRESS in columns:
        return _in_addresses(line, table, columns[Kind.ADDRESS], given)
    asked = {columns[kind]: sealing.wanted(kind, text) for kind, text in given.items() if kind in columns}
    if not asked:
        return []
    same = [
        sql.SQL("{}[1] = ANY({}::bytea[])").format(_name(f"{name}_digests"), sql.Placeholder(name)) for name in asked
    ]
    query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
        _names(_key(table)), _name(table.name), sql.SQL(" AND ").join(same), _names(_key(table))
    )
    return [_ref(table, row) for row in line.execute(query, asked).fetchall()]


def _in_addresses(line: Line, table: Table, column: str, given: dict[Kind, str]) -> list[str]:
    """An address holds a number somewhere within: all of them are opened, which are few."""
    digits = plain(Kind.PHONE, given.get(Kind.PHONE, ""))
    query = sql.SQL("SELECT {}, {} FROM {}").format(_name(f"{column}_sealed"), _names(_key(table)), _name(table.name))
    rows = line.execute(query).fetchall() if digits else []
    return [
        _ref(table, row[1:]) for row in rows if digits in plain(Kind.PHONE, sealing.open_(Kind.ADDRESS, row[0]) or "")
    ]


def has_number(ref: str) -> bool:
    """Whether a record was found by a number too, and not by a name that another may have."""
    return not {Kind.PHONE, Kind.ADDRESS}.isdisjoint(sealed_in(parse(ref)[0]).values())


def read(line: Line, ref: str, *, is_whole: bool = False) -> Row:
    """What a record holds in its sealed columns, masked or whole. Raises: BadInput; NotFound."""
    table, key = parse(ref)
    row = _row(line, table, key)
    kinds = sealed_in(table)
    told = {name: sealing.open_(kind, row[f"{name}_sealed"]) if is_whole else row[name] for name, kind in kinds.items()}
    return {"record": ref} | told


def correct(line: Line, ref: str, told: dict[Kind, str]) -> None:
    """Put other values into the sealed columns of a record. Raises: BadInput for what it has no column for; NotFound."""
    table, key = parse(ref)
    columns = {kind: name for name, kind in sealed_in(table).items()}
    if strange := sorted(set(told) - set(columns)):
        raise BadInput(f"{ref} has no {strange[0]}; it has {', '.join(columns)}")
    _row(line, table, key)
    changed: Row = {}
    for kind, text in told.items():
        changed |= sealing.seal(kind, text).columns(columns[kind])
    _update(line, table, key, changed)


def blank(line: Line, ref: str) -> None:
    """Empty the sealed columns of a record: its row stays, because something points to it."""
    table, key = parse(ref)
    empty: Row = {}
    for name in sealed_in(table):
        empty |= sealing.Sealed(None if table.c[name].nullable else "").columns(name)
    _update(line, table, key, empty)


def delete(line: Line, ref: str) -> None:
    """Take the row away."""
    table, key = parse(ref)
    line.execute(sql.SQL("DELETE FROM {} WHERE {}").format(_name(table.name), _same(key)), key)


def parse(ref: str) -> tuple[Table, dict[str, int]]:
    """Raises: BadInput."""
    name, *parts = ref.split(":")
    table = next((table for table in sealed_tables() if table.name == name), None)
    if table is None or len(parts) != len(_key(table)) or not all(part.isdecimal() for part in parts):
        tables = ", ".join(table.name for table in sealed_tables())
        raise BadInput(f"{ref!r} is no record; write TABLE:KEY with one of {tables}")
    return table, dict(zip(_key(table), map(int, parts), strict=True))


def texts(line: Line, words: Iterable[str]) -> list[Row]:
    """`record`, `column` and `text` of what people wrote, where one of the words stands; the ledger too."""
    found = []
    for column in _written():
        query = sql.SQL("SELECT {}, {}::text AS told FROM {} WHERE {}::text LIKE ANY(%s)").format(
            _names(_key(column.table)), _name(column.name), _name(column.table.name), _name(column.name)
        )
        rows = line.execute(query, [_patterns(words)]).fetchall()
        found += [{"record": _ref(column.table, row[:-1]), "column": column.name, "text": row[-1]} for row in rows]
    return found


def blank_texts(line: Line, words: Iterable[str]) -> int:
    """Put stars in place of the words in what people wrote, but in the ledger, which nobody changes; in how many texts."""
    given, done = list(words), 0
    for column in _written():
        if column.table.name != LEDGER:
            done += line.execute(_starred(column, len(given)), [*given, _patterns(given)]).rowcount
    return done


def _starred(column: Column[Any], words: int) -> sql.Composed:
    """As text and back, so that it holds for JSON as well."""
    name, kind = _name(column.name), sql.SQL("::jsonb" if isinstance(column.type, JSONB) else "")
    starred = sql.SQL("{}::text").format(name)
    for _ in range(words):
        starred = sql.SQL("replace({}, %s, {})").format(starred, sql.Literal(HIDDEN))
    statement = sql.SQL("UPDATE {} SET {} = ({}){} WHERE {}::text LIKE ANY(%s)")
    return statement.format(_name(column.table.name), name, starred, kind, name)


def _written() -> Sequence[Column[Any]]:
    return [column for column, mark in marked(Base.metadata) if mark.form is Form.TEXT]


def _patterns(words: Iterable[str]) -> list[str]:
    return [f"%{word}%" for word in words]


def _row(line: Line, table: Table, key: dict[str, int]) -> Row:
    query = sql.SQL("SELECT * FROM {} WHERE {}").format(_name(table.name), _same(key))
    with line.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query, key).fetchone()
    if row is None:
        raise NotFound(f"no record {table.name}:{':'.join(map(str, key.values()))}")
    return row


def _update(line: Line, table: Table, key: dict[str, int], changed: Row) -> None:
    told = sql.SQL(", ").join(sql.SQL("{} = {}").format(_name(name), sql.Placeholder(name)) for name in changed)
    line.execute(sql.SQL("UPDATE {} SET {} WHERE {}").format(_name(table.name), told, _same(key)), changed | key)


def _same(key: dict[str, int]) -> sql.Composed:
    return sql.SQL(" AND ").join(sql.SQL("{} = {}").format(_name(name), sql.Placeholder(name)) for name in key)


def _ref(table: Any, key: Iterable[Any]) -> str:
    return ":".join(map(str, (table.name, *key)))


def _key(table: Any) -> list[str]:
    return [column.name for column in table.primary_key]


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(_name, names))


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
