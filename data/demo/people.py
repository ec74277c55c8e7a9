"""Grid workers with invented names and telephone numbers that belong to nobody, and who looks after which cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo import names

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
    codes = cells["code"].to_numpy()
    attended = rng.random(len(cells)) >= LONELY
    attended[: min(2, len(cells))] = True
    if len(cells) > 12:
        attended[len(cells) // 2] = False
    helped = attended & (rng.random(len(cells)) < HELPED)
    homes = cells["community_code"].to_numpy()
    communities = np.unique(homes)
    posts = pd.concat(
        [
            pd.DataFrame({"community_code": homes[attended], "cell_code": codes[attended], "role": "head"}),
            pd.DataFrame({"community_code": homes[helped], "cell_code": codes[helped], "role": "worker"}),
            pd.DataFrame({"community_code": communities, "cell_code": None, "role": "substitute"}),
        ],
        ignore_index=True,
    ).sort_values(["community_code", "role", "cell_code"], kind="stable", ignore_index=True)
    workers = _workers(posts, rng)
    own = posts.assign(worker_code=workers["code"])
    stand_in = own.loc[own["role"] == "substitute", ["community_code", "worker_code"]]
    covered = cells.loc[attended, ["code", "community_code"]].merge(stand_in, on="community_code")
    substitutes = covered.rename(columns={"code": "cell_code"}).assign(role="substitute")
    both = pd.concat([own[own["role"] != "substitute"], substitutes], ignore_index=True)
    columns = ["cell_code", "worker_code", "role"]
    return People(workers, both[columns].sort_values(columns[::2], kind="stable", ignore_index=True))


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
