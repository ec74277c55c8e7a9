"""Who gets a case: the cell's worker on duty, else the nearest desk above. Tables in, tables out; no units, no coordinates.

A decision carries an explanation from which it can be taken again (`replay`) and read aloud (`explain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd

DUTY_DESK = "000000000000"
"""The desk of last resort: a case never ends with nobody."""

ROLE_RULES = {"head": "cell_head", "worker": "cell_worker", "substitute": "cell_substitute"}
"""Roles in the order in which they are asked, and the rule that gives a case to each."""
DESK_RULES = {"community_code": "community_desk", "street_code": "street_desk", "district_code": "district_desk"}
"""Columns whose desk is asked when nobody of the cell is on duty, nearest first."""
PLACE = ["cell_id", "community_id", "street_id"]


class Decision(NamedTuple):
    """One decision: the rule, and either a worker or a desk."""

    rule: str
    worker_id: int | None
    desk_code: str | None


def draw_up(roster: pd.DataFrame) -> pd.DataFrame:
    """What the roster comes down to, one row per cell, indexed by cell code.

    In: `cell_code`, `worker_id`, `name` (masked), `role` (head, worker, substitute), `is_on_duty`, at most one row per worker,
    cell and role. Out: `worker_id` and `rule` of who acts (missing when nobody is on duty) and `roster`, JSON text of all seen.
    """
    order = roster["role"].map(list(ROLE_RULES).index).rename("order")
    seen = roster.assign(order=order).sort_values(["cell_code", "order", "worker_id"], ignore_index=True)
    columns = ["worker_id", "name", "role", "is_on_duty"]
    entries = [orjson.dumps(entry).decode() for entry in seen[columns].to_dict("records")]
    texts = pd.Series(entries, index=seen["cell_code"], dtype=object).groupby(level=0).agg(",".join)
    acting = seen[seen["is_on_duty"].astype(bool)].drop_duplicates("cell_code").set_index("cell_code")
    acting = acting.assign(rule=acting["role"].map(ROLE_RULES))[["worker_id", "rule"]].astype({"worker_id": "Int64"})
    return acting.reindex(texts.index).assign(roster="[" + texts + "]")


def decide(located: pd.DataFrame, duty: pd.DataFrame) -> pd.DataFrame:
    """Decide for every row of `geo.location.locate`'s table; `duty` is what `draw_up` gave.

    Returns the rows in the same order: `rule`, `worker_id` or `desk_code` (the other missing), `explanation` (JSON text).
    """
    place = located.groupby(PLACE, dropna=False, sort=False).ngroup().to_numpy()
    chosen = _choose(located.drop_duplicates(PLACE).reset_index(drop=True), duty)
    decided = chosen.take(place).reset_index(drop=True)
    found = '{"located": "' + located["located"].astype(object).reset_index(drop=True) + '", "candidates": '
    explanation = found + located["candidates"].astype(object).reset_index(drop=True) + decided.pop("basis")
    return decided.assign(explanation=explanation)


def _choose(places: pd.DataFrame, duty: pd.DataFrame) -> pd.DataFrame:
    """One row per distinct place: the rule, the holder, and `basis`, the end of its explanation."""
    known = duty.reindex(places["cell_code"]).reset_index(drop=True)
    desks = places[list(DESK_RULES)].astype(object)
    chain = desks.assign(duty=DUTY_DESK).to_numpy()
    first = desks.assign(duty=DUTY_DESK).notna().to_numpy().argmax(axis=1)
    is_desk = known["worker_id"].isna()
    desk_rule = np.array([*DESK_RULES.values(), "duty_desk"], dtype=object)[first]
    chosen = pd.DataFrame(
        {"worker_id": known["worker_id"], "rule": known["rule"].astype(object).where(~is_desk, desk_rule)}
    )
    chosen["desk_code"] = pd.Series(chain[np.arange(len(chain)), first], dtype=object).where(is_desk, None)
    return chosen.assign(basis=_basis(places, chosen, known["roster"]))


def _basis(places: pd.DataFrame, chosen: pd.DataFrame, rosters: pd.Series) -> list[str]:
    told = pd.concat([places.astype(object), chosen.astype(object)], axis=1)
    told = told.where(told.notna(), None).assign(roster=rosters.astype(object).where(rosters.notna(), "[]"))
    return [_written(row) for row in told.to_dict("records")]


def _written(row: Mapping[Any, Any]) -> str:
    cell = {"id": row["cell_id"], "code": row["cell_code"], "name": row["cell_name"]} if row["cell_code"] else None
    desks = [
        {"level": c.removesuffix("_code"), "code": row[c], "name": row.get(f"{c[:-5]}_name")}
        for c in DESK_RULES
        if row[c]
    ]
    told = {"cell": cell, "roster": orjson.Fragment(row["roster"]), "desks": desks}
    holder = {name: row[name] for name in Decision._fields}
    return f", {orjson.dumps(told | holder).decode()[1:]}"


def replay(explanation: Mapping[str, Any]) -> Decision:
    """Decide again from what an explanation says was seen."""
    cell = explanation["cell"] or {"id": None, "code": None, "name": None}
    desks = {f"{desk['level']}_code": desk["code"] for desk in explanation["desks"]}
    row = {f"cell_{key}": value for key, value in cell.items()} | dict.fromkeys([*PLACE[1:], *DESK_RULES]) | desks
    texts = {"located": explanation["located"], "candidates": orjson.dumps(explanation["candidates"]).decode()}
    roster = pd.DataFrame(explanation["roster"], columns=["worker_id", "name", "role", "is_on_duty"])
    decided = decide(pd.DataFrame([row | texts]), draw_up(roster.assign(cell_code=cell["code"])))
    again = orjson.loads(decided["explanation"][0])
    return Decision(*(again[name] for name in Decision._fields))
