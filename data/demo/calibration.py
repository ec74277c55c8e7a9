"""How much floor area each community gets, so that the demo agrees with the published table of the end of 2009 (m²).

Of 148 communities 135 meet 350/230 m² by area class and 56 meet 350 m² everywhere; other counts in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.blocks import Bools, Floats, Ints, Shapes

TABLE_COMMUNITIES, TABLE_BY_CLASS, TABLE_CITYWIDE = 148, 135, 56
OLD_SHARE_OF_LARGE = 0.2
OLD_SHARE_OF_SHORT = 0.45

LARGE, MIDDLE, SHORT_OLD, SHORT_NEW = "large", "middle", "short old", "short new"
BANDS = {LARGE: (362.0, 760.0), MIDDLE: (238.0, 341.0), SHORT_OLD: (110.0, 220.0), SHORT_NEW: (190.0, 338.0)}
"""Floor area per community, well clear of the limits."""
SHARED = 0.24
"""Share of communities that look for a neighbour to share a station with."""
NEIGHBOUR_M = 900.0


@dataclass(frozen=True)
class Communities:
    """What stations are planned by, one entry per community: codes, households, middles in the city's zone, bands."""

    code: Shapes
    street_code: Shapes
    name: Shapes
    households: Ints
    xy: Floats
    band: Shapes


def outcomes(old_share: Floats, rng: np.random.Generator) -> tuple[Bools, Shapes]:
    """Which communities are old city, and the band of each one's floor area."""
    old_bands, new_bands = _bands(len(old_share))
    is_old = np.zeros(len(old_share), dtype=np.bool_)
    is_old[np.argsort(-old_share, kind="stable")[: len(old_bands)]] = True
    bands = np.empty(len(old_share), dtype=object)
    bands[is_old] = rng.permutation(np.array(old_bands, dtype=object))
    bands[~is_old] = rng.permutation(np.array(new_bands, dtype=object))
    return is_old, bands


def _bands(count: int) -> tuple[list[str], list[str]]:
    """The bands to be given out in the old city and elsewhere."""
    citywide = round(count * TABLE_CITYWIDE / TABLE_COMMUNITIES)
    by_class = round(count * TABLE_BY_CLASS / TABLE_COMMUNITIES)
    old_large, old_short = round(OLD_SHARE_OF_LARGE * citywide), round(OLD_SHARE_OF_SHORT * (count - by_class))
    old = [MIDDLE] * (by_class - citywide) + [LARGE] * old_large + [SHORT_OLD] * old_short
    return old, [LARGE] * (citywide - old_large) + [SHORT_NEW] * (count - by_class - old_short)


def groups(communities: Communities, rng: np.random.Generator) -> list[list[int]]:
    """Communities by station: most alone, some in pairs of near ones of one street and band."""
    wants = rng.random(len(communities.code)) < SHARED
    free = np.ones(len(communities.code), dtype=np.bool_)
    found = []
    for number in range(len(free)):
        if free[number]:
            free[number] = False
            group = [number, *(_partner(communities, number, free) if wants[number] else [])]
            free[group] = False
            found.append(group)
    return found


def _partner(communities: Communities, number: int, free: Bools) -> list[int]:
    """The nearest free community with which one station can put both into their band, if there is one."""
    alike = free & (communities.street_code == communities.street_code[number])
    others = np.flatnonzero(alike & (communities.band == communities.band[number]))
    low, high = BANDS[communities.band[number]]
    ratio = communities.households[others] / communities.households[number]
    away = np.hypot(*(communities.xy[others] - communities.xy[number]).T)
    fitting = (np.maximum(ratio, 1 / ratio) < 0.95 * high / low) & (away < NEIGHBOUR_M)
    return [int(others[fitting][np.argmin(away[fitting])])] if fitting.any() else []


def floor_area(communities: Communities, group: list[int], rng: np.random.Generator) -> float:
    """Of the group's station, m²: shared out by households, every community of the group lies in its band."""
    held = communities.households[group]
    low, high = BANDS[communities.band[group[0]]]
    smallest = rng.uniform(low, high * held.min() / held.max())
    return float(smallest * held.sum() / held.min())
