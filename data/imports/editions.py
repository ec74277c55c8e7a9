"""Editions: a file that is the whole layer of the ground its codes lie in, from a day on. Days are the city's; metres in its zone.

By its day an edition comes after all that is known of its ground, on the day of the last one (which it amends), or before all of
it (then it holds until the first that is known). Between two editions it would rewrite what was built on since, and is refused.
Rows that were imported without an edition don't say since when they hold: a later import may say it of them, and what it
changes of them or ends changes and ends today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import psycopg

from data.database import sql
from data.days import today
from data.imports import versions
from data.imports.codes import readable
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.tolerances import Tolerances, tolerances
from data.imports.versions import Layer
from geo.errors import BadFile, Conflict

SHOWN = 5
LATER = """
    SELECT EXISTS (SELECT FROM import_run
                   WHERE kind = %(kind)s AND edition > %(day)s AND (report -> 'ground' ?| %(ground)s OR NOT report ? 'ground'))
"""
STANDING = "id bigint, code text, name text, valid_from date, valid_to date"
BOUNDS = """
    SELECT count(*) FILTER (WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)),
           min(valid_from) FILTER (WHERE valid_from > %(day)s AND valid_to IS DISTINCT FROM valid_from),
           bool_or(valid_from > %(day)s OR valid_to > %(day)s)
    FROM standing
