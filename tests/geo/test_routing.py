"""Who gets a case: rosters of every kind, and explanations from which the same decision comes out again."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.explaining import explain
from geo.routing import DUTY_DESK, ROLE_RULES, SEEN, Decision, decide, draw_up, replay

CELL, COMMUNITY, STREET, DISTRICT = "110199001001001", "110199001001", "110199001000", "110199000000"
PLACES = {
    "cell": {"cell_id": 7, "cell_code": CELL, "cell_name": '第"一"\\网格'},
    "community": {"community_id": 3, "community_code": COMMUNITY, "community_name": "柳荫社区"},
    "street": {"street_id": 2, "street_code": STREET, "street_name": "柳荫街道", "district_code": DISTRICT},
}
NOWHERE = {name: None for place in PLACES.values() for name in place}
known_places = st.sampled_from([("cell", "community", "street"), ("community", "street"), ("street",), ()])
people = st.builds(
    dict,
    worker_id=st.integers(1, 5),
    name=st.just("张*"),
    role=st.sampled_from(list(ROLE_RULES)),
    is_on_duty=st.booleans(),
)
rosters = st.lists(people, max_size=6, unique_by=lambda person: (person["worker_id"], person["role"]))


def table(known: tuple[str, ...], located: str = "inside", candidates: str = "[]") -> pd.DataFrame:
    place = {name: value for kind in known for name, value in PLACES[kind].items()}
    found = located if "cell" in known else "none"
    return pd.DataFrame([NOWHERE | place | {"located": found, "candidates": candidates}], dtype=object)


def duty(roster: list[dict]) -> pd.DataFrame:
    return draw_up(pd.DataFrame(roster, columns=SEEN).assign(cell_code=CELL))


def only(roster: list[dict], known: tuple[str, ...] = ("cell", "community", "street")) -> Decision:
    row = decide(table(known), duty(roster)).iloc[0]
    return Decision(row["rule"], row["worker_id"], row["desk_code"])


def person(worker_id: int, role: str, *, is_on_duty: bool = True) -> dict:
    return {"worker_id": worker_id, "name": "张*", "role": role, "is_on_duty": is_on_duty}


@given(known_places, rosters)
@settings(deadline=None, max_examples=60)
def test_everybody_gets_exactly_one_holder_and_nobody_off_duty(known: tuple[str, ...], roster: list[dict]) -> None:
    decision = only(roster, known)
    assert (decision.worker_id is None) != (decision.desk_code is None)
    on_duty = {one["worker_id"] for one in roster if one["is_on_duty"]}
    assert decision.worker_id is None or decision.worker_id in on_duty
    assert (decision.worker_id is not None) == bool("cell" in known and on_duty)


@given(known_places, rosters, st.sampled_from(["inside", "border", "gap"]))
@settings(deadline=None, max_examples=60)
def test_the_same_decision_comes_out_of_its_explanation(
    known: tuple[str, ...], roster: list[dict], located: str
) -> None:
    candidates = f'[{{"code": "{CELL[:-1]}2", "distance_m": 12.5}}]'
    row = decide(table(known, located, candidates), duty(roster)).iloc[0]
    explanation = json.loads(row["explanation"])
    assert replay(explanation) == (row["rule"], row["worker_id"], row["desk_code"])
    assert all(explain(explanation, language) for language in ("zh", "en"))


def test_the_head_is_asked_first_then_workers_then_substitutes() -> None:
    everybody = [person(3, "substitute"), person(2, "worker"), person(9, "head")]
    assert only(everybody) == ("cell_head", 9, None)
    assert only(everybody[:2]) == ("cell_worker", 2, None)
    assert only(everybody[:1]) == ("cell_substitute", 3, None)


def test_a_head_on_leave_is_passed_over() -> None:
    assert only([person(1, "head", is_on_duty=False), person(2, "substitute")]) == ("cell_substitute", 2, None)


@pytest.mark.parametrize(
    ("known", "rule", "desk"),
    [
        (("cell", "community", "street"), "community_desk", COMMUNITY),
        (("community", "street"), "community_desk", COMMUNITY),
        (("street",), "street_desk", STREET),
        ((), "duty_desk", DUTY_DESK),
    ],
)
def test_with_nobody_on_duty_the_nearest_desk_takes_it(known: tuple[str, ...], rule: str, desk: str) -> None:
    assert only([person(1, "head", is_on_duty=False)], known) == (rule, None, desk)


def test_the_district_takes_what_has_no_street() -> None:
    lost = table(()).assign(district_code=DISTRICT)
    assert decide(lost, duty([]))["rule"][0] == "district_desk"


def test_many_cases_are_decided_each_by_its_own_place() -> None:
    rows = [
        table(known) for known in (("cell", "community", "street"), (), ("street",), ("cell", "community", "street"))
    ]
    decided = decide(pd.concat(rows, ignore_index=True), duty([person(1, "head")]))
    assert list(decided["rule"]) == ["cell_head", "duty_desk", "street_desk", "cell_head"]


def test_no_case_at_all_gives_an_empty_table() -> None:
    assert decide(table(()).iloc[:0], duty([])).empty


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", '位于第"一"\\网格（110199001001001）内，由当班网格长张*处理。'),
        ("en", 'It lies in 第"一"\\网格 (110199001001001); its head 张* is on duty.'),
    ],
)
def test_an_explanation_reads_as_a_sentence(language: str, sentence: str) -> None:
    decided = decide(table(("cell", "community", "street")), duty([person(9, "head")]))
    assert explain(json.loads(decided["explanation"][0]), language) == sentence
