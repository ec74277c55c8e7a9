"""A grid worker's round: his track made coarse, the streets he walked, the places that are due, and when a check-in holds.

Positions in metres of the city's zone, moments in seconds since 1970. Nothing here keeps a position.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import Conflict
from geo.network import Network, Shapes, snap

Ints = NDArray[Any]
Floats = NDArray[Any]
Flags = NDArray[Any]
STEP_M = 10.0
"""The pieces in which the ways between fixes and the streets are counted."""


@dataclass(frozen=True, kw_only=True)
class PatrolNumbers:
    """The rows of data/reference/parameters.csv that a round goes by."""

    check_in_m: float
    position_accuracy_m: float
    track_grid_m: float
    track_minutes: float
    track_gap_s: float
    ride_m_per_min: float
    street_walk_m: float
    street_walked_share: float
    cell_street_m: float
    duty_hours_max: float
    late_report_hours: float


@dataclass(frozen=True, eq=False)
class Fixes:
    """Where a phone was: n × 2 metres, and when, in seconds; in the order of time."""

    xy: Floats
    at_s: Floats

    def __len__(self) -> int:
        return len(self.at_s)

    def __getitem__(self, which: Any) -> Fixes:
        return Fixes(self.xy[which], self.at_s[which])


def thin(fixes: Fixes, *, grid_m: float, minutes: float) -> Fixes:
    """One row for each square of `grid_m` and stretch of `minutes` in which there was a fix: its middle, and its beginning.

    The order and number of the fixes say nothing, so that what is sent twice comes to the same.
    """
    squares = np.column_stack([np.floor(fixes.xy / grid_m), np.floor(fixes.at_s / (60 * minutes))])
    kept = np.unique(squares, axis=0)
    return Fixes((kept[:, :2] + 0.5) * grid_m, kept[:, 2] * 60 * minutes)


def walked(network: Network, fixes: Fixes, numbers: PatrolNumbers) -> Ints:
    """The ids of the streets of which at least `street_walked_share` was walked, sorted.

    The ways between fixes are drawn straight and cut into steps; a step belongs to the street nearest to it within
    `street_walk_m`. A street is counted by the pieces that a step fell into, so that who stands still, or passes the end of a
    side street, does not walk it.
    """
    places = snap(network, shapely.points(steps(fixes, numbers)), within_m=numbers.street_walk_m)
    at = places[places.edge >= 0]
    pieces = np.unique(np.column_stack([at.edge, np.minimum(at.along_m // STEP_M, _last(network)[at.edge])]), axis=0)
    counted = np.bincount(pieces[:, 0].astype(int), minlength=len(network.edge_ids))
    return np.sort(network.edge_ids[counted >= numbers.street_walked_share * (_last(network) + 1)])


def _last(network: Network) -> Floats:
    """Of each street the number of its last piece, from 0."""
    last: Floats = np.maximum(np.ceil(network.length_m / STEP_M), 1) - 1
    return last


def steps(fixes: Fixes, numbers: PatrolNumbers) -> Floats:
    """The fixes, and points every `STEP_M` between those that follow each other soon enough, and not faster than one rides."""
    if len(fixes) == 0:
        return fixes.xy
    leg, lasted = np.diff(fixes.xy, axis=0), np.diff(fixes.at_s)
    far_m = np.hypot(leg[:, 0], leg[:, 1])
    is_way = (lasted <= numbers.track_gap_s) & (far_m <= numbers.ride_m_per_min * lasted / 60)
    count = np.where(is_way, np.maximum(np.ceil(far_m / STEP_M), 1), 1).astype(int)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    share = (number / np.repeat(count, count))[:, None]
    between: Floats = np.repeat(fixes.xy[:-1], count, axis=0) + share * np.repeat(leg, count, axis=0)
    return np.vstack([between, fixes.xy[-1:]])


def of_cells(lines: Shapes, cells: Shapes, *, within_m: float) -> Flags:
    """Which streets are those of the cells: at least half lies in one, or within `within_m` of it, as streets on a border do."""
    ground = shapely.buffer(shapely.union_all(cells), within_m)
    inside = shapely.length(shapely.intersection(lines, ground))
    is_of: Flags = (inside >= shapely.length(lines) / 2) & shapely.intersects(lines, ground)
    return is_of


def share(length_m: Floats, is_walked: Flags) -> float | None:
    """Of the streets' length, how much was walked; nothing where there is no street."""
    total = float(length_m.sum())
    return float(length_m[is_walked].sum()) / total if total else None


def week_of(day: date) -> date:
    """The Monday with which its week began."""
    return day - timedelta(days=day.weekday())


def due_on(last: date | None, listed: date, every_days: int) -> date:
    """The day by which a place has to be visited again; one that never was, the day on which it was listed."""
    return listed if last is None else last + timedelta(days=every_days)


def check_distance(distance_m: float, accuracy_m: float, numbers: PatrolNumbers) -> None:
    """A check-in holds within `check_in_m` of the place, and as much farther as the phone's position is uncertain.

    Raises: Conflict for a position too uncertain to tell, or too far away; `detail` says how far, and how far it may be.
    """
    if accuracy_m > numbers.position_accuracy_m:
        raise Conflict(
            f"the position is exact to {accuracy_m:.0f} m only; at most {numbers.position_accuracy_m:.0f} m tell who is there",
            accuracy_m=round(accuracy_m),
            allowed_m=round(numbers.position_accuracy_m),
        )
    allowed_m = numbers.check_in_m + accuracy_m
    if distance_m > allowed_m:
        raise Conflict(
            f"{distance_m:.0f} m from the place; at most {allowed_m:.0f} m",
            distance_m=round(distance_m),
            allowed_m=round(allowed_m),
        )
