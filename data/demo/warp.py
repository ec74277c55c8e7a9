"""Bend the straight plan into a city: smooth shifts of plan metres, then a turn and the move to the city's zone (metres)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.plan import OLD_CORE_M, Barrier, Plan

Floats = NDArray[np.float64]

ORIGIN_M = (461_500.0, 4_387_500.0)
"""Middle of the city in EPSG:4548, near 116.55 E, 39.62 N."""
ZONE = "EPSG:4548"
TURN = math.radians(-7)


@dataclass(frozen=True)
class Warp:
    """Waves that shift points: rows of wave vector (radians per m), phase and shift (m); a meander along each river."""

    waves: Floats
    wobble: Floats
    rivers: list[Barrier]
    cores: Floats
    centre: tuple[float, float]

    def __call__(self, xy: Floats) -> Floats:
        """Move points of the plan to where they lie in the city, to the millimetre."""
        bent = xy + _shift(xy, self.waves) + self._oldness(xy) * _shift(xy, self.wobble)
        for river in self.rivers:
            bent = bent + _meander(xy, river)
        x, y = (bent - self.centre).T
        turned = np.column_stack([x * math.cos(TURN) - y * math.sin(TURN), x * math.sin(TURN) + y * math.cos(TURN)])
        return np.asarray(np.round(turned + ORIGIN_M, 3))

    def _oldness(self, xy: Floats) -> Floats:
        """1 in an old core, a fifth far from it."""
        away = np.min([np.hypot(*(xy - core).T) for core in self.cores], axis=0)
        return np.asarray(0.2 + 0.8 / (1 + (away / (1.1 * OLD_CORE_M)) ** 6))[:, None]


def bend(plan: Plan, rng: np.random.Generator) -> Warp:
    """The warp of a plan."""
    rivers = [barrier for barrier in plan.barriers if barrier.kind == "river"]
    centre = (plan.width_m / 2, plan.height_m / 2)
    waves = np.vstack([_waves(rng, 4, (2600, 5200), 62), _waves(rng, 3, (900, 1500), 14)])
    return Warp(waves, _waves(rng, 5, (190, 420), 5.5), rivers, np.array(plan.cores), centre)


def _waves(rng: np.random.Generator, count: int, length_m: tuple[float, float], shift_m: float) -> Floats:
    heading, phase, aim = rng.uniform(0, 2 * math.pi, (3, count))
    number = 2 * math.pi / rng.uniform(*length_m, count)
    vectors = [number * np.cos(heading), number * np.sin(heading), phase]
    return np.column_stack([*vectors, shift_m * np.cos(aim), shift_m * np.sin(aim)])


def _shift(xy: Floats, waves: Floats) -> Floats:
    return np.asarray(np.sin(xy @ waves[:, :2].T + waves[:, 2]) @ waves[:, 3:])


def _meander(xy: Floats, river: Barrier) -> Floats:
    """Swing the river and the streets near it to and fro, fading out within a kilometre."""
    cos, sin = math.cos(river.line.angle), math.sin(river.line.angle)
    dx, dy = (xy - (river.line.x, river.line.y)).T
    along, across = dx * cos + dy * sin, dy * cos - dx * sin
    swing = 105 * np.sin(2 * math.pi * along / 2300 + 0.6) + 40 * np.sin(2 * math.pi * along / 1270 + 2)
    swing = swing * np.exp(-((across / 900) ** 2))
    return np.column_stack([-swing * sin, swing * cos])
