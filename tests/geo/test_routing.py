"""Who gets a case: rules, agencies and rosters of every kind, and explanations from which the same decision comes out again."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.book import Book, Known
from geo.calendars import Calendar, parse_hours
from geo.deadlines import Deadlines
from geo.deciding import Decided, Moment, decide
from geo.duty import ROLE_STEPS, SEEN
from geo.explaining import as_of_now, explain
from geo.routing import DUTY_DESK, Decision, raised, replay, told
from geo.rules import LEVELS, SOURCES, Rules, words

CELL, COMMUNITY, STREET, DISTRICT = "110199001001001", "110199001001", "110199001000", "110199000000"
PLACES = {
    "cell": {"cell_id": 7, "cell_code": CELL, "cell_name": '第"一"\\网格'},
    "community": {"community_id": 3, "community_code": COMMUNITY, "community_name": "柳荫社区"},
    "street": {"street_id": 2, "street_code": STREET, "street_name": "柳荫街道", "district_code": DISTRICT},
}
NOWHERE = {name: None for place in PLACES.values() for name in place}
WHOLE = ("cell", "community", "street")
KINDS_OF_PLACE = [WHOLE, ("community", "street"), ("street",), ()]
CATEGORIES = pd.DataFrame({"code": ["E01", "E0101"], "parent_code": [None, "E01"]}, dtype=object)
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 5, 6, 10, tzinfo=ZONE)
LOAD_MAX = 5

known_places = st.sampled_from(KINDS_OF_PLACE)
people = st.builds(
    dict,
    worker_id=st.integers(1, 5),
    name=st.just("张*"),
    role=st.sampled_from(list(ROLE_STEPS)),
    is_on_duty=st.booleans(),
)
rosters = st.lists(people, max_size=6, unique_by=lambda person: (person["worker_id"], person["role"]))
handlers = st.sampled_from(["cell_worker", "station", "committee", "street_team", "department"])
actors = st.sampled_from(
    [*(f"worker:{n}" for n in range(1, 8)), "agency:1", "agency:2", f"desk:{COMMUNITY}", f"desk:{STREET}"]
)
returned = st.fixed_dictionaries(
    {
        "level": st.sampled_from(LEVELS),
        "returns": st.integers(0, 3),
        "refused_by": st.none() | st.lists(actors, min_size=1, max_size=4),
    }
)
loads = st.dictionaries(st.integers(1, 8), st.integers(0, LOAD_MAX + 1))


def rule(handler: str = "cell_worker", **what: Any) -> dict[str, Any]:
    columns = ["category_code", "level", "area_class", "source", "area_code", "area_level", "agency_code"]
    told = {
        "id": 1,
        "code": "some",
        "handler": handler,
        "time_limit": "4wh",
        "basis": "-",
        "valid_from": date(2020, 1, 1),
    }
    return dict.fromkeys(columns) | told | what


def agency(number: int, kind: str, area: str, code: str | None = None) -> dict[str, Any]:
    return {"id": number, "code": code or f"{area}-{kind}", "kind": kind, "name": f"机构{number}", "area_code": area}


def book(
    roster: list[dict],
    *,
    rules: list[dict] | None = None,
    agencies: list[dict] | None = None,
    others: list[int] | None = None,
) -> Book:
    """Of four places: a cell, its community, its street, nowhere."""
    rows = [
        NOWHERE | {name: value for kind in kinds for name, value in PLACES[kind].items()} for kinds in KINDS_OF_PLACE
    ]
    on_duty = {one["worker_id"] for one in roster if one["is_on_duty"]} | set(others or [])
    known = Known.of(
        rules=Rules.of(pd.DataFrame(rules or [rule()], dtype=object), CATEGORIES),
        agencies=pd.DataFrame(agencies or [], columns=["id", "code", "kind", "name", "area_code"], dtype=object),
        roster=pd.DataFrame(roster, columns=SEEN).assign(cell_code=CELL),
        workers=pd.DataFrame(
            [{"community_code": COMMUNITY, "worker_id": number, "name": "李*"} for number in sorted(on_duty)],
            columns=["community_code", "worker_id", "name"],
        ),
        area_classes={COMMUNITY: "old_city"},
        load_max=LOAD_MAX,
        returns_max=2,
    )
    elsewhere = {(row["community_id"], row["street_id"]): place for place, row in enumerate(rows) if place}
    return Book.of_places(pd.DataFrame(rows, dtype=object), known, elsewhere)


def cases(
    count: int = 1, *, level: str = "cell", returns: int = 0, refused_by: list[str] | None = None
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category": words(np.ones(count, dtype=int), CATEGORIES["code"]),
            "level": words(np.full(count, LEVELS.index(level)), LEVELS),
            "source": words(np.zeros(count, dtype=int), SOURCES),
            "returns": returns,
            "refused_by": pd.Series([refused_by] * count, dtype=object),
            "due_at": pd.Series([None] * count, dtype=object),
            "x": 116.25,
            "y": 39.5,
        }
    )


def located(*kinds: tuple[str, ...], candidates: str = "[]") -> pd.DataFrame:
    at = [KINDS_OF_PLACE.index(one) for one in kinds]
    rows = [NOWHERE | {name: value for kind in one for name, value in PLACES[kind].items()} for one in kinds]
    lies = [{"located": "inside" if "cell" in one else "none", "candidates": candidates} for one in kinds]
    frame = pd.DataFrame(
        [row | lie for row, lie in zip(rows, lies, strict=True)], columns=[*NOWHERE, "located", "candidates"]
    )
    return frame.astype(object).where(frame.notna(), None).assign(cell=np.where(np.array(at, dtype=int) == 0, 0, -1))


def moment(counted: dict[int, int] | None = None) -> Moment:
    calendar = Calendar(parse_hours("09:00-12:00,13:00-18:00"), ZONE)
    return Moment(
        lambda workers: {one: n for one, n in (counted or {}).items() if one in workers}, Deadlines(START, calendar)
    )


def explanations(decided: Decided) -> list[dict[str, Any]]:
    return [json.loads(text) for text in decided.rows["explanation"]]


def holders(decided: Decided) -> list[Decision]:
    rows = decided.rows[list(Decision._fields)].to_dict("records")
    return [Decision(**row) for row in rows]


def only(
    roster: list[dict], place: tuple[str, ...] = WHOLE, counted: dict[int, int] | None = None, **case: Any
) -> Decision:
    knowledge = {name: case.pop(name) for name in ("rules", "agencies", "others") if name in case}
    decided = decide(cases(**case), located(place), book(roster, **knowledge), moment(counted))
    (explanation,) = explanations(decided)
    (found,) = holders(decided)
    assert told(explanation) == found
    assert replay(explanation) == found
    return found


def person(worker_id: int, role: str, *, is_on_duty: bool = True) -> dict:
    return {"worker_id": worker_id, "name": "张*", "role": role, "is_on_duty": is_on_duty}


def worker(step: str, worker_id: int) -> Decision:
    return Decision(step, worker_id=worker_id)


def desk(step: str, code: str) -> Decision:
    return Decision(step, desk_code=code)


@given(known_places, rosters, handlers, returned, loads)
@settings(max_examples=100)
def test_everybody_gets_exactly_one_holder_and_nobody_who_is_away_or_full_or_returned_it(
    place: tuple[str, ...], roster: list[dict], handler: str, case: dict[str, Any], counted: dict[int, int]
) -> None:
    level, returns, refused = case["level"], case["returns"], case["refused_by"] or []
    acting = [agency(1, "station", COMMUNITY), agency(2, "department", DISTRICT)]
    known = {"rules": [rule(handler)], "agencies": acting, "others": [6, 7]}
    found = only(roster, place, counted, **case, **known)
    assert sum(one is not None for one in found[1:]) == 1
    assert found.actor not in refused or found.desk_code == DUTY_DESK
    if found.worker_id is not None:
        on_duty = {one["worker_id"] for one in roster if one["is_on_duty"]} | {6, 7}
        assert found.worker_id in on_duty and "cell" in place and counted.get(found.worker_id, 0) < LOAD_MAX
        assert raised(level, returns, 2) == "cell"
    if found.desk_code is not None and found.desk_code != DUTY_DESK:
        asked = {COMMUNITY: "community", STREET: "street", DISTRICT: "district"}[found.desk_code]
        assert LEVELS.index(asked) >= LEVELS.index(raised(level, returns, 2))


@given(known_places, rosters, handlers, st.sampled_from(["4wh", "2h", "4wh/7wd/20wd", "no limit", None]))
@settings(max_examples=60)
def test_every_explanation_reads_as_a_sentence(
    place: tuple[str, ...], roster: list[dict], handler: str, limit: str | None
) -> None:
    rules = [rule(handler, time_limit=limit)]
    candidates = f'[{{"code": "{CELL[:-1]}2", "distance_m": 12.5}}]'
    known = book(roster, rules=rules, agencies=[agency(1, "station", COMMUNITY)], others=[6])
    for case in (cases(), cases(level="street", refused_by=["worker:1", "agency:1"])):
        (explanation,) = explanations(decide(case, located(place, candidates=candidates), known, moment()))
        assert all("{" not in explain(explanation, language) for language in ("zh", "en"))


def test_the_head_is_asked_first_then_workers_then_substitutes() -> None:
    everybody = [person(3, "substitute"), person(2, "worker"), person(9, "head")]
    assert only(everybody) == worker("cell_head", 9)
    assert only(everybody[:2]) == worker("cell_worker", 2)
    assert only(everybody[:1]) == worker("cell_substitute", 3)


def test_a_head_on_leave_is_passed_over() -> None:
    assert only([person(1, "head", is_on_duty=False), person(2, "substitute")]) == worker("cell_substitute", 2)


def test_with_nobody_of_the_cell_the_one_with_the_fewest_cases_of_the_community_takes_it() -> None:
    away = [person(1, "head", is_on_duty=False)]
    assert only(away, others=[6, 7, 8], counted={6: 3, 7: 1, 8: 1}) == worker("community_worker", 7)


def test_who_has_too_much_is_passed_over_and_when_all_have_the_desk_takes_it() -> None:
    both = [person(1, "head"), person(2, "substitute")]
    assert only(both, counted={1: LOAD_MAX}) == worker("cell_substitute", 2)
    full = {1: LOAD_MAX, 2: LOAD_MAX + 1, 6: LOAD_MAX}
    assert only(both, counted=full, others=[6]) == desk("community_desk", COMMUNITY)


def test_many_cases_of_one_batch_count_as_what_somebody_has() -> None:
    known = book([person(1, "head"), person(2, "substitute")], others=[6])
    decided = decide(cases(3 * LOAD_MAX), located(*[WHOLE] * 3 * LOAD_MAX), known, moment({1: 2, 6: 4}))
    steps = [(found.step, found.worker_id or found.desk_code) for found in holders(decided)]
    assert steps[: LOAD_MAX - 2] == [("cell_head", 1)] * (LOAD_MAX - 2)
    assert steps.count(("cell_substitute", 2)) == LOAD_MAX
    assert steps.count(("community_worker", 6)) == 1
    assert set(steps[2 * LOAD_MAX - 1 :]) == {("community_desk", COMMUNITY)}
    assert all(replay(explanation) == told(explanation) for explanation in explanations(decided))


def test_who_returned_it_is_passed_over() -> None:
    everybody = [person(9, "head"), person(2, "worker")]
    assert only(everybody, refused_by=["worker:9"], returns=1) == worker("cell_worker", 2)
    station = {"rules": [rule("station")], "agencies": [agency(1, "station", COMMUNITY)]}
    assert only(everybody, **station) == Decision("station", agency_id=1)
    assert only(everybody, refused_by=["agency:1"], returns=1, **station) == worker("cell_head", 9)


def test_after_two_returns_it_goes_up_a_level() -> None:
    everybody = [person(9, "head"), person(2, "worker")]
    returned = {"returns": 2, "refused_by": ["worker:9", "worker:5"]}
    assert only(everybody, **returned) == desk("community_desk", COMMUNITY)
    assert only(everybody, level="community", **returned) == desk("street_desk", STREET)
    assert only(everybody, level="district", **returned) == desk("district_desk", DISTRICT)


def test_a_case_that_came_up_follows_the_rule_of_its_level() -> None:
    rules = [rule(), rule("street_team", id=2, code="up", level="street")]
    team = {"rules": rules, "agencies": [agency(4, "street_team", STREET)]}
    assert only([person(1, "head")], **team) == worker("cell_head", 1)
    assert only([person(1, "head")], level="street", **team) == Decision("street_team", agency_id=4)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (WHOLE, desk("community_desk", COMMUNITY)),
        (("community", "street"), desk("community_desk", COMMUNITY)),
        (("street",), desk("street_desk", STREET)),
        ((), desk("duty_desk", DUTY_DESK)),
    ],
)
def test_with_nobody_on_duty_the_nearest_desk_takes_it(place: tuple[str, ...], found: Decision) -> None:
    assert only([person(1, "head", is_on_duty=False)], place) == found


@pytest.mark.parametrize(
    ("wanted", "chosen"), [(None, 2), ("water", 3), ("110199-water", 3), ("110198-water", 4), ("gas", None)]
)
def test_a_rule_names_an_agency_or_takes_that_of_the_place(wanted: str | None, chosen: int | None) -> None:
    acting = [
        agency(1, "station", COMMUNITY, "s"),
        agency(2, "department", DISTRICT, "110199-civil"),
        agency(3, "department", DISTRICT, "110199-water"),
        agency(4, "department", "110198000000", "110198-water"),
    ]
    found = only([person(1, "head")], rules=[rule("department", agency_code=wanted)], agencies=acting)
    assert found == (worker("cell_head", 1) if chosen is None else Decision("department", agency_id=chosen))


def test_many_cases_are_decided_each_by_its_own_place() -> None:
    decided = decide(cases(4), located(WHOLE, (), ("street",), WHOLE), book([person(1, "head")]), moment())
    assert list(decided.rows["step"]) == ["cell_head", "duty_desk", "street_desk", "cell_head"]


def test_no_case_at_all_gives_an_empty_table() -> None:
    decided = decide(cases(0), located(), book([]), moment())
    assert decided.rows.empty and decided.clocks.empty


def test_a_clock_starts_with_the_rule_and_one_that_runs_is_kept() -> None:
    running = cases(2).assign(due_at=pd.Series([None, "2026-05-04T01:00:00+00:00"], dtype=object))
    decided = decide(running, located(WHOLE, WHOLE), book([person(1, "head")]), moment())
    assert decided.clocks.to_dict("records") == [
        {"time_limit": "4wh", "due_at": START.replace(hour=15), "is_provisional": True}
    ]
    new, kept = (explanation["clock"] for explanation in explanations(decided))
    assert (new["due_at"], new["is_provisional"]) == ("2026-05-06T15:00:00+08:00", True)
    assert kept == {"due_at": "2026-05-04T01:00:00+00:00", "is_kept": True}


def test_a_limit_that_nobody_can_read_stops_no_dispatch() -> None:
    decided = decide(cases(), located(WHOLE), book([person(1, "head")], rules=[rule(time_limit="soon")]), moment())
    assert holders(decided) == [worker("cell_head", 1)]
    assert decided.clocks["due_at"].tolist() == [None]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "zh",
            '位于第"一"\\网格（110199001001001）内，规则“some”要求由网格员处理，张*不在班，由当班网格员张*处理，'
            "限4个工作时，暂定2026-05-06 15:00到期（当年日历未载入）。",
        ),
        (
            "en",
            'It lies in 第"一"\\网格 (110199001001001); rule “some” asks for a grid worker; 张* is off duty; its worker 张* is on '
            "duty; it has 4 working hours, for the time being until 2026-05-06 15:00, for the calendar of that year is not loaded.",
        ),
    ],
)
def test_an_explanation_reads_as_a_sentence(language: str, sentence: str) -> None:
    known = book([person(9, "head", is_on_duty=False), person(2, "worker")])
    (explanation,) = explanations(decide(cases(), located(WHOLE), known, moment()))
    assert explain(explanation, language) == sentence


def test_an_explanation_from_before_the_rules_is_still_read_aloud_and_decided_again() -> None:
    roster = [
        {"worker_id": 4, "name": "李*", "role": "head", "is_on_duty": False},
        {"worker_id": 7, "name": "张*", "role": "substitute", "is_on_duty": True},
    ]
    desks = [{"level": "community", "code": "110199001001", "name": "柳荫社区"}]
    old = {"located": "inside", "candidates": [], "cell": {"id": 1, "code": "110199001001003", "name": "第三网格"}}
    old |= {"roster": roster, "desks": desks, "rule": "cell_substitute", "worker_id": 7, "desk_code": None}
    for language, name in (("zh", "张*"), ("en", "张*")):
        assert name in explain(old, language)
    assert replay(as_of_now(old)) == Decision("cell_substitute", 7)
    none = old | {"roster": [], "rule": "community_desk", "worker_id": None, "desk_code": "110199001001"}
    assert "柳荫社区" in explain(none, "zh")
