"""Households in the faces between streets, and the residences in which they live. Metres in the city's zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from data.demo.numbers import apportion, share_out
from geo.blocks import Floats, Ints, Shapes

HOUSEHOLDS_PER_COMMUNITY = 250_000 / 148
RESIDENCES_PER_COMMUNITY = 25_000 / 148
DENSITY = {True: 1.0, False: 0.58}
"""Households per area in old and in new quarters, relative to each other."""
HOME_SIZE = {True: 7.0, False: 30.0}
"""Households per residence: a courtyard, a block of flats; relative to each other."""
MOST_IN_FACE = 150
RESIDENTS_PER_HOUSEHOLD = 2.4


@dataclass(frozen=True)
class Homes:
    """One entry per residence: the face in which it stands, its point, households and residents."""

    face: Ints
    points: Shapes
    households: Ints
    residents: Ints


def settle(faces: pd.DataFrame, communities: int, rng: np.random.Generator) -> Homes:
    """Let people live in every face that is neither a strip nor a landmark."""
    held = _households(faces, round(communities * HOUSEHOLDS_PER_COMMUNITY), rng)
    count = _residences(held, faces["old"].to_numpy(), round(communities * RESIDENCES_PER_COMMUNITY))
    face = np.repeat(np.arange(len(faces)), count)
    weight = rng.lognormal(0, 0.45, len(face))
    households = 1 + share_out(held - count, face, weight)
    residents = np.maximum(households, np.rint(households * rng.normal(RESIDENTS_PER_HOUSEHOLD, 0.2, len(face))))
    points = _doors(faces, face, count, rng)
    return Homes(face, points, households, residents.astype(np.int64))


def _households(faces: pd.DataFrame, total: int, rng: np.random.Generator) -> Ints:
    geometry = faces["geometry"].to_numpy()
    is_lived_in = (faces["strip"] == "") & (faces["landmark"] == "")
    density = faces["old"].map(DENSITY).to_numpy() * rng.lognormal(0, 0.22, len(faces))
    weight = np.where(is_lived_in, shapely.area(geometry) * density, 0.0)
    for _ in range(3):
        weight = np.minimum(weight, MOST_IN_FACE * weight.sum() / total)
    return apportion(total, weight)


def _residences(held: Ints, old: Floats, total: int) -> Ints:
    """How many residences each face has; at least one where anybody lives."""
    wanted = held / np.where(old, HOME_SIZE[True], HOME_SIZE[False])
    count = np.rint(wanted * total / wanted.sum()).astype(np.int64)
    return np.asarray(np.minimum(held, np.maximum(count, held > 0)))


def _doors(faces: pd.DataFrame, face: Ints, count: Ints, rng: np.random.Generator) -> Shapes:
    """Points in rows along the streets around each face, a little way in."""
    geometry = faces["geometry"].to_numpy()
    place = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    along = (place + rng.uniform(0.25, 0.75, len(face))) / count[face]
    rim = shapely.get_exterior_ring(geometry)[face]
    door = shapely.get_coordinates(shapely.line_interpolate_point(rim, along, normalized=True))
    inward = shapely.get_coordinates(shapely.centroid(geometry))[face] - door
    away = np.hypot(*inward.T)
    old = faces["old"].to_numpy()[face]
    depth = np.where(old, rng.uniform(9, 17, len(face)), rng.uniform(18, 34, len(face)))
    points = door + inward * np.minimum(depth / away, 0.6)[:, None]
    return np.asarray(shapely.points(np.round(points, 3)))
