"""What holds for every case at a place, worked out once for as long as ground, rosters and rules stay. Tables in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.agencies import Agencies, Wanted
from geo.duty import Others, by_community, draw_up
from geo.location import NOWHERE, Ground
from geo.routing import DESK_STEPS, DUTY_DESK, DUTY_STEP
from geo.rules import AREAS, NONE, RULE, Numbers, Rules
from geo.texts import Texts, either, members, objects, texts, values

NOBODY = -1
AGENCY = ["id", "kind", "code", "name"]


@dataclass(frozen=True)
class Known:
    """What decides besides the ground: rules, agencies, who is on duty, and how much is too much."""

    rules: Rules
    agencies: Agencies
    duty: pd.DataFrame
    """As `geo.duty.draw_up` gives it."""
    others: Others
    area_classes: Mapping[str, str | None]
    """By code of the community."""
    load_max: int
    """Open cases of a worker from which on he is passed over."""
    returns_max: int
    """Returns with which a case goes up one level."""
    wanted: list[Wanted]
    """The agencies that rules ask for."""
    wanted_by: Numbers
    """By rule, and for none, its place in `wanted`, NONE for a grid worker."""
    rule_ids: Texts
    limits: Texts
    rule_texts: Texts
    agency_texts: Texts
    agency_results: Texts
    """How the explanation goes on when an agency takes the case."""

    @classmethod
    def of(
        cls,
        *,
        rules: Rules,
        agencies: pd.DataFrame,
        roster: pd.DataFrame,
        workers: pd.DataFrame,
        area_classes: Mapping[str, str | None],
        load_max: int,
        returns_max: int,
    ) -> Known:
        """From the tables of a moment: `roster` as for `draw_up`, `workers` as for `by_community`."""
        acting = Agencies.of(agencies)
        asked = [_wanted(rule) for rule in rules.frame.to_dict("records")]
        wanted = list(dict.fromkeys(one for one in asked if one is not None))
        return cls(
            rules=rules,
            agencies=acting,
            duty=draw_up(roster),
            others=by_community(workers),
            area_classes=area_classes,
            load_max=load_max,
            returns_max=returns_max,
            wanted=wanted,
            wanted_by=np.array([*(NONE if one is None else wanted.index(one) for one in asked), NONE], dtype=np.int64),
            rule_ids=texts([*rules.frame["id"], None]),
            limits=texts([*rules.frame["time_limit"], None]),
            rule_texts=np.append(objects(rules.frame, "", *RULE), "null"),
            agency_texts=objects(acting.frame, "", *AGENCY),
            agency_results=_agency_results(acting.frame),
        )

    def with_classes(self, area_classes: Mapping[str, str | None]) -> Known:
        """The same for other ground."""
        return replace(self, area_classes=area_classes)


@dataclass(frozen=True)
class Book:
    """Place by place: who acts, which desk is nearest, which rules can hold, and the texts of it.

    The places are the cells in the order of the ground, and behind them those where there is no cell.
    """

    known: Known
    places: pd.DataFrame
    elsewhere: dict[tuple[Any, Any], int]
    """Places without a cell by `community_id` and `street_id`."""
    regions: Numbers
    """By which rules tell places apart."""
    areas: dict[str, tuple[Numbers, pd.Index[Any]]]
    worker: Numbers
    """Of the cell, who is asked first; NOBODY when nobody is on duty."""
    step: Texts
    is_plain: Any
    """Whether a worker of the cell is on duty, or nobody of the community."""
    desk: Texts
    """The nearest, where no worker is asked; else null."""
    text: Texts
    roster: Texts
    result: Texts
    """How the explanation goes on when the first who is asked takes the case; of a worker up to what he has."""

    @classmethod
    def of(cls, ground: Ground, known: Known) -> Book:
        cells, rest = ground.places(), ground.places_without_cell()
        keys = zip(rest["community_id"], rest["street_id"], strict=True)
        elsewhere = {key: len(cells) + place for place, key in enumerate(keys)}
        return cls.of_places(pd.concat([cells, rest], ignore_index=True), known, elsewhere)

    @classmethod
    def of_places(cls, places: pd.DataFrame, known: Known, elsewhere: dict[tuple[Any, Any], int]) -> Book:
        classes = places["community_code"].map(known.area_classes)
        codes = places[[f"{level}_code" for level in AREAS]].set_axis(list(AREAS), axis=1)
        duty = known.duty.reindex(places["cell_code"]).reset_index(drop=True)
        is_nobody = duty["worker_id"].isna().to_numpy()
        is_manned = (places["community_code"].isin(list(known.others)) & places["cell_code"].notna()).to_numpy()
        desk, desk_step = _nearest_desk(places)
        step, desk = either(is_nobody, desk_step, duty["step"]), either(is_nobody, desk, None)
        roster = either(duty["roster"].isna(), "[]", duty["roster"])
        worker = duty["worker_id"].where(~is_nobody, NOBODY).to_numpy(dtype=np.int64)
        return cls(
            known=known,
            places=places,
            elsewhere=elsewhere,
            regions=known.rules.number_places(codes.assign(area_class=classes)),
            areas={level: pd.factorize(codes[level]) for level in AREAS},
            worker=worker,
            step=step,
            is_plain=~is_nobody | ~is_manned,
            desk=desk,
            text=_place_texts(places, classes),
            roster=roster,
            result=_results(worker, step, desk, roster, known.load_max),
        )

    def find(self, located: pd.DataFrame) -> Numbers:
        """The places of `geo.location.locate`'s rows."""
        at = located["cell"].to_numpy(dtype=np.int64).copy()
        lost = at == NOWHERE
        if lost.any():
            keys = located.loc[lost, ["community_id", "street_id"]].to_numpy(dtype=object)
            at[lost] = [self.elsewhere[community, street] for community, street in keys.tolist()]
        return at

    def agencies(self, rules: Numbers, at: Numbers) -> Numbers:
        """The position of the agency that the rule of each case asks first at its place, NONE where there is none."""
        found, asked = np.full(len(rules), NONE), self.known.wanted_by[rules]
        for number in np.unique(asked[asked != NONE]).tolist():
            rows = np.flatnonzero(asked == number)
            areas = {level: (place[at[rows]], codes) for level, (place, codes) in self.areas.items()}
            found[rows] = self.known.agencies.nearest(self.known.wanted[number], areas)
        return found

    def agencies_of(self, rule: int, at: int) -> list[int]:
        """The positions of all agencies that the rule asks at a place, in turn."""
        number = int(self.known.wanted_by[rule])
        codes: dict[str, Any] = {level: self.places[f"{level}_code"].iat[at] for level in AREAS}
        return self.known.agencies.all_for(self.known.wanted[number], codes) if number != NONE else []


