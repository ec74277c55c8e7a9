"""Share whole numbers out, without a rest and without a loop over rows."""

from __future__ import annotations

import numpy as np

from geo.blocks import Floats, Ints, totals


def apportion(total: int, weights: Floats) -> Ints:
    """Whole numbers in proportion to `weights` that sum to `total` (largest remainder)."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    first = np.argsort(whole - exact, kind="stable")[: total - whole.sum()]
    whole[first] += 1
    return np.asarray(whole)


def share_out(group_totals: Ints, group: Ints, weights: Floats) -> Ints:
    """Share each group's whole number among its members in proportion to `weights`. `group` is sorted, from 0."""
    share = weights / totals(group, weights, len(group_totals))[group]
    running = np.cumsum(share * group_totals[group])
    return np.asarray(np.diff(np.rint(running), prepend=0), dtype=np.int64)
