"""Which cases somebody wants to see, and which of them he may: one selection for lists, counts, maps, charts and bulk moves.

`Wanted` is what was asked; `narrow` makes a `Filter` of it: conditions over `c` (case_file) and `i` (incident) with psycopg's
named parameters. EPSG:4490.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg import AsyncConnection as PsycopgConnection
from psycopg.rows import dict_row

from data import actors
from data.case_search import CATEGORY, Branch, search
from data.database import sql
from data.days import today
from data.geojson import Bbox
from data.models import SRID
from geo.callers import UNIT_DIGITS, Caller
from geo.lifecycle import DONE, OPEN, STAGES, Role, Stage, State
from geo.sight import Sight

IS_OPEN: LiteralString = "c.state NOT IN ('closed', 'evaluated')"
IS_DONE: LiteralString = "c.state IN ('closed', 'evaluated')"
BEGUN: LiteralString = "coalesce(c.dispatched_at, c.filed_at)"
SOON_SHARE: LiteralString = """(SELECT value FROM parameter WHERE name = 'due_soon_share'
    AND daterange(valid_from, valid_to) @> %(today)s::date)::float8"""
TIME_LEFT: LiteralString = f"case_time_left(c.state, {BEGUN}, c.due_at, %(now)s::timestamptz, {SOON_SHARE})"
ON_THE_CLOCK = frozenset({"late", "soon", "ok"})
TIMES_LEFT = ("late", "soon", "ok", "none", "stopped")
HOLDERS: dict[str, LiteralString] = {"worker": "worker_id", "desk": "desk_code", "agency": "agency_id"}

CONDITIONS: dict[str, LiteralString] = {
    "since": "c.filed_at >= %(since)s::timestamptz",
    "until": "c.filed_at < %(until)s::timestamptz",
    "ids": "c.id = ANY(%(ids)s::bigint[])",
    "parent": "c.parent_id = %(parent)s::bigint",
    "level": "c.level = ANY(%(level)s::text[])",
    "source": "(SELECT told.source FROM incident AS told WHERE told.id = c.id) = ANY(%(source)s::text[])",
    "polygon": f"ST_Covers(ST_SetSRID(ST_GeomFromWKB(%(polygon)s), {SRID}), i.geom)",
}
"""Those that need to know nothing but the value."""


@dataclass(frozen=True)
class Wanted:
    """Which cases; empty or null means any, several values of one member mean any of them. `until` is excluded."""

    stage: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    """Codes of areas of any level."""
    cell: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    """A major category includes its minor ones."""
    source: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()
    """`worker:<id>`, `desk:<code>`, `agency:<id>`: who has it in hand, so only open cases."""
    late: tuple[str, ...] = ()
    """Of `TIMES_LEFT`: only open cases."""
    level: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    bbox: Bbox | None = None
    polygon: bytes | None = None
    """WKB of a polygon or multipolygon in EPSG:4490."""
    ids: tuple[int, ...] = ()
    parent: int | None = None
    q: str = ""
    """Words, each of them in the description or the name of what the case has to do with."""


@dataclass(frozen=True)
class Filter:
    """Conditions to be joined by AND; `states` that can come up under them; `branches` of conditions of which one has to hold."""

    conditions: tuple[LiteralString, ...]
    parameters: dict[str, Any]
    states: frozenset[State]
    branches: Sequence[Branch] = ((),)
    among_open: tuple[LiteralString, ...] = ()
    """Conditions that follow from the others and by which an index of open cases serves."""

    def rows(self, columns: LiteralString, *more: LiteralString, tail: LiteralString = "") -> LiteralString:
        """SELECT of `columns`, of which `c.id` has to be one, under the conditions and `more`; each case once.

        Branches stand beside each other, so that each goes along an index of its own; `tail` (an order with a limit) is
        said in each of them, for the first of all are among the first of each.
        """
        written = [self._select(columns, (*more, *branch), tail) for branch in self.branches]
        return written[0] if len(written) == 1 else " UNION ".join(f"({one})" for one in written)

    def _select(self, columns: LiteralString, more: Branch, tail: LiteralString) -> LiteralString:
        """`incident` is joined where something looks at it."""
        conditions = [*filter(None, more), *self.conditions, *(self.among_open if IS_OPEN in more else ())]
        looks: LiteralString = " ".join((columns, tail, *conditions))
        joined: LiteralString = " JOIN incident AS i ON i.id = c.id" if "i." in looks else ""
        return f"SELECT {columns} FROM case_file AS c{joined} WHERE {' AND '.join(conditions) or 'true'} {tail}"  # noqa: S608

    def can_be(self, states: frozenset[State]) -> bool:
        return bool(self.states & states)


async def narrow(driver: PsycopgConnection[Any], wanted: Wanted, caller: Caller, sight: Sight | None = None) -> Filter:
    """The cases of `wanted` that `caller` may see; without `sight`, what entering told of his ground is asked for.

    The parameters `now` and `today` are always among those of the filter, for `TIME_LEFT`.
    """
    ground = await _ground(driver, wanted, caller, sight)
    simple = {name: value for name, value in vars(wanted).items() if name in CONDITIONS and value not in ((), None)}
    parameters = {name: list(value) if isinstance(value, tuple) else value for name, value in simple.items()}
    parameters |= clock()
    conditions = [CONDITIONS[name] for name in simple]
    for built, values in (_time_left(wanted), _states(wanted), _places(wanted, ground), _category(wanted, ground)):
        conditions += built
        parameters |= values
    for built, values in (_bbox(wanted), _holders(wanted), _scope(caller, wanted, ground)):
        conditions += built
        parameters |= values
    branches, words = await search(driver, wanted.q)
    among_open = ("c.community_id = ANY(%(cell_community_ids)s::bigint[])",) if wanted.cell else ()
    return Filter(tuple(conditions), parameters | words, _possible(wanted), branches, among_open)


def clock() -> dict[str, Any]:
    """The moment by which the time that is left is judged, and the day by whose parameters."""
    return {"now": datetime.now(UTC), "today": today()}


Built = tuple[list[LiteralString], dict[str, Any]]
NOTHING: Built = ([], {})


async def _ground(
    driver: PsycopgConnection[Any], wanted: Wanted, caller: Caller, sight: Sight | None
) -> Mapping[str, Any]:
    """What the codes mean; nothing is asked where there are none, or where it is known."""
    if not (wanted.area or wanted.cell or wanted.category):
        if not caller.scope:
            return {}
        if sight and sight.areas:
            return _known(caller, sight)
    asked = {name: list(values) or None for name, values in (
        ("areas", wanted.area), ("cells", wanted.cell), ("categories", wanted.category))}  # fmt: skip
    async with driver.cursor(row_factory=dict_row) as cursor:
        given = asked | {"scope": caller.scope or None}
        await cursor.execute(sql("case_context"), given, prepare=True)
        row = await cursor.fetchone()
    assert row is not None  # the statement always gives one row
    return row


def _known(caller: Caller, sight: Sight) -> dict[str, Any]:
    """The ground of the caller as `case_context.sql` would tell it: communities below a community, else streets."""
    areas: dict[str, list[int]] = {"scope_street_ids": [], "scope_community_ids": []}
    is_community = len(caller.scope) == UNIT_DIGITS["community"]
    areas["scope_community_ids" if is_community else "scope_street_ids"] = sorted(sight.areas)
    return areas


def _possible(wanted: Wanted) -> frozenset[State]:
    """The states that the cases asked for can be in."""
    stages, states = {Stage(name) for name in wanted.stage}, {State(name) for name in wanted.state}
    found = {state for state in State if (not stages or STAGES[state] in stages) and (not states or state in states)}
    if wanted.holder:
        found &= OPEN
    if wanted.late:
        found &= ({State.SUSPENDED} if "stopped" in wanted.late else set()) | (
            OPEN - {State.SUSPENDED} if set(wanted.late) - {"stopped"} else set()
        )
    return frozenset(found)


def _states(wanted: Wanted) -> Built:
    """The open ones are named as the indexes name them."""
    possible = _possible(wanted)
    if possible == frozenset(State):
        return NOTHING
    if possible == OPEN - {State.SUSPENDED}:
        return ["c.state <> 'suspended'", IS_OPEN], {}
    named: list[LiteralString] = (
        ["c.state = ANY(%(states)s::text[])"] if possible not in (OPEN, frozenset(DONE)) else []
    )
    if possible <= OPEN:
        named.append(IS_OPEN)
    elif possible <= frozenset(DONE):
        named.append(IS_DONE)
    return named, {"states": sorted(possible)}


def _time_left(wanted: Wanted) -> Built:
    """Late alone is a bound that an index knows; suspended cases are left out by their state."""
    asked = set(wanted.late)
    if not asked:
        return NOTHING
    if asked == {"late"}:
        return ["c.due_at < %(now)s::timestamptz"], {}
    has_clock: list[LiteralString] = ["c.due_at IS NOT NULL"] if asked <= ON_THE_CLOCK else []
    return [f"{TIME_LEFT} = ANY(%(late)s::text[])", *has_clock], {"late": list(wanted.late)}


def _places(wanted: Wanted, ground: Mapping[str, Any]) -> Built:
    conditions: list[LiteralString] = []
    if wanted.area and not ground["covers_all"]:
        conditions.append(_ground_of(ground))
    if wanted.cell:
        conditions.append(_among("c.cell_id", "cell_ids", ground["cell_ids"]))
    names = ("street_ids", "community_ids", "cell_ids", "cell_community_ids")
    return conditions, {name: ground[name] for name in names if name in ground}


def _ground_of(ground: Mapping[str, Any], prefix: LiteralString = "") -> LiteralString:
    """In one of the streets or communities that were found; in none, if none were."""
    columns: dict[LiteralString, LiteralString] = {"street_ids": "c.street_id", "community_ids": "c.community_id"}
    names = {f"{prefix}{name}": column for name, column in columns.items()}
    told = [_among(column, name, ground[name]) for name, column in names.items() if ground[name]]
    return f"({' OR '.join(told)})" if told else "false"


def _among(column: LiteralString, name: LiteralString, ids: Sequence[int]) -> LiteralString:
    """One id alone, because only then an index goes on in its order."""
    return f"{column} = (%({name})s::bigint[])[1]" if len(ids) == 1 else f"{column} = ANY(%({name})s::bigint[])"


def _category(wanted: Wanted, ground: Mapping[str, Any]) -> Built:
    if not wanted.category:
        return NOTHING
    named: LiteralString = f"{CATEGORY} = ANY(%(category_codes)s::text[])"
    return [named], {"category_codes": ground["category_codes"]}


def _bbox(wanted: Wanted) -> Built:
    if wanted.bbox is None:
        return NOTHING
    box: LiteralString = f"ST_MakeEnvelope(%(min_lon)s, %(min_lat)s, %(max_lon)s, %(max_lat)s, {SRID})"
    return [f"ST_Intersects(i.geom, {box})"], vars(wanted.bbox)


def _holders(wanted: Wanted) -> Built:
    if not wanted.holder:
        return NOTHING
    keys = actors.keys(wanted.holder)
    told: list[LiteralString] = [
        f"c.{column} = ANY(%(holder_{kind})s)" for kind, column in HOLDERS.items() if keys[kind]
    ]
    return [f"({' OR '.join(told)})"], {f"holder_{kind}": values for kind, values in keys.items()}


def _scope(caller: Caller, wanted: Wanted, ground: Mapping[str, Any]) -> Built:
    """His ground, and what he has in hand wherever it lies. A reporter sees no lists.

    Areas and cells of his ground say it already; said twice, the planner would take it for twice as rare.
    """
    if caller.role is Role.REPORTER:
        return ["false"], {}
    if not caller.scope or any(
        codes and all(code.startswith(caller.scope) for code in codes) for codes in (wanted.area, wanted.cell)
    ):
        return NOTHING
    kind, _, _ = caller.actor.partition(":")
    owned = _ground_of(ground, "scope_")
    held: LiteralString = f"c.{HOLDERS[kind]} = %(caller_key)s"
    given = {name: ground[name] for name in ("scope_street_ids", "scope_community_ids")}
    return [f"({owned} OR {held})"], given | {"caller_key": actors.keys([caller.actor])[kind][0]}
