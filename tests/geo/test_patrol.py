"""A round: what is kept of a track, which streets count as walked, what is due, and when a check-in holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import patrol
from geo.errors import Conflict
from geo.patrol import Fixes, PatrolNumbers
from tests.geo.streets import BLOCK_M, EAST, NORTH, city

NUMBERS = PatrolNumbers(
    check_in_m=50, position_accuracy_m=40, track_grid_m=50, track_minutes=5, track_gap_s=90, ride_m_per_min=420,
    street_walk_m=25, street_walked_share=0.6, cell_street_m=15, duty_hours_max=12, late_report_hours=72,
)  # fmt: skip
TOWN = city(6, 6, river_after=5)
PACE_M_PER_S = 1.3
moves = st.lists(st.tuples(st.floats(-400, 400), st.floats(-400, 400), st.floats(0, 4000)), min_size=1, max_size=60)


def fixes(points: list[tuple[float, float, float]]) -> Fixes:
    told = np.array(sorted(points, key=lambda point: point[2]), dtype=float)
    return Fixes(told[:, :2] + (EAST, NORTH), told[:, 2])


def walk(*corners: tuple[float, float], every_m: float = 20, off_m: float = 0) -> Fixes:
    """On foot from corner to corner of the town, in blocks, a fix every few metres, `off_m` beside the street."""
    line = shapely.LineString(np.array(corners) * BLOCK_M + (EAST, NORTH) + off_m)
    along = np.arange(0, line.length + every_m, every_m)
    return Fixes(shapely.get_coordinates(line.interpolate(along)), along / PACE_M_PER_S)


def street(a: tuple[int, int], b: tuple[int, int]) -> int:
    """The id of the street between two corners."""
    middle = shapely.Point((np.array(a) + b) / 2 * BLOCK_M + (EAST, NORTH))
    return int(TOWN.edge_ids[int(TOWN.tree.nearest(middle))])


@given(moves)
def test_a_track_tells_squares_and_stretches_and_nothing_finer(points: list[tuple[float, float, float]]) -> None:
    made = fixes(points)
    kept = patrol.thin(made, grid_m=50, minutes=5)
    assert np.allclose(kept.xy % 50, 25) and np.allclose(kept.at_s % 300, 0)
    assert len(np.unique(np.column_stack([kept.xy, kept.at_s]), axis=0)) == len(kept) <= len(made)
    off = [
        np.abs(kept.xy - fix).max(axis=1)[kept.at_s <= at_s].min() for fix, at_s in zip(made.xy, made.at_s, strict=True)
    ]
    assert max(off) <= 25


@given(moves, st.randoms(use_true_random=False))
def test_order_and_repetition_leave_no_trace(points: list[tuple[float, float, float]], random: object) -> None:
    made = fixes(points)
    again = made[np.r_[np.arange(len(made))[::-1], 0]]
    once, twice = (patrol.thin(told, grid_m=50, minutes=5) for told in (made, again))
    assert np.array_equal(once.xy, twice.xy) and np.array_equal(once.at_s, twice.at_s)


@pytest.mark.parametrize("off_m", [0, 8])
def test_who_goes_around_three_sides_of_a_block_has_not_walked_the_fourth(off_m: float) -> None:
    found = patrol.walked(TOWN, walk((1, 1), (2, 1), (2, 2), (1, 2), off_m=off_m), NUMBERS)
    assert found.tolist() == sorted([street((1, 1), (2, 1)), street((2, 1), (2, 2)), street((2, 2), (1, 2))])


def test_half_a_street_is_not_enough_and_most_of_it_is() -> None:
    assert patrol.walked(TOWN, walk((1, 1), (1.5, 1)), NUMBERS).tolist() == []
    assert patrol.walked(TOWN, walk((1, 1), (1.7, 1)), NUMBERS).tolist() == [street((1, 1), (2, 1))]


@pytest.mark.parametrize("seed", range(5))
def test_who_stands_still_walks_nothing(seed: int) -> None:
    """For ten minutes, more than a phone sends at a time, with a phone that is wrong by 8 m on each axis."""
    wrong = np.random.default_rng(seed).normal(0, 8, (40, 2))
    stood = Fixes(wrong + np.array([EAST + 150, NORTH + 100]), np.arange(40) * 15.0)
    assert patrol.walked(TOWN, stood, NUMBERS).tolist() == []


def test_between_fixes_far_apart_nobody_knows_the_way() -> None:
    ends = walk((1, 1), (2, 1), every_m=100)
    assert patrol.walked(TOWN, ends, NUMBERS).tolist() == [street((1, 1), (2, 1))]
    late = Fixes(ends.xy, ends.at_s * 2)
    jump = Fixes(ends.xy, ends.at_s / 10)
    assert [patrol.walked(TOWN, told, NUMBERS).tolist() for told in (late, jump)] == [[], []]


def test_one_fix_walks_nothing_and_none_is_no_error() -> None:
    made = walk((1, 1), (2, 1))
    assert patrol.walked(TOWN, made[:1], NUMBERS).tolist() == patrol.walked(TOWN, made[:0], NUMBERS).tolist() == []


def test_streets_on_the_border_belong_to_both_sides() -> None:
    west, east = (shapely.box(EAST + x, NORTH, EAST + x + 200, NORTH + 200) for x in (0, 200))
    own = [patrol.of_cells(TOWN.lines, np.array([cell]), within_m=15) for cell in (west, east)]
    shared = {street((2, 0), (2, 1)), street((2, 1), (2, 2))}
    assert set(TOWN.edge_ids[own[0] & own[1]].tolist()) == shared
    assert patrol.share(TOWN.length_m, own[0]) == pytest.approx(own[0].sum() / len(own[0]))
    assert patrol.share(TOWN.length_m[:0], own[0][:0]) is None


def test_what_was_never_visited_is_due_since_it_was_listed() -> None:
    listed = date(2026, 5, 1)
    assert patrol.due_on(None, listed, 7) == listed
    assert patrol.due_on(date(2026, 5, 3), listed, 7) == date(2026, 5, 10)
    assert [patrol.week_of(date(2026, 5, day)) for day in (3, 4, 10)] == [
        date(2026, 4, 27),
        date(2026, 5, 4),
        date(2026, 5, 4),
    ]


@given(st.floats(0, 300), st.floats(0, 80))
def test_a_check_in_holds_within_the_distance_and_what_the_phone_is_wrong_by(
    distance_m: float, accuracy_m: float
) -> None:
    holds = accuracy_m <= 40 and distance_m <= 50 + accuracy_m
    if holds:
        patrol.check_distance(distance_m, accuracy_m, NUMBERS)
    else:
        with pytest.raises(Conflict) as refused:
            patrol.check_distance(distance_m, accuracy_m, NUMBERS)
        assert "allowed_m" in refused.value.detail
    patrol.check_distance(distance_m, accuracy_m, replace(NUMBERS, check_in_m=300, position_accuracy_m=80))