def _wanted(rule: Mapping[Any, Any]) -> Wanted | None:
    is_any = pd.isna(rule["agency_code"])
    return (
        None if rule["handler"] == "cell_worker" else Wanted(rule["handler"], None if is_any else rule["agency_code"])
    )


def _agency_results(agencies: pd.DataFrame) -> Texts:
    asked = ', "agencies": [' + objects(agencies, "", *AGENCY) + '], "step": ' + values(agencies["kind"])
    whole: Texts = asked + ', "agency_id": ' + values(agencies["id"])
    return np.append(whole, "")


def _results(worker: Numbers, step: Texts, desk: Texts, roster: Texts, load_max: int) -> Texts:
    number = texts(map(str, worker.tolist()))
    of_worker = ', "worker_id": ' + number + ', "loads": {"' + number + '": '
    of_desk = ', "desk_code": ' + values(desk) + ', "loads": {}'
    begin = ', "roster": ' + roster + f', "load_max": {load_max}, "step": "' + step + '"'
    whole: Texts = begin + either(worker == NOBODY, of_desk, of_worker)
    return whole


def _nearest_desk(places: pd.DataFrame) -> tuple[Texts, Texts]:
    desks = places[[f"{level}_code" for level in DESK_STEPS]].assign(duty=DUTY_DESK)
    nearest = desks.notna().to_numpy().argmax(axis=1)
    desk = desks.to_numpy(dtype=object)[np.arange(len(desks)), nearest]
    return desk, texts([*DESK_STEPS.values(), DUTY_STEP])[nearest]


def _place_texts(places: pd.DataFrame, classes: pd.Series) -> Texts:
    """`cell`, `area_class` and `desks`, the desks that could be asked, nearest first."""
    asked = np.full(len(places), "", dtype=object)
    for level in DESK_STEPS:
        names = ("code", "name") if f"{level}_name" in places else ("code",)
        desk = f', {{"level": "{level}", ' + members(places, f"{level}_", *names) + "}"
        asked += either(places[f"{level}_code"].isna(), "", desk)
    listed = texts(f', "desks": [{text[2:]}]' for text in asked.tolist())
    cell = objects(places, "cell_", "id", "code", "name")
    class_of = values(classes.where(classes.notna(), None))
    whole: Texts = ', "cell": ' + cell + ', "area_class": ' + class_of + listed
    return whole
