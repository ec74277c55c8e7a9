"""Who looks after a cell and is on duty, from the roster of a moment. Tables in, tables out."""

from __future__ import annotations

import numpy as np
import orjson
import pandas as pd

ROLE_STEPS = {"head": "cell_head", "worker": "cell_worker", "substitute": "cell_substitute"}
"""Roles in the order in which they are asked, and what it is called when one gets the case."""
SEEN = ["worker_id", "name", "role", "is_on_duty"]
OTHER = ["worker_id", "name"]

Others = dict[str, list[dict[str, object]]]


def draw_up(roster: pd.DataFrame) -> pd.DataFrame:
    """What the roster comes down to, one row per cell, indexed by cell code.

    In: `cell_code`, `worker_id`, `name` (masked), `role` (head, worker, substitute), `is_on_duty`, at most one row per worker,
    cell and role. Out: `worker_id` and `step` of who acts (missing when nobody is on duty) and `roster`, JSON text of all seen.
    """
    order = roster["role"].map(list(ROLE_STEPS).index).rename("order")
    seen = roster.assign(order=order).sort_values(["cell_code", "order", "worker_id"], ignore_index=True)
    entries = [orjson.dumps(entry).decode() for entry in seen[SEEN].to_dict("records")]
    texts = pd.Series([f", {entry}" for entry in entries], index=seen["cell_code"], dtype=object).groupby(level=0).sum()
    acting = seen[seen["is_on_duty"].astype(bool)].drop_duplicates("cell_code").set_index("cell_code")
    acting = acting.assign(step=acting["role"].map(ROLE_STEPS)).astype({"worker_id": object, "step": object})
    return acting[["worker_id", "step"]].reindex(texts.index).assign(roster=[f"[{text[2:]}]" for text in texts])


def by_community(workers: pd.DataFrame) -> Others:
    """`worker_id` and `name` (masked) of those on duty by `community_code`; who may be asked when nobody of a cell is free."""
    ordered = workers.sort_values(["community_code", "worker_id"], ignore_index=True)
    entries = np.array(ordered[OTHER].to_dict("records"), dtype=object)
    groups = ordered.groupby("community_code").indices
    return {str(code): entries[rows].tolist() for code, rows in groups.items()}
