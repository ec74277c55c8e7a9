"""Figures against a reckoning by hand, case by case, and the same whatever the order and the gathering of the rows."""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.scores import DIMENSIONS, FIGURES, LEFT_OUT, OUTCOMES, Span, behind, is_late, mark, measure, reckon

SPAN = Span(np.datetime64("2026-03-01", "us"), np.datetime64("2026-04-01", "us"))
MOMENTS = (
    "filed_at", "dispatched_at", "accepted_at", "given_at", "returned_at", "escalated_at", "finished_at", "reworked_at",
    "rated_at", "closed_at", "due_at", "laid_down_at",
)  # fmt: skip
HOUR = np.timedelta64(3600, "s")


def a_third(begins: Any, ends: Any) -> Any:
    """Working time for these tests: a third of all time."""
    minutes = (ends - begins) / np.timedelta64(1, "m")
    return np.where(np.isnat(begins) | np.isnat(ends), np.nan, minutes / 3)


moments = st.one_of(
    st.none(), st.integers(0, 24 * 90).map(lambda hour: np.datetime64("2026-02-01", "us") + hour * HOUR)
)
cases = st.fixed_dictionaries(
    dict.fromkeys(MOMENTS, moments)
    | {name: st.booleans() for name in ("is_suspended", "is_answered", "is_solved", "is_excluded")}
    | {"satisfaction": st.integers(1, 5), "hops": st.integers(0, 5), "outcome": st.integers(0, len(OUTCOMES) - 1)}
    | {name: st.sampled_from([None, "a", "b"]) for name in DIMENSIONS if name != "all"}
)


