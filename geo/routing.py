"""Who gets a case: the cell's worker on duty, else the nearest desk above. Tables in, tables out; no units, no coordinates.

A decision carries an explanation from which it can be taken again (`replay`) and read aloud (`explain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

DUTY_DESK = "000000000000"
"""The desk of last resort: a case never ends with nobody."""

ROLE_RULES = {"head": "cell_head", "worker": "cell_worker", "substitute": "cell_substitute"}
"""Roles in the order in which they are asked, and the rule that gives a case to each."""
DESK_RULES = {"community_code": "community_desk", "street_code": "street_desk", "district_code": "district_desk"}
"""Columns whose desk is asked when nobody of the cell is on duty, nearest first."""
PLACE = ["cell_id", "community_id", "street_id"]
SEEN = ["worker_id", "name", "role", "is_on_duty"]

Texts = NDArray[np.object_]
Book = dict[str, Texts]
"""`rule`, `worker_id`, `desk_code` and `basis` (the end of the explanation), place by place."""


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
    entries = [orjson.dumps(entry).decode() for entry in seen[SEEN].to_dict("records")]
    texts = pd.Series([f", {entry}" for entry in entries], index=seen["cell_code"], dtype=object).groupby(level=0).sum()
    acting = seen[seen["is_on_duty"].astype(bool)].drop_duplicates("cell_code").set_index("cell_code")
    acting = acting.assign(rule=acting["role"].map(ROLE_RULES)).astype({"worker_id": object, "rule": object})
    return acting[["worker_id", "rule"]].reindex(texts.index).assign(roster=[f"[{text[2:]}]" for text in texts])


def decide(located: pd.DataFrame, duty: pd.DataFrame, book: Book | None = None) -> pd.DataFrame:
    """Decide for every row of `geo.location.locate`'s table; `duty` is what `draw_up` gave, `book` what `write_book` made of it.

    Returns the rows in the same order: `rule`, `worker_id` or `desk_code` (the other missing), `explanation` (JSON text).
    """
    chosen = _work_out(located, duty) if book is None else _look_up(located, duty, book)
    head = '{"located": "' + located["located"].to_numpy(dtype=object) + '", "candidates": '
    explanation = head + located["candidates"].to_numpy(dtype=object) + chosen.pop("basis")
    return pd.DataFrame(chosen | {"explanation": explanation}, dtype=object)


def write_book(places: pd.DataFrame, duty: pd.DataFrame) -> Book:
    """What `decide` says for each cell of `geo.location.Ground.places`, worked out once for as long as both stay."""
    return _choose(places, duty)


def _look_up(located: pd.DataFrame, duty: pd.DataFrame, book: Book) -> Book:
    cell = located["cell"].to_numpy()
    lost = cell < 0
    found = {name: values[np.where(lost, 0, cell)] for name, values in book.items()} if len(book["rule"]) else {}
    if not lost.any():
        return found
    rest = _work_out(located[lost], duty)
    if lost.all():
        return rest
    for name, values in rest.items():
        found[name][lost] = values
    return found


def _work_out(located: pd.DataFrame, duty: pd.DataFrame) -> Book:
    place, first = _number(located[PLACE].to_numpy(dtype=object))
    chosen = _choose(located.iloc[first].reset_index(drop=True), duty)
    return {name: values[place] for name, values in chosen.items()}


def _number(rows: Texts) -> tuple[Any, Any]:
    """Which distinct row each row is, numbered as they come, and where each distinct one is first."""
    keys = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        codes, known = pd.factorize(column)
        keys = keys * (len(known) + 1) + codes + 1
    number, _ = pd.factorize(keys)
    return number, np.flatnonzero(np.diff(np.maximum.accumulate(number), prepend=-1))


def _choose(places: pd.DataFrame, duty: pd.DataFrame) -> Book:
    """For each distinct place the rule, the holder, and `basis`, the end of its explanation."""
    known = duty.reindex(places["cell_code"])
    worker, role_rule = (known[name].to_numpy(dtype=object) for name in ("worker_id", "rule"))
    is_desk = pd.isna(worker)
    desks = places[list(DESK_RULES)].assign(duty=DUTY_DESK)
    nearest = desks.notna().to_numpy().argmax(axis=1)
    desk = desks.to_numpy(dtype=object)[np.arange(len(desks)), nearest]
    desk_rule = np.array([*DESK_RULES.values(), "duty_desk"], dtype=object)[nearest]
    rule = _either(is_desk, desk_rule, role_rule)
    worker, desk = _either(is_desk, None, worker), _either(is_desk, desk, None)
    roster = _either(known["roster"].isna(), "[]", known["roster"])
    basis = ', "cell": ' + _unit(places, "cell", "id", "code", "name") + ', "roster": ' + roster + _desks(places)
    basis += ', "rule": "' + rule + '", "worker_id": ' + _json(worker) + ', "desk_code": ' + _json(desk) + "}"
    return {"rule": rule, "worker_id": worker, "desk_code": desk, "basis": basis}


def _desks(places: pd.DataFrame) -> Texts:
    """The desks that could be asked, nearest first, as the member `desks`."""
    asked = np.full(len(places), "", dtype=object)
    for column in DESK_RULES:
        level = column.removesuffix("_code")
        names = ("code", "name") if f"{level}_name" in places else ("code",)
        desk = f', {{"level": "{level}", ' + _members(places, level, *names) + "}"
        asked += _either(places[column].isna(), "", desk)
    listed: Texts = np.array([f', "desks": [{text[2:]}]' for text in asked.tolist()], dtype=object)
    return listed


def _unit(places: pd.DataFrame, level: str, *names: str) -> Texts:
    """A unit as a JSON object, null where the place has none."""
    return _either(places[f"{level}_code"].isna(), "null", "{" + _members(places, level, *names) + "}")


def _members(places: pd.DataFrame, level: str, *names: str) -> Texts:
    texts = [f'"{name}": ' + _json(places[f"{level}_{name}"].to_numpy(dtype=object)) for name in names]
    return reduce(lambda text, member: text + ", " + member, texts)


def _either(condition: Any, then: Any, otherwise: Any) -> Texts:
    return np.where(condition, np.array(then, dtype=object), np.array(otherwise, dtype=object))


def _json(values: Texts) -> Texts:
    return np.array(
        [orjson.dumps(None if value is pd.NA else value).decode() for value in values.tolist()], dtype=object
    )


def replay(explanation: Mapping[str, Any]) -> Decision:
    """Decide again from what an explanation says was seen."""
    cell = explanation["cell"] or {"id": None, "code": None, "name": None}
    desks = {f"{desk['level']}_code": desk["code"] for desk in explanation["desks"]}
    row = {f"cell_{key}": value for key, value in cell.items()} | dict.fromkeys([*PLACE[1:], *DESK_RULES]) | desks
    texts = {"located": explanation["located"], "candidates": orjson.dumps(explanation["candidates"]).decode()}
    roster = pd.DataFrame(explanation["roster"], columns=SEEN)
    decided = decide(pd.DataFrame([row | texts]), draw_up(roster.assign(cell_code=cell["code"])))
    again = orjson.loads(decided["explanation"][0])
    return Decision(*(again[name] for name in Decision._fields))
