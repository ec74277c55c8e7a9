"""Grid workers with invented names and telephone numbers that belong to nobody, and who looks after which cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo import names
from geo.blocks import Bools

LONELY = 0.012
"""Share of cells without anybody, so that the community's desk is seen at work."""
HELPED = 0.25
"""Share of cells with a second worker."""


@dataclass(frozen=True)
class People:
    """`workers`: code, name, phone, kind, community_code. `assignments`: cell_code, worker_code, role."""

    workers: pd.DataFrame
    assignments: pd.DataFrame


def engage(cells: pd.DataFrame, rng: np.random.Generator) -> People:
    """A head for each cell, a second worker in some, and in each community a part-time substitute for all its cells."""
    attended = cells.loc[_attended(len(cells), rng), ["community_code", "code"]].rename(columns={"code": "cell_code"})
    helped = attended[rng.random(len(attended)) < HELPED]
    stand_ins = cells[["community_code"]].drop_duplicates()
    posts = [attended.assign(role="head"), helped.assign(role="worker"), stand_ins.assign(role="substitute")]
    filled = pd.concat(posts).sort_values(["community_code", "role", "cell_code"], kind="stable", ignore_index=True)
    workers = _workers(filled, rng)
    filled["worker_code"] = workers["code"]
    return People(workers, _assignments(filled, attended))


def _attended(cells: int, rng: np.random.Generator) -> Bools:
    """Which cells have people; among more than a dozen at least one has not."""
    attended = rng.random(cells) >= LONELY
    attended[:2] = True
    attended[cells // 2] &= cells <= 12
    return attended


def _assignments(posts: pd.DataFrame, attended: pd.DataFrame) -> pd.DataFrame:
    """One row per cell and worker; a substitute stands in for all cells of the community that have people."""
    is_stand_in = posts["role"] == "substitute"
    covered = attended.merge(posts.loc[is_stand_in, ["community_code", "worker_code", "role"]], on="community_code")
    both = pd.concat([posts[~is_stand_in], covered])[["cell_code", "worker_code", "role"]]
    return both.sort_values(["cell_code", "role", "worker_code"], kind="stable", ignore_index=True)


def _workers(posts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count = len(posts)
    is_full_time = (posts["role"] == "head") & (rng.random(count) < 0.85)
    return pd.DataFrame(
        {
            "code": [f"W{number:06d}" for number in range(1, count + 1)],
            "name": names.people(rng, count),
            "phone": [f"199000{number:05d}" for number in range(1, count + 1)],
            "kind": np.where(is_full_time, "full_time", "part_time"),
            "community_code": posts["community_code"],
        }
    )
