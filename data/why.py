"""Why a case is with its holder: the decision of its last dispatch, by what it was taken, and whether it comes out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from data import calendars, replaying, scope
from data.database import sql
from geo.errors import NotFound
from geo.explaining import as_of_now, explain, not_told

Told = dict[str, Any]
NOTHING = dict.fromkeys(("explanation", "decided_at", "cell", "rule", "roster", "calendar", "replay"))


def tell(connection: Connection[Any], case_id: int, language: str, *, is_replayed: bool = False) -> Told:
    """`sentence`, `explanation`, `decided_at`, `cell` and `rule` with their validity, `roster`, `calendar`, and `replay`.

    All but the sentence are null while a case was not dispatched, and when nobody kept why. It is decided again by all that
    was decided by then, also by what the caller does not see. Raises: NotFound.
    """
    case = read(connection, case_id)
    if case["explanation"] is None:
        return {"sentence": not_told(language, is_dispatched=case["at"] is not None)} | NOTHING
    scope.lift_sync(connection)
    told = _why(connection, case, language)
    return told | {"replay": _replay(connection, case, language) if is_replayed else None}


def read(connection: Connection[Any], case_id: int) -> Mapping[str, Any]:
    """The row of data/sql/case_as_it_was.sql. Raises: NotFound."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(sql("case_as_it_was"), {"id": case_id}).fetchone()
    if found is None:
        raise NotFound(f"no case {case_id}", id=case_id)
    return found | {"explanation": found["explanation"] and as_of_now(found["explanation"])}


def _why(connection: Connection[Any], case: Mapping[str, Any], language: str) -> Told:
    then = case["explanation"]
    cell, rule, clock = then["cell"], then["rule"], then["clock"] or {}
    asked = {"cell_id": cell and cell["id"], "rule_id": rule and rule["id"]}
    dates = connection.execute(sql("versions_of"), asked).fetchone() or (None,) * 4
    digest = calendars.read(connection).digest
    return {
        "sentence": explain(then, language),
        "explanation": then,
        "decided_at": case["at"],
        "cell": cell and cell | {"valid_from": dates[0], "valid_to": dates[1]},
        "rule": rule and rule | {"valid_from": dates[2], "valid_to": dates[3]},
        "roster": then.get("roster", []),
        "calendar": {"digest": clock["calendar"], "is_current": clock["calendar"] == digest}
        if "calendar" in clock
        else None,
    }


def _replay(connection: Connection[Any], case: Mapping[str, Any], language: str) -> Told:
    found = replaying.replay(connection, case)
    again = found.pop("explanation")
    return found | {"decision": again, "sentence": explain(again, language)}
