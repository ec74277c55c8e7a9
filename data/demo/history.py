"""A year of the demo district's cases as rows: incidents, case files and their events. Points are EPSG:4490, times UTC.

Cases that were dispatched in the past are held by the head of their cell, or by the community's desk where a cell has no
head; those still waiting are left to the dispatcher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data import ledger
from data.copying import copy_frame
from data.database import driver_connection
from geo.lifecycle import START, Event, State, course

if TYPE_CHECKING:
    from data.demo.ground import DemoGround

MOMENTS = {
    Event.FILE: "reported_at",
    Event.DISPATCH: "dispatched_at",
    Event.ACCEPT: "accepted_at",
    Event.FINISH: "finished_at",
    Event.CHECK: "checked_at",
    Event.VERIFY: "closed_at",
}
"""The steps of a case that goes well, in their order, each with the column that holds its time."""
ACCEPTED_AFTER = pd.Timedelta(minutes=20)
CHECKED_AFTER = pd.Timedelta(minutes=30)


def store(connection: Connection, ground: DemoGround, *, located: pd.DataFrame) -> dict[str, int]:
    """COPY the cases; `located` is what `geo.location.locate` gave for the incidents.

    Areas, cells and workers must be in the database, numbered in the order of the frames.
    """
    tables = case_tables(ground, located)
    at = tables["case_event"]["at"]
    ledger.ensure_months(driver_connection(connection), at.min(), at.max())
    return {name: copy_frame(driver_connection(connection), name, frame) for name, frame in tables.items()}


def case_tables(ground: DemoGround, located: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """`incident`, `case_file` and `case_event`, ready to be copied in this order."""
    cases = pd.concat([ground.incidents.reset_index(drop=True), located.reset_index(drop=True)], axis=1)
    moments = {"accepted_at": accepted_at(cases), "checked_at": checked_at(cases)}
    cases = cases.assign(id=np.arange(1, len(cases) + 1), **moments, **holders(cases, ground))
    return {"incident": incidents(cases), "case_file": case_files(cases), "case_event": case_events(cases)}


def holders(cases: pd.DataFrame, ground: DemoGround) -> dict[str, pd.Series]:
    """`worker_id` of the cell's head, else `desk_code` of the community; both missing while a case waits."""
    heads = ground.assignments[ground.assignments["role"] == "head"].set_index("cell_code")["worker_code"]
    worker_number = pd.Series(np.arange(1, len(ground.workers) + 1), index=ground.workers["code"])
    cell_code = pd.Series(ground.cells["code"].to_numpy(), index=np.arange(1, len(ground.cells) + 1))
    area_code = pd.Series(ground.areas["code"].to_numpy(), index=np.arange(1, len(ground.areas) + 1))
    worker = cases["cell_id"].map(cell_code).map(heads).map(worker_number).astype("Int64")
    desk = cases["community_id"].map(area_code).where(worker.isna())
    is_held = cases["dispatched_at"].notna()
    return {"worker_id": worker.where(is_held), "desk_code": desk.where(is_held)}


def incidents(cases: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    told = ["id", "source", "category_code", "description", "reported_at", "geometry"]
    xy = cases.geometry.get_coordinates()
    stored_at = cases["reported_at"]
    return cases[told].assign(lon=xy["x"], lat=xy["y"], datum="cgcs2000", stored_at=stored_at)


def case_files(cases: pd.DataFrame) -> pd.DataFrame:
    place = ["located", "candidates", "cell_id", "community_id", "street_id"]
    frame = cases[["id", *place, "worker_id", "desk_code", "dispatched_at", "closed_at"]]
    steps = cases[list(MOMENTS.values())].notna().sum(axis=1)
    return pd.DataFrame(frame).assign(state=state(cases), filed_at=cases["reported_at"], seq=steps)


def accepted_at(cases: pd.DataFrame) -> pd.Series:
    """A while after dispatch, at the latest half-way to the end of the work; missing while that lies in the future."""
    soon = cases["dispatched_at"] + ACCEPTED_AFTER
    half_way = cases["dispatched_at"] + (cases["finished_at"] - cases["dispatched_at"]) / 2
    accepted = soon.where(half_way.isna() | (soon < half_way), half_way)
    return accepted.where(accepted <= cases["reported_at"].max())


def checked_at(cases: pd.DataFrame) -> pd.Series:
    """A while after the work was fed back, at the latest half-way to the end; missing while that lies in the future."""
    soon = cases["finished_at"] + CHECKED_AFTER
    half_way = cases["finished_at"] + (cases["closed_at"] - cases["finished_at"]) / 2
    checked = soon.where(half_way.isna() | (soon < half_way), half_way)
    return checked.where(checked <= cases["reported_at"].max())


def states() -> dict[Event, tuple[State | None, State]]:
    """The state before and after each step of `MOMENTS`."""
    return {event: (before, after) for event, before, after in course(MOMENTS)}


def state(cases: pd.DataFrame) -> pd.Series:
    """The state after the last step that was taken."""
    reached = pd.Series(str(START), index=cases.index)
    for event, (_, after) in states().items():
        reached = reached.mask(cases[MOMENTS[event]].notna(), str(after))
    return reached


def case_events(cases: pd.DataFrame) -> pd.DataFrame:
    """One row per step that was taken, in the order of time, numbered from 1."""
    steps = pd.concat([step(cases, event, *states()[event]) for event in MOMENTS], ignore_index=True)
    ordered = steps.sort_values(["at", "case_id"], kind="stable", ignore_index=True)
    return ordered.assign(id=np.arange(1, len(ordered) + 1), seq=ordered.groupby("case_id").cumcount() + 1)


def step(cases: pd.DataFrame, event: Event, before: State | None, after: State) -> pd.DataFrame:
    taken = cases[cases[MOMENTS[event]].notna()]
    is_given = event is Event.DISPATCH
    told = {"event": str(event), "from_state": before and str(before), "to_state": str(after)}
    holder = {name: taken[name] if is_given else None for name in ("worker_id", "desk_code")}
    return pd.DataFrame(
        {"case_id": taken["id"], "at": taken[MOMENTS[event]], **told, "actor": actor(taken, event), **holder}
    )


def actor(cases: pd.DataFrame, event: Event) -> pd.Series | str:
    """Who takes a step: the reporter, the dispatcher, the holder, and in the end somebody else."""
    by_role = {Event.FILE: "reporter", Event.DISPATCH: "dispatcher", Event.CHECK: "sweeper", Event.VERIFY: "verifier"}
    if event in by_role:
        return by_role[event]
    desk = "desk:" + cases["desk_code"].astype("string")
    return ("worker:" + cases["worker_id"].astype("string")).fillna(desk)
