"""Everything about one case: what was told, its clock, its ledger, why it is with its holder, and what may be done now. EPSG:4490.

Names of people are masked, and so are telephone and identity numbers in what people wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection as PsycopgConnection
from sqlalchemy.ext.asyncio import AsyncConnection

from data import actors, calendars, case_rows
from data.case_filters import clock
from data.case_rows import Case
from data.database import Asked, async_driver_connection, read_together, sql
from geo.calendars import Calendar
from geo.callers import Caller
from geo.clock import due_stages
from geo.errors import NotFound
from geo.explaining import explain
from geo.lifecycle import STAGES, Event, Role, State, legal, needs
from geo.limits import parse_stages
from geo.masking import mask_texts

Row = dict[str, Any]
GIVEN = ("lon_given", "lat_given", "datum", "candidates")
PARTS = ("photos", "helpers", "followers", "children", "whistles", "rating", "contact")
BEGINS = (Event.DISPATCH, Event.ASSIGN)
TOLD_OF_EVENTS = ("seq", "at", "event", "from_state", "to_state", "held_minutes", "reason", "lon", "lat", "detail")
PEOPLE = {"photos": ("taken_by",), "helpers": ("helper", "asked_by"), "whistles": ("called_by",)}
"""Members that name somebody, by part."""


async def get_case(
    connection: AsyncConnection, case_id: int, caller: Caller, *, language: str = "zh", has_moved_it: bool = False
) -> bytes:
    """One case for `caller`: its row and all beside it; `why.sentence` in `language`.

    Raises: NotFound, also for a case that he may not see; who just moved it sees it once more.
    """
    driver = await async_driver_connection(connection)
    found, beside = await _read(driver, case_id, caller, has_moved_it=has_moved_it)
    since = min(found["filed_at"], beside["reported_at"])
    asked: list[Asked] = [(sql("case_history"), {"id": case_id, "since": since}), (str(calendars.DAYS), {})]
    events, days = await read_together(driver, asked)
    people = await actors.named(driver, _all_actors(beside, events))
    counted = _clock(found, beside, events, calendars.made_of([tuple(day.values()) for day in days]))
    for_reader = {"why": _why(events, language), "moves": _moves(found, beside, caller)}
    return orjson.dumps(_detail(found, beside, events, people) | {"clock": counted} | for_reader)


async def require(connection: AsyncConnection, case_id: int, caller: Caller) -> None:
    """Raises: NotFound for a case that there is not, or that the caller may not see."""
    await _read(await async_driver_connection(connection), case_id, caller)


async def _read(
    driver: PsycopgConnection[Any], case_id: int, caller: Caller, *, has_moved_it: bool = False
) -> tuple[Case, Row]:
    rows, parts = await read_together(
        driver, (case_rows.ask([case_id], clock()), (sql("case_beside"), {"id": case_id, "actor": caller.actor}))
    )
    found, beside = [case_rows.told(row) for row in rows], next(iter(parts), None)
    if not found or beside is None or not (has_moved_it or _may_see(found[0], beside, caller)):
        raise NotFound(f"no case {case_id}", id=case_id)
    return found[0], beside


def _may_see(case: Case, beside: Row, caller: Caller) -> bool:
    """Whose ground it is, who reported it, has or had it in hand or has a part in it; anybody while he acts for all."""
    community = case["community"] and case["community"]["code"]
    part_in_it = [case["holder"] and case["holder"]["actor"], case["lead"] and case["lead"]["actor"], beside["handler"]]
    helpers = [helper["helper"] for helper in beside["helpers"]]
    called = [call["agency"] for call in _calls(beside)]
    return caller.role is not Role.REPORTER and (
        caller.covers(community) or beside["had_part"] or caller.actor in (*part_in_it, *helpers, *called)
    )


def _calls(beside: Row) -> list[Row]:
    return [call for whistle in beside["whistles"] for call in whistle["calls"] or []]


def _all_actors(beside: Row, events: Sequence[Row]) -> list[str | None]:
    named = [row[member] for part, members in PEOPLE.items() for row in beside[part] for member in members]
    called = [call["agency"] for call in _calls(beside)]
    told = [actor for event in events for actor in (event["actor"], event["held_by"], actors.holder(event))]
    return [*named, *called, *told]


def _detail(case: Case, beside: Row, events: Sequence[Row], people: Mapping[str, actors.Actor]) -> Row:
    parts = {part: _named(mask_texts(beside[part]), PEOPLE.get(part, ()), people) for part in PARTS}
    for whistle in parts["whistles"]:
        whistle["calls"] = _named(whistle["calls"] or [], ("agency",), people)
    given = {name: beside[name] for name in GIVEN} | {"candidates": beside["candidates"] or []}
    return case | given | parts | {"history": [_event(event, people) for event in events]}


def _named(rows: Any, members: Sequence[str], people: Mapping[str, actors.Actor]) -> Any:
    if not members:
        return rows
    return [row | {member: _actor(row[member], people) for member in members} for row in rows]


def _actor(actor: str, people: Mapping[str, actors.Actor]) -> actors.Actor:
    """Whom no table knows, such as the dispatcher, is told by what he calls himself."""
    return people.get(actor) or {"kind": actor.partition(":")[0], "actor": actor, "code": None, "name": None}


def _event(event: Row, people: Mapping[str, actors.Actor]) -> Row:
    told = {name: event[name] for name in TOLD_OF_EVENTS} | {"reason": mask_texts(event["reason"])}
    given_to = actors.holder(event)
    return told | {
        "stage": STAGES[State(event["to_state"])],
        "actor": _actor(event["actor"], people),
        "holder": _actor(given_to, people) if given_to else None,
        "held_by": _actor(event["held_by"], people) if event["held_by"] else None,
    }


def _clock(case: Case, beside: Row, events: Sequence[Row], calendar: Calendar) -> Row:
    """The limit and when it is due; `steps` and `stages` say how that was counted from the dispatch that started the clock."""
    told = {name: beside[name] for name in ("remaining_minutes", "asked_limit")}
    told |= {"limit": beside["time_limit"], "due_at": case["due_at"], "is_provisional": case["is_provisional"]}
    begun = _begun(events)
    if beside["time_limit"] is None or begun is None:
        return told | {"steps": [], "stages": []}
    limits = parse_stages(beside["time_limit"])
    counted = due_stages(begun, limits, calendar)
    stages = [{"limit": str(limit), "due_at": stage.due} for limit, stage in zip(limits, counted, strict=True)]
    return told | {"steps": [step.plain() for step in counted[-1].steps], "stages": stages}


def _begun(events: Sequence[Row]) -> datetime | None:
    """The first dispatch since the case was filed or opened again, from which its clock runs."""
    opened = max((place for place, event in enumerate(events) if event["event"] == Event.REOPEN), default=0)
    return next((event["at"] for event in events[opened:] if event["event"] in BEGINS), None)


def _why(events: Sequence[Row], language: str) -> Row | None:
    last = next((event["explanation"] for event in reversed(events) if event["explanation"]), None)
    return {"sentence": explain(last, language), "explanation": last} if last else None


def _moves(case: Case, beside: Row, caller: Caller) -> list[Row]:
    return legal_moves(
        case,
        caller,
        is_handler=beside["handler"] == caller.actor,
        is_helper=any(one["helper"] == caller.actor and not one["reported_at"] for one in beside["helpers"]),
        is_called=any(call["agency"] == caller.actor and not call["reported_in_at"] for call in _calls(beside)),
    )


def legal_moves(case: Case, caller: Caller, **standing: bool) -> list[Row]:
    """What the caller may do now, and what he has to tell with it. `standing` as for `geo.lifecycle.legal`, but for who has it."""
    is_holder = bool(case["holder"]) and case["holder"]["actor"] == caller.actor
    events = legal(State(case["state"]), caller.role, is_holder=is_holder, **standing)
    return [{"event": event, "needs": needs(event, caller.role)} for event in events]
