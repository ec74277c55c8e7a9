"""Floor areas against a standard: sharing adds up, nothing unrecorded is met, and short means short."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadInput
from geo.standards import FLOOR_AREA_UNKNOWN, NO_STATIONS_RECORDED, SHARE_UNKNOWN, assess, figures, shared_out

BY_CLASS = {"new": 350.0, "old_city": 230.0}
EVERYWHERE = {"any": 350.0}


def communities(*rows: tuple[str, str | None, int | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["code", "area_class", "households"])


def serves(*rows: tuple[int, str, float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["station", "community_code", "floor_area_m2", "share"])


def code(number: int) -> str:
    return f"110199001{number:03d}"


A, B, C = code(1), code(2), code(3)
TWO = communities((A, "new", 3000), (B, "old_city", 1000))


def outcomes(found: pd.DataFrame) -> list[str]:
    return found["outcome"].tolist()


def test_each_area_class_has_its_own_limit() -> None:
    found = assess(TWO, serves((1, A, 300, None), (2, B, 300, None)), BY_CLASS, sharing="by_households")
    assert outcomes(found) == ["short", "meets"]
    assert found["missing_m2"].tolist() == [50.0, pytest.approx(np.nan, nan_ok=True)]


def test_exactly_the_required_area_meets() -> None:
    assert (
        outcomes(assess(TWO, serves((1, A, 350, None), (2, B, 230, None)), BY_CLASS, sharing="full")) == ["meets"] * 2
    )


def test_a_limit_for_any_class_asks_no_class() -> None:
    one = communities((A, None, 3000))
    assert outcomes(assess(one, serves((1, A, 350, None)), EVERYWHERE, sharing="full")) == ["meets"]


def test_without_an_area_class_nothing_is_known() -> None:
    one = communities((A, None, 3000))
    assert outcomes(assess(one, serves((1, A, 999, None)), BY_CLASS, sharing="full")) == ["unknown"]


def test_an_unrecorded_floor_area_is_never_counted_as_met() -> None:
    found = assess(TWO, serves((1, A, None, None), (2, A, 400, None), (3, B, 400, None)), BY_CLASS, sharing="full")
    assert outcomes(found) == ["unknown", "meets"]
    assert found["reason"].tolist() == [FLOOR_AREA_UNKNOWN, None]


def test_a_community_without_a_station_is_short_of_all_of_it() -> None:
    found = assess(TWO, serves((1, A, 400, None)), BY_CLASS, sharing="full")
    assert (outcomes(found)[1], found["actual_m2"][1], found["missing_m2"][1]) == ("short", 0.0, 230.0)


def test_where_no_station_is_on_record_nothing_is_known() -> None:
    other = communities((A, "new", 3000), ("110105001001", "new", 3000))
    found = assess(other, serves((1, A, 400, None)), BY_CLASS, sharing="full")
    assert outcomes(found) == ["meets", "unknown"]
    assert found["reason"][1] == NO_STATIONS_RECORDED and pd.isna(found["actual_m2"][1])


def test_with_no_station_at_all_every_community_is_unknown() -> None:
    assert figures(assess(TWO, serves(), BY_CLASS, sharing="by_households")) == {
        "checked": 2, "meets": 0, "short": 0, "unknown": 2,
    }  # fmt: skip


def test_no_community_gives_no_finding() -> None:
    assert figures(assess(communities(), serves(), BY_CLASS, sharing="full"))["checked"] == 0


@pytest.mark.parametrize(
    ("sharing", "counted"), [("by_households", [450, 150]), ("equal", [300, 300]), ("full", [600, 600])]
)
def test_a_shared_station_is_shared_out(sharing: str, counted: list[float]) -> None:
    found = assess(TWO, serves((1, A, 600, None), (1, B, 600, None)), BY_CLASS, sharing=sharing)
    assert found["actual_m2"].tolist() == pytest.approx(counted)


def test_a_given_share_is_kept_and_the_rest_follows_the_rule() -> None:
    three = communities((A, "new", 3000), (B, "new", 1000), (C, "new", 3000))
    rows = serves((1, A, 1000, 0.6), (1, B, 1000, None), (1, C, 1000, None))
    assert assess(three, rows, BY_CLASS, sharing="by_households")["actual_m2"].tolist() == pytest.approx(
        [600, 100, 300]
    )


def test_sharing_by_households_needs_them_recorded() -> None:
    two = communities((A, "new", None), (B, "new", 1000))
    rows = serves((1, A, 900, None), (1, B, 900, None))
    found = assess(two, rows, BY_CLASS, sharing="by_households")
    assert found["reason"].tolist() == [SHARE_UNKNOWN] * 2
    assert outcomes(assess(two, rows, BY_CLASS, sharing="equal")) == ["meets"] * 2


def test_a_station_of_one_community_needs_no_households() -> None:
    one = communities((A, "new", None))
    assert outcomes(assess(one, serves((1, A, 350, None)), BY_CLASS, sharing="by_households")) == ["meets"]


def test_several_stations_add_up() -> None:
    found = assess(TWO, serves((1, A, 200, None), (2, A, 150, None), (3, B, 1, None)), BY_CLASS, sharing="equal")
    assert outcomes(found)[0] == "meets"
    assert [row["counted_m2"] for row in found["stations"][0]] == [200, 150]


def test_an_unknown_way_of_sharing_is_refused() -> None:
    with pytest.raises(BadInput, match="by_favour"):
        assess(TWO, serves(), BY_CLASS, sharing="by_favour")


def test_calibration_of_the_published_table() -> None:
    """135 of 148 meet 350/230 by class, 56 meet 350 everywhere: 79 old-city stations lie between, 13 fail both."""
    areas = [400.0] * 56 + [300.0] * 79 + [200.0] * 13
    rows = communities(*((code(i + 1), "new" if i < 40 else "old_city", 1000) for i in range(148)))
    stations = serves(*((i, code(i + 1), area, None) for i, area in enumerate(areas)))
    assert figures(assess(rows, stations, BY_CLASS, sharing="by_households"))["meets"] == 135
    assert figures(assess(rows, stations, EVERYWHERE, sharing="by_households"))["meets"] == 56


links = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6)), min_size=1, max_size=20, unique=True)


@given(links, st.lists(st.integers(1, 5000), min_size=6, max_size=6), st.sampled_from(["by_households", "equal"]))
def test_the_shares_of_a_station_add_up_to_the_whole(pairs, households, sharing) -> None:
    rows = communities(*((code(i + 1), "new", count) for i, count in enumerate(households)))
    counted = shared_out(serves(*((s, code(c), 100.0 * (s + 1), None) for s, c in pairs)), rows, sharing)
    sums = counted.groupby("station")["counted_m2"].sum()
    np.testing.assert_allclose(sums, 100.0 * (sums.index.to_numpy() + 1))


@given(links, st.floats(0, 500))
def test_a_larger_station_never_makes_anything_worse(pairs, more) -> None:
    rows = communities(*((code(i), "new", 100 * i) for i in range(1, 7)))
    before, after = (
        assess(rows, serves(*((s, code(c), area, None) for s, c in pairs)), BY_CLASS, sharing="by_households")
        for area in (200.0, 200.0 + more)
    )
    assert set(before["code"][before["outcome"] == "meets"]) <= set(after["code"][after["outcome"] == "meets"])
