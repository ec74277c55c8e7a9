"""Which rule decides: the same as going through all of them, most particular first, however many there are."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.rules import AREAS, CLASSES, LEVELS, NONE, SOURCES, Rules, words

CATEGORIES = pd.DataFrame(
    {"code": ["C01", "C0101", "C0102", "E01", "E0101"], "parent_code": [None, "C01", "C01", None, "E01"]}, dtype=object
)
AREA_LEVELS = {
    "110199001001": "community",
    "110199001002": "community",
    "110199001000": "street",
    "110199000000": "district",
}
FACTS = {"level": LEVELS, "area_class": CLASSES, "source": SOURCES[:3]}
COLUMNS = [
    "id",
    "code",
    "category_code",
    *FACTS,
    "area_code",
    "area_level",
    "handler",
    "agency_code",
    "time_limit",
    "basis",
]


def maybe(values):
    return st.none() | st.sampled_from(list(values))


rules = st.builds(
    dict,
    code=st.sampled_from("abcdef"),
    category_code=maybe(CATEGORIES["code"]),
    area_code=maybe(AREA_LEVELS),
    valid_from=st.sampled_from([date(2020, 1, 1), date(2024, 1, 1)]),
    **{name: maybe(known) for name, known in FACTS.items()},
)
cases = st.builds(
    dict,
    category=maybe(CATEGORIES["code"]),
    level=st.sampled_from(LEVELS),
    source=maybe(SOURCES[:3]),
    area_class=maybe(CLASSES),
    community=maybe(["110199001001", "110199001002", "110199001003"]),
    street=maybe(["110199001000"]),
    district=maybe(["110199000000"]),
)


def frame(given_rules: list[dict]) -> pd.DataFrame:
    numbered = [
        rule | {"id": number, "area_level": AREA_LEVELS.get(rule["area_code"])}
        for number, rule in enumerate(given_rules)
    ]
    return pd.DataFrame(numbered, columns=[*COLUMNS, "valid_from"], dtype=object)


def choose(table: Rules, asked: list[dict]) -> list[int | None]:
    columns = pd.DataFrame(asked, dtype=object)
    for name, known in (("category", CATEGORIES["code"]), ("level", LEVELS), ("source", SOURCES)):
        columns[name] = words(np.array([list(known).index(word) if word else -1 for word in columns[name]]), known)
    places = columns[["area_class", *AREAS]].astype(object).where(columns[["area_class", *AREAS]].notna(), None)
    found = table.choose(columns, table.number_places(places))
    return [None if place == NONE else int(table.frame["id"][place]) for place in found]


def fits(rule: dict, case: dict) -> bool:
    parent = dict(CATEGORIES.to_numpy().tolist()).get(case["category"])
    return (
        rule["category_code"] in (None, case["category"], parent)
        and rule["area_code"] in (None, case["community"], case["street"], case["district"])
        and all(rule[name] in (None, case[name]) for name in FACTS)
    )


def rank(rule: dict) -> tuple:
    is_minor = rule["category_code"] is not None and len(rule["category_code"]) > 3
    category = 0 if is_minor else 1 if rule["category_code"] else 2
    area = AREAS.index(AREA_LEVELS[rule["area_code"]]) if rule["area_code"] else len(AREAS)
    facts = [rule[name] is None for name in FACTS]
    return category, area, *facts, -rule["valid_from"].toordinal(), rule["code"]


def slowly(given_rules: list[dict], case: dict) -> set[int | None]:
    """Every rule that is as good as the best: two with the same name, dates and particulars are the same rule twice."""
    fitting = [(rank(rule), number) for number, rule in enumerate(given_rules) if fits(rule, case)]
    return {number for ranked, number in fitting if ranked == min(fitting)[0]} or {None}


@given(st.lists(rules, max_size=12), st.lists(cases, min_size=1, max_size=6))
@settings(max_examples=100)
def test_the_most_particular_rule_that_fits_decides(given_rules: list[dict], asked: list[dict]) -> None:
    table = Rules.of(frame(given_rules), CATEGORIES)
    for found, case in zip(choose(table, asked), asked, strict=True):
        assert found in slowly(given_rules, case)
    assert choose(table, asked) == choose(table, asked)


def particular(**what: object) -> dict:
    nothing = dict.fromkeys(["category_code", "area_code", *FACTS])
    return nothing | {"code": "a", "valid_from": date(2020, 1, 1)} | what


CASE = {
    "category": "C0101", "level": "street", "source": "hotline", "area_class": "old_city",
    "community": "110199001001", "street": "110199001000", "district": "110199000000",
}  # fmt: skip
ORDER = [
    particular(category_code="C0101", area_code="110199001001"),
    particular(category_code="C0101", area_code="110199001000"),
    particular(category_code="C0101", level="street"),
    particular(category_code="C0101", area_class="old_city"),
    particular(category_code="C0101", source="hotline"),
    particular(category_code="C0101", valid_from=date(2024, 1, 1)),
    particular(category_code="C0101"),
    particular(category_code="C0101", code="b"),
    particular(category_code="C01", area_code="110199001001", level="street", area_class="old_city", source="hotline"),
    particular(category_code="C01"),
    particular(area_code="110199000000"),
    particular(level="street"),
    particular(),
]


def test_the_order_of_particularity() -> None:
    for first in range(len(ORDER)):
        assert choose(Rules.of(frame(ORDER[first:]), CATEGORIES), [CASE]) == [0]


def test_without_rules_no_rule_decides() -> None:
    assert choose(Rules.of(frame([]), CATEGORIES), [CASE]) == [None]
