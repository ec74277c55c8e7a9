"""A year of the demo district's cases as rows: incidents, case files, their events and ratings. Points EPSG:4490, times UTC.

Those still waiting are left to the dispatcher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data import ledger
from data.copying import copy_frame, iso_texts
from data.database import driver_connection
from data.demo import lives
from data.situation import Situation
from geo.lifecycle import HELD, Event, course
from geo.routing import DUTY_DESK

if TYPE_CHECKING:
    from data.demo.ground import DemoGround

MOMENTS = (
    (Event.FILE, "reported_at"),
    (Event.DISPATCH, "dispatched_at"),
    (Event.ACCEPT, "accepted_at"),
    (Event.FINISH, "finished_at"),
    (Event.CHECK, "checked_at"),
    (Event.REJECT, "rejected_at"),
    (Event.FINISH, "finished_again_at"),
    (Event.CHECK, "checked_again_at"),
    (Event.VERIFY, "closed_at"),
    (Event.RATE, "rated_at"),
)
"""The steps of a case in their order, each with the column that holds its time; missing where it was not taken."""
AFTER = [after for _, _, after in course(event for event, _ in MOMENTS)]
"""The state after each of `MOMENTS`."""
HOLDER = ["worker_id", "desk_code", "agency_id"]
SEED = 12


def store(connection: Connection, ground: DemoGround, *, located: pd.DataFrame, known: Situation) -> dict[str, int]:
    """COPY the cases; `located` is what `geo.location.locate` gave for the incidents on the ground that is `known`.

    Areas, cells, workers and agencies must be in the database, numbered in the order of the frames.
    """
    tables = case_tables(ground, located, known)
    at = tables["case_event"]["at"]
    ledger.ensure_months(driver_connection(connection), at.min(), at.max())
    return {name: copy_frame(driver_connection(connection), name, frame) for name, frame in tables.items()}


def case_tables(ground: DemoGround, located: pd.DataFrame, known: Situation) -> dict[str, pd.DataFrame]:
    """`incident`, `case_file`, `case_event` and `rating`, ready to be copied in this order."""
    cases = _cases(ground.incidents.reset_index(drop=True), located.reset_index(drop=True), known)
    events = case_events(cases)
    return {
        "incident": incidents(cases),
        "case_file": case_files(cases, events),
        "case_event": events.drop(columns=["number", "holder"]),
        "rating": ratings(cases, events),
    }


def _cases(told: gpd.GeoDataFrame, located: pd.DataFrame, known: Situation) -> gpd.GeoDataFrame:
    """Everything about each case: what was told, where it lies, who got it, what became of it."""
    cases = pd.concat([told, located, lives.hand_out(told, located, known)], axis=1)
    as_of = told["reported_at"].max()
    cases = cases.join(lives.live(cases, known.calendar, as_of, np.random.default_rng(SEED)))
    cases["explanation"] = lives.explain(cases, known.calendar, known.book.known.load_max)
    return cases.assign(id=np.arange(1, len(cases) + 1), **_hands(cases))


def _hands(cases: pd.DataFrame) -> dict[str, pd.Series]:
    """Through whose hands a case goes: who got it, the desk that the work is fed back to, and who verifies; as actors."""
    district = cases["street_code"].str[:6] + "000000"
    holder = _actor("worker:", cases["worker_id"]).fillna(_actor("agency:", cases["agency_id"]))
    holder = holder.fillna("desk:" + cases["desk_code"])
    community, street = ("desk:" + cases[f"{level}_code"] for level in ("community", "street"))
    last = "desk:" + district.fillna(DUTY_DESK)
    verifier = community.where(community != holder).fillna(street.where(street != holder)).fillna(last)
    return {"first_holder": holder, "answered_to": street.fillna(last), "verifier": verifier}


def _actor(kind: str, ids: pd.Series) -> pd.Series:
    return kind + ids.astype("Int64").astype("string").astype(object)


def incidents(cases: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    told = ["id", "source", "category_code", "description", "reported_at", "geometry"]
    xy = cases.geometry.get_coordinates()
    stored_at = cases["reported_at"]
    return cases[told].assign(lon=xy["x"], lat=xy["y"], datum="cgcs2000", stored_at=stored_at)


def case_files(cases: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """As the last event of each has left it."""
    place = ["located", "candidates", "cell_id", "community_id", "street_id"]
    frame = cases[["id", *place, "dispatched_at", "closed_at", "rule_id", "time_limit", "due_at", "is_provisional"]]
    last = (
        events.drop_duplicates("case_id", keep="last").set_index("case_id").reindex(cases["id"]).set_axis(cases.index)
    )
    holder = _columns(pd.Series(last["holder"], cases.index))
    return pd.DataFrame(frame).assign(
        seq=last["seq"],
        state=last["to_state"],
        filed_at=cases["reported_at"],
        held_since=last["at"].where(last["to_state"].isin(HELD)),
        lead=cases["first_holder"],
        handler=cases["first_holder"].where(cases["finished_at"].notna()),
        outcome=pd.Series("solved", cases.index).where(cases["closed_at"].notna()),
        reworks=cases["rejected_at"].notna().astype(int),
        **holder,
    )


def case_events(cases: pd.DataFrame) -> pd.DataFrame:
    """One row per step that was taken, in the order of time, numbered from 1; with `holder`, who has the case after it."""
    steps = pd.concat([_step(cases, number) for number in range(len(MOMENTS))], ignore_index=True)
    chain = steps.sort_values(["case_id", "number"], ignore_index=True)
    by_case = chain.groupby("case_id", sort=False)
    chain = chain.assign(seq=by_case.cumcount() + 1, from_state=by_case["to_state"].shift())
    is_taken = chain["from_state"].isin(HELD)
    since = (chain["at"] - by_case["at"].shift()).dt.total_seconds() / 60
    chain = chain.assign(held_by=by_case["holder"].shift().where(is_taken), held_minutes=since.where(is_taken))
    ordered = chain.sort_values(["at", "case_id", "seq"], ignore_index=True)
    return ordered.assign(id=np.arange(1, len(ordered) + 1))


def _step(cases: pd.DataFrame, number: int) -> pd.DataFrame:
    event, column = MOMENTS[number]
    taken = cases[cases[column].notna()]
    rows = {"case_id": taken["id"], "number": number, "at": taken[column], "event": str(event)}
    rows |= {"to_state": str(AFTER[number]), "actor": _who(taken, event), "holder": _has(taken, event)}
    rows |= _columns(_given(taken, event)) | {"explanation": None, "detail": None}
    return pd.DataFrame(rows | _more(taken, event))


def _has(cases: pd.DataFrame, event: Event) -> pd.Series | None:
    """Who has the case after the event."""
    by_event = {Event.FINISH: "answered_to", Event.CHECK: "verifier", Event.VERIFY: "verifier", Event.RATE: "verifier"}
    return None if event == Event.FILE else cases[by_event.get(event, "first_holder")]


def _given(cases: pd.DataFrame, event: Event) -> pd.Series:
    """Whom the event gives the case to."""
    gives = (Event.DISPATCH, Event.FINISH, Event.CHECK, Event.REJECT)
    found = _has(cases, event) if event in gives else None
    return pd.Series(None, cases.index, dtype=object) if found is None else found


def _who(cases: pd.DataFrame, event: Event) -> pd.Series | str:
    """Who takes a step: the reporter, the dispatcher, who has it, and in the end somebody else."""
    by_role = {Event.FILE: "reporter", Event.DISPATCH: "dispatcher", Event.RATE: "reporter"}
    of_case = {Event.CHECK: "answered_to", Event.REJECT: "verifier", Event.VERIFY: "verifier"}
    return by_role[event] if event in by_role else cases[of_case.get(event, "first_holder")]


def _more(cases: pd.DataFrame, event: Event) -> dict[str, pd.Series]:
    """What else an event tells: the end of the clock, or what the reporter said."""
    if event == Event.DISPATCH:
        due = '{"due_at": {"to": "' + iso_texts(cases["due_at"]) + '"}}'
        return {"explanation": cases["explanation"], "detail": due.where(cases["explanation"].isna())}
    if event != Event.RATE:
        return {}
    said = [
        f'{{"is_answered": {str(bool(a)).lower()}, "is_solved": {str(bool(s)).lower()}, "satisfaction": {n}}}'
        for a, s, n in zip(cases["is_answered"], cases["is_solved"], cases["satisfaction"], strict=True)
    ]
    return {"detail": pd.Series(said, cases.index, dtype=object)}


def ratings(cases: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    closings = events[events["event"] == Event.VERIFY].set_index("case_id")["seq"]
    rated = cases[cases["rated_at"].notna()]
    told = rated[["is_answered", "is_solved", "satisfaction", "rated_at"]]
    return pd.DataFrame(told).assign(case_id=rated["id"], closing=rated["id"].map(closings), rated_by="reporter")


def _columns(actor: pd.Series) -> dict[str, pd.Series]:
    """An actor as the three columns of which one is filled."""
    kinds = dict(zip(("worker", "desk", "agency"), HOLDER, strict=True))
    written = actor.astype("string")
    return {
        column: written.str.extract(f"^{kind}:(.*)$", expand=False).astype(object) for kind, column in kinds.items()
    }
