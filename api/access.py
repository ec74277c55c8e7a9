"""Who may call what: api/access.csv, a row per route and a column per office. A route without a row refuses everybody.

`-`: no business there. `own`: what is his, as the database shows it (docs/access.md). `all`: the same to everybody.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request

from api.caller import ACTOR, caller, session
from api.errors import bad_field
from api.lines import LineDep
from geo.errors import Forbidden, Unauthenticated
from geo.offices import Office

FILE = Path(__file__).with_name("access.csv")
REFUSED, OWN, ALL = "-", "own", "all"
Row = Mapping[Office, str]


@cache
def table() -> dict[tuple[str, str], Row]:
    """What each office may do by method and path of a route."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["method"], row["path"]): {office: row[office] for office in Office} for row in csv.DictReader(file)
        }


async def admit(request: Request, line: LineDep) -> None:
    """Pass who has business at this route. Raises: Unauthenticated where he may have it once he has signed in; Forbidden."""
    row = table().get((_method(request), str(request.scope["route"].path)), {})
    if row and REFUSED not in row.values():
        return
    given = request.headers.get("x-wangge-actor")
    if given and not re.fullmatch(ACTOR, given):
        raise bad_field("X-Wangge-Actor", given, "is nobody's name")
    me = await caller(request, await session(request, line, given), given)
    if row.get(me.office, REFUSED) != REFUSED or (me.account and _is_for_all_who_signed_in(row)):
        return
    if me.account is None:
        raise Unauthenticated("sign in first")
    raise Forbidden(f"{me.actor} has no business here", actor=me.actor, office=str(me.office))


def _is_for_all_who_signed_in(row: Row) -> bool:
    """Where somebody has business, too, who signed in and was granted nothing: his own account."""
    return bool(row) and all(word != REFUSED for office, word in row.items() if office is not Office.PUBLIC)


def _method(request: Request) -> str:
    """What may be read may be asked about."""
    return "GET" if request.method == "HEAD" else request.method
