"""From staged rows to versions: compared with what holds on the day, judged, stored. Days are the city's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import psycopg

from data.imports import editions, examining, findings, versions
from data.imports.editions import Edition
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.staging import changes
from data.imports.versions import Layer


def settle(connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, options: Options) -> Mapping[str, int]:
    """Store what is new in `incoming`, or the whole edition that it is; how many rows are stored, updated, unchanged.

    Raises: Conflict for an edition that would rewrite what holds since; BadFile for one with rows of no code.
    """
    edition = editions.begin(connection, layer, sheet, options)
    if edition.is_catching_up and _is_known(connection, layer, edition):
        edition = replace(edition, turn=edition.day, looked_at=edition.day)
    connection.execute(layer.statement(f"{layer.name}_compare", day=edition.looked_at))
    _refuse_ended(connection, layer, sheet, edition)
    if edition.is_named:
        editions.weigh(connection, layer, edition)
    examining.examine(connection, layer, sheet, edition, editions.gone(connection, layer, edition))
    edition = editions.keep(edition, layer, sheet, options)
    gone = editions.gone(connection, layer, edition)
    found = changes(connection)
    editions.require_order(edition, found, gone)
    editions.tell(connection, layer, sheet, edition, gone)
    examining.tell_of_edition(connection, sheet, edition, gone)
    versions.store(
        connection,
        layer,
        found,
        day=edition.day,
        turn=edition.turn,
        until=edition.until,
        is_dating=bool(sheet.changes.get("dated")),
    )
    editions.finish(connection, layer, sheet, edition, gone)
    return found


def _is_known(connection: psycopg.Connection[Any], layer: Layer, edition: Edition) -> bool:
    """Whether the layer was on the edition's day just what the file says; looked up and taken back."""
    then = replace(edition, turn=edition.day, looked_at=edition.day)
    with connection.transaction(force_rollback=True):
        connection.execute(layer.statement(f"{layer.name}_compare", day=edition.day))
        editions.weigh(connection, layer, then)
        found = changes(connection)
        return not (found["stored"] or found["updated"] or editions.gone(connection, layer, then))


def _refuse_ended(connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, edition: Edition) -> None:
    """Codes are never given out again, and nothing new begins in a unit that has ended; only an edition brings a code back."""
    ended = connection.execute(layer.statement("versions_ended", day=edition.turn)).fetchall()
    texts = ((*told, f"ended on {day}: this file is of an older state") for *told, day in ended)
    wrong = [row for row in texts if not (edition.is_named and row[1] == "code")]
    found = pd.DataFrame(wrong, columns=["line", "field", "value", "text"])
    findings.add(sheet, "code_ended", found, connection)