"""


@dataclass(frozen=True)
class Edition:
    """From `day` on new units hold; on `turn` others change or end; with what holds on `looked_at` the rows are compared.

    `until` ends what is stored before all that is known.
    """

    day: date
    turn: date
    looked_at: date
    limits: Tolerances
    is_named: bool = False
    until: date | None = None
    is_between: bool = False
    """Later editions were built on what holds on `day`: nothing of it may change."""
    is_catching_up: bool = False
    """Rows without an edition came in between."""
    kept: list[str] = field(default_factory=list)
    """Codes of rows that were refused: they stay as they are."""


class Change(NamedTuple):
    """A row that is new or differs, as import_versions_changes.sql tells it."""

    change: str
    code: str
    name: str
    name_before: str | None
    renamed: bool | None
    moved_m: float | None
    reshaped_m2: float | None
    of_m2: float | None
    has_returned: bool

    @property
    def is_new(self) -> bool:
        return self.change == "stored"

    def unit(self) -> dict[str, Any]:
        return {"code": self.code, "name": self.name}

    def returned(self) -> dict[str, Any]:
        return {"has_returned": True} if self.has_returned else {}

    def shape(self) -> dict[str, Any]:
        return {"reshaped_m2": self.reshaped_m2, "area_before_m2": self.of_m2}


class Gone(NamedTuple):
    """A version that ends: of the layer itself, or below one that does."""

    table: str
    id: int
    code: str
    name: str
    is_below: bool


def begin(connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, options: Options) -> Edition:
    """The day from which the file holds, and how it lies to what is known of its ground."""
    day = options.edition or today()
    edition = Edition(day, day, day, tolerances(connection, today()))
    if options.edition is None:
        return edition
    sheet.ground = _ground(layer, sheet)
    edition = replace(edition, is_named=True, kept=_kept(layer, sheet, options))
    _stand(connection, layer, edition.kept)
    holding, first_later, has_later = _bounds(connection, day)
    if not has_later:
        return edition
    if _has_later_edition(connection, layer, sheet, day):
        if holding or first_later is None:
            return replace(edition, is_between=True)
        return replace(edition, until=first_later, looked_at=first_later)
    turn = max(today(), day)
    return replace(edition, turn=turn, looked_at=turn, is_catching_up=bool(holding))


def _bounds(connection: psycopg.Connection[Any], day: date) -> tuple[int, date | None, bool]:
    """How many versions of the ground hold on `day`, when the first later one begins, and whether anything later is known."""
    row = connection.execute(BOUNDS, {"day": day}).fetchone()
    return (row[0], row[1], bool(row[2])) if row else (0, None, False)


def _has_later_edition(connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, day: date) -> bool:
    told = {"kind": layer.kind, "day": day, "ground": sheet.ground}
    return bool((connection.execute(LATER, told).fetchone() or (False,))[0])


def keep(edition: Edition, layer: Layer, sheet: Sheet, options: Options) -> Edition:
    """The edition once more, with the codes of rows that were refused meanwhile. Raises: BadFile as `begin` does."""
    return replace(edition, kept=_kept(layer, sheet, options)) if edition.is_named else edition


def weigh(connection: psycopg.Connection[Any], layer: Layer, edition: Edition) -> None:
    """Say of each row whether it differs from the version before by more than two deliveries of the same thing do."""
    connection.execute(layer.statement(f"{layer.name}_differences"))
    told = {"moved_m": edition.limits.edition_moved_m, "reshaped_pct": edition.limits.edition_reshaped_pct}
    connection.execute(layer.statement("versions_weigh", day=edition.day, until=edition.until, **told))


def gone(connection: psycopg.Connection[Any], layer: Layer, edition: Edition) -> list[Gone]:
    """Versions that the edition ends: units that it does not name, and what lies in them."""
    if not edition.is_named:
        return []
    told = {"day": edition.turn, "table": layer.table, "kept": edition.kept}
    return [Gone(*row) for row in connection.execute(sql("import_versions_gone"), told)]


def require_order(edition: Edition, found: Mapping[str, int], ends: list[Gone]) -> None:
    """Raises: Conflict if the edition says anything new of a time on which later versions were built."""
    if edition.is_between and (found["stored"] or found["updated"] or ends):
        what = f"{found['stored']} units would be added, {found['updated']} changed, {len(ends)} closed"
        raise Conflict(
            f"--edition {edition.day}: a later edition of this ground is stored, and {what} below it; editions go in by their days",
            edition=str(edition.day),
        )


def tell(connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, edition: Edition, ends: list[Gone]) -> None:
    """Put into `sheet.changes` what the edition adds, ends, renames, moves and reshapes, by code."""
    if not edition.is_named:
        return
    dated = connection.execute("SELECT code FROM incoming WHERE change = 'extended' ORDER BY code").fetchall()
    rows = connection.execute(layer.statement("versions_changes", day=edition.turn)).fetchall()
    changed = [Change(*row) for row in rows]
    sheet.changes = {
        "added": [change.unit() | change.returned() for change in changed if change.is_new],
        "gone": [{"code": end.code, "name": end.name} for end in ends if not end.is_below],
        "renamed": [change.unit() | {"name_before": change.name_before} for change in changed if change.renamed],
        "moved": [change.unit() | {"moved_m": change.moved_m} for change in changed if change.moved_m is not None],
        "reshaped": [change.unit() | change.shape() for change in changed if change.reshaped_m2 is not None],
        "dated": [{"code": row[0]} for row in dated],
        "closed_below": [{"code": end.code, "name": end.name} for end in ends if end.is_below],
        "kept": [{"code": code} for code in edition.kept],
    }


def finish(connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, edition: Edition, ends: list[Gone]) -> None:
    """End what is gone and what looked after it, and note new attributes on what stays."""
    for table in ("area", "cell", "facility"):
        versions.close(connection, table, [end.id for end in ends if end.table == table], edition.turn)
    cells = [end.code for end in ends if end.table == "cell"]
    told = {"codes": cells, "day": edition.turn}
    ended = connection.execute(sql("import_cells_unassign"), told).fetchall() if cells else []
    if ended:
        sheet.changes["unassigned"] = [{"code": row[0]} for row in ended]
    if edition.is_named and not edition.is_between and "attributes" in layer.columns:
        _note(connection, layer)


def _note(connection: psycopg.Connection[Any], layer: Layer) -> None:
    """New attributes go to the versions that stay. A statement that touches no row would count as a change of ground too."""
    news = layer.statement("versions_news")
    if connection.execute(news).fetchone():
        connection.execute(layer.statement("versions_note"))


def _ground(layer: Layer, sheet: Sheet) -> list[str]:
    """How the codes begin of what the edition is the whole layer of; codes of facilities tell none."""
    if layer.table == "facility":
        return []
    return sorted(set(sheet.frame["code"].str.slice(0, layer.ground_digits)))


def _stand(connection: psycopg.Connection[Any], layer: Layer, kept: list[str]) -> None:
    connection.execute("DROP TABLE IF EXISTS pg_temp.standing")
    connection.execute(f"CREATE TEMPORARY TABLE standing ({STANDING}) ON COMMIT DROP")
    told = {"level": layer.level, "digits": layer.ground_digits, "kept": kept}
    connection.execute(sql(f"import_{layer.name}_standing"), told)


def _kept(layer: Layer, sheet: Sheet, options: Options) -> list[str]:
    """The codes of rows that were refused. Raises: BadFile if one can't be told, as its unit would be closed."""
    refused = sheet.rejected()["line"].unique()
    given = sheet.told.reindex(refused)
    codes = readable(given, options, layer.level)
    unknown = codes[codes.isna()].index.tolist()
    if unknown:
        lines = ", ".join(map(str, unknown[:SHOWN])) + (" …" if len(unknown) > SHOWN else "")
        raise BadFile(
            f"--edition closes what the file does not name, but the codes of lines {lines} can't be told: "
            "correct them, or import without --edition",
            lines=unknown[:100],
        )
    return sorted(set(codes))
