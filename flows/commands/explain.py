"""`wangge explain`: why a case is with its holder."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from data.settings import settings
from flows import console

COLUMNS = ("member", "then", "again")


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    case: Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="The number of a case.")],
    replay: Annotated[bool, typer.Option("--replay", help="Decide again with the data of then, and compare.")] = False,
    lang: Annotated[str, typer.Option(help="zh or en; default WANGGE_LANGUAGE.")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Why a case went to whom it was dispatched: cell, rule, roster and calendar of that moment."""
    from data import why
    from data.database import connect

    with connect() as connection:
        told = why.tell(connection, case, lang or settings().language, is_replayed=replay)
    if as_json:
        return console.show(told, as_json=True)
    console.say_result(told["sentence"])
    if told["explanation"]:
        console.show(_brief(told), as_json=False)
    if told["replay"]:
        _tell(told["replay"])
    return None


def _brief(told: dict[str, Any]) -> dict[str, Any]:
    """What decided, in a line each."""
    cell, rule, then = told["cell"], told["rule"], told["explanation"]
    return {
        "decided_at": told["decided_at"],
        "cell": cell and f"{cell['code']} {cell['name']}, version {cell['id']}, {_valid(cell)}",
        "rule": rule and f"{rule['code']}: {rule['handler']}, {rule['time_limit']}, {_valid(rule)}; {rule['basis']}",
        "agencies": _names(then.get("agencies", [])),
        "roster": _names(told["roster"]),
        "open_cases": ", ".join(f"{worker}: {load}" for worker, load in then.get("loads", {}).items()) or None,
        "refused_by": ", ".join(then.get("refused_by", [])) or None,
        "due_at": then["clock"] and then["clock"]["due_at"],
        "calendar": told["calendar"] and told["calendar"]["digest"],
    }


def _names(people: list[dict[str, Any]]) -> str | None:
    """Agencies, or workers with their role and whether they were there."""
    told = (
        one["name"] + (f" ({one['role']}{'' if one['is_on_duty'] else ', away'})" if "role" in one else "")
        for one in people
    )
    return ", ".join(told) or None


def _valid(row: dict[str, Any]) -> str:
    return f"valid from {row['valid_from']}" + (f" to {row['valid_to']}" if row["valid_to"] else "")


def _tell(found: dict[str, Any]) -> None:
    console.say_result(
        "replayed: it agrees" if found["agrees"] else f"replayed: it does NOT agree. {found['sentence']}"
    )
    if found["differences"]:
        differing = found["differences"].items()
        console.show_rows(COLUMNS, [(name, _json(pair["then"]), _json(pair["again"])) for name, pair in differing])
    console.say(f"taken from the record: {', '.join(found['from_record'])}")


def _json(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False)
