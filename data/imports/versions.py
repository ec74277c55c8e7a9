"""Tables whose rows are versions that hold from one day to another: areas, cells, facilities. SQL: data/sql/import_*.sql."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg import sql as compose

from data.database import sql
from data.settings import settings


@dataclass(frozen=True)
class Layer:
    """A table of versions, one level of it, and the name by which its statements go: `import_<name>_compare`."""

    table: str
    kind: str
    """The kind of import that fills it."""
    name: str
    level: str
    columns: tuple[str, ...]
    """What a version holds."""
    ground_digits: int
    """How much of a code is the unit that an edition is the whole layer of."""
    fixed: tuple[str, ...] = ()
    """What a code keeps for good."""
    above: str | None = None
    """The column that names the unit above."""

    def statement(self, name: str, **values: Any) -> compose.Composed:
        """The text of `import_<name>.sql` for this layer, with the plain `values` that it names."""
        return compose.SQL(sql(f"import_{name}")).format(
            table=compose.Identifier(self.table),
            columns=_list(self.columns),
            given=_list(self.columns, "i"),
            fixed=_list(("code", *self.fixed)),
            given_fixed=_list(("code", *self.fixed), "i"),
            above=compose.Identifier(self.above or "code"),
            point=compose.Identifier("v", "point") if "point" in self.columns else compose.SQL("NULL::geometry"),
            of_level=compose.SQL("v.level = {}").format(self.level) if self.table == "area" else compose.SQL("true"),
            zone=compose.Literal(settings().metric_srid),
            **{name: compose.Literal(value) for name, value in values.items()},
        )


def store(
    connection: psycopg.Connection[Any],
    layer: Layer,
    found: Mapping[str, int],
    *,
    day: date,
    turn: date,
    until: date | None,
    is_dating: bool,
) -> None:
    """Store the rows of `incoming` that are new as versions from `day` to `until`, and those that changed from `turn` on.

    `is_dating`: some of them hold since earlier than was known.
    """
    if not (found["stored"] or found["updated"] or is_dating):
        return
    if layer.table != "facility":
        connection.execute(layer.statement(f"{layer.name}_codes"))
    connection.execute(layer.statement("versions_store", day=day, turn=turn, until=until))
    if layer.table == "facility":
        connection.execute(layer.statement("facilities_serves", day=turn))


def close(connection: psycopg.Connection[Any], table: str, ids: list[int], day: date) -> None:
    """End the versions `ids` on `day`."""
    if ids:
        statement = compose.SQL(sql("import_versions_close")).format(
            table=compose.Identifier(table), day=compose.Literal(day), ids=compose.Literal(ids)
        )
        connection.execute(statement)


def _list(names: tuple[str, ...], of: str | None = None) -> compose.Composed:
    parts = [(name,) if of is None else (of, name) for name in names]
    return compose.SQL(", ").join(compose.Identifier(*part) for part in parts)