def frames(told: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    index = pd.Index(range(1, len(told) + 1))
    kinds = dict.fromkeys(MOMENTS, "datetime64[us]")
    facts = {
        name: np.array([case[name] for case in told], kinds.get(name)) for name in told[0] if name not in DIMENSIONS
    }
    facts["outcome"] = np.where(np.isnat(facts["closed_at"]), -1, facts["outcome"])
    keys = {
        name: pd.Categorical([case[name] for case in told], ["b", "a", "c"]) for name in DIMENSIONS if name != "all"
    }
    return pd.DataFrame(facts, index), pd.DataFrame(keys, index)


def reckoned(facts: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    return reckon(mark(facts, SPAN, satisfied_from=4), measure(facts, a_third), keys)


def figure(found: pd.DataFrame, name: str, dimension: str = "all", key: str = "all") -> tuple[Any, ...]:
    row = found[(found["dimension"] == dimension) & (found["key"] == key) & (found["figure"] == name)]
    return tuple(row.iloc[0][["value", "numerator", "denominator"]]) if len(row) else (np.nan, 0, 0)


@settings(max_examples=40)
@given(told=st.lists(cases, min_size=1, max_size=30), order=st.randoms())
def test_neither_order_nor_gathering_changes_a_figure(told: list[dict[str, Any]], order: Any) -> None:
    whole = reckoned(*frames(told))
    shuffled = told.copy()
    order.shuffle(shuffled)
    cut = order.randint(1, len(told))
    parts = [frames(part) for part in (shuffled[:cut], shuffled[cut:]) if part]
    facts, keys = (pd.concat(side) for side in zip(*parts, strict=True))
    pd.testing.assert_frame_equal(
        whole, reckoned(facts, keys.astype(pd.CategoricalDtype(["b", "a", "c"]))), check_exact=True
    )


@settings(max_examples=40)
@given(told=st.lists(cases, min_size=1, max_size=30))
def test_rates_are_those_of_a_reckoning_by_hand(told: list[dict[str, Any]]) -> None:
    found = reckoned(*frames(told))
    kept = [case for case in told if not case["is_excluded"] and not is_left_out(case)]
    owed = [case for case in kept if within(case["due_at"])]
    on_time = [case for case in owed if case["closed_at"] is not None and case["closed_at"] <= case["due_at"]]
    assert figure(found, "on_time_rate")[1:] == (len(on_time), len(owed))
    rated = [case for case in kept if within(case["rated_at"])]
    assert figure(found, "solution_rate")[1:] == (sum(case["is_solved"] for case in rated), len(rated))
    assert figure(found, "satisfaction_rate")[1:] == (sum(case["satisfaction"] >= 4 for case in rated), len(rated))
    reworked = [case for case in kept if within(case["reworked_at"])]
    checked = [case for case in kept if within(case["reworked_at"]) or within(case["finished_at"])]
    assert figure(found, "rework_rate")[1:] == (len(reworked), len(checked))
    assert figure(found, "excluded_by_rule")[0] == sum(
        is_left_out(case) and not case["is_excluded"] and within(case["closed_at"]) for case in told
    )


@settings(max_examples=40)
@given(told=st.lists(cases, min_size=1, max_size=30))
def test_times_are_those_of_a_reckoning_by_hand(told: list[dict[str, Any]]) -> None:
    found = reckoned(*frames(told))
    kept = [case for case in told if not case["is_excluded"] and not is_left_out(case) and within(case["closed_at"])]
    minutes = [
        (case["closed_at"] - case["filed_at"]) / np.timedelta64(1, "m") for case in kept if case["filed_at"] is not None
    ]
    value, _, count = figure(found, "minutes_to_close_median")
    assert count == len(minutes)
    if minutes:
        assert value == pytest.approx(median(minutes))
        assert figure(found, "minutes_to_close_p90")[0] == pytest.approx(np.percentile(minutes, 90), abs=0.01)


@settings(max_examples=40)
@given(told=st.lists(cases, min_size=1, max_size=30))
def test_the_cases_behind_a_figure_make_it(told: list[dict[str, Any]]) -> None:
    facts, keys = frames(told)
    marks, measures = mark(facts, SPAN, satisfied_from=4), measure(facts, a_third)
    found = reckon(marks, measures, keys)
    for name, how in FIGURES.items():
        cases_behind = behind(marks, measures, name)
        value, numerator, denominator = figure(found, name)
        if how.how in ("count", "share"):
            assert cases_behind["counts"].sum() == numerator
        elif how.how == "mean":
            assert cases_behind["value"].sum() == numerator
        elif len(cases_behind):
            assert cases_behind["value"].min() - 0.01 <= value <= cases_behind["value"].max() + 0.01
        assert how.how == "count" or len(cases_behind) == denominator


@settings(max_examples=40)
@given(told=st.lists(cases, min_size=1, max_size=30))
def test_keys_add_up_to_the_whole(told: list[dict[str, Any]]) -> None:
    found = reckoned(*frames([{**case, "street": "b" if case["cell"] is None else "a"} for case in told]))
    for name in ("opened", "closed", "open", "due"):
        assert figure(found, name)[0] == figure(found, name, "street", "a")[1] + figure(found, name, "street", "b")[1]


def within(moment: Any) -> bool:
    return moment is not None and SPAN.since <= moment < SPAN.cut


def is_left_out(case: dict[str, Any]) -> bool:
    return case["closed_at"] is not None and OUTCOMES[case["outcome"]] in LEFT_OUT


def test_late_is_closed_after_it_was_due_or_still_open_then() -> None:
    due = np.datetime64("2026-03-10T12:00", "us")
    told = {
        "closed at that moment": (due, due, False),
        "closed an instant later": (due + np.timedelta64(1, "us"), due, True),
        "open": (None, due, True),
        "open, due at the cut": (None, SPAN.cut, False),
        "without a clock": (None, None, False),
        "closed, without a clock": (due, None, False),
    }
    facts = pd.DataFrame({
        "closed_at": np.array([closed for closed, _, _ in told.values()], "datetime64[us]"),
        "due_at": np.array([at for _, at, _ in told.values()], "datetime64[us]"),
    })  # fmt: skip
    assert dict(zip(told, is_late(facts, SPAN.cut).tolist(), strict=True)) == {
        name: late for name, (_, _, late) in told.items()
    }
