"""Floor-area standards of service stations: what each community has, should have and lacks. Floor areas are square metres.

A station that serves several communities is shared out between them. What is not recorded is never counted as met.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.errors import BadInput

ANY_CLASS = "any"
SHARINGS = ("by_households", "equal", "full")
AREA_CLASS_UNKNOWN = "the area class is not recorded"
CLASS_WITHOUT_LIMIT = "the standard says nothing about this area class"
FLOOR_AREA_UNKNOWN = "the floor area of a station is not recorded"
SHARE_UNKNOWN = "a station is shared by households, and those of a community it serves are not recorded"
NO_STATIONS_RECORDED = "no station is recorded in this district"
REVISION = 1
"""To be raised when the same input gives another finding, so that an earlier run is not taken for it."""
TOLERANCE_M2 = 1e-6
"""Shares of one station add up to it but for rounding."""


def assess(
    communities: pd.DataFrame, serves: pd.DataFrame, limits: Mapping[str, float], *, sharing: str
) -> pd.DataFrame:
    """One finding per community.

    communities: `code`, `area_class` (null: not recorded), `households` (null: not recorded).
    serves: one row per station and community: `station`, `community_code`, `floor_area_m2` (null: not recorded), `share` (part
    of the floor area that this community may count; null: by `sharing`). limits: required m² by area class, `any` for all.
    sharing: `by_households`, `equal`, or `full` (every community counts all of it).

    Returns, in the order of `communities`: `code`, `area_class`, `outcome` (meets, short, unknown), `required_m2`,
    `actual_m2` (what is recorded; null when no station is), `missing_m2` (null unless short), `stations` (list of `station`,
    `share`, `counted_m2`) and `reason` (null unless unknown).

    A community without a station has 0 m² and is short, as long as its district (six digits) has any station on record;
    where none is, stations have not been recorded yet, and the outcome is unknown.
    """
    counted = shared_out(serves, communities, sharing)
    found = communities[["code", "area_class"]].reset_index(drop=True)
    found["required_m2"] = found["area_class"].map(dict(limits)).astype(float).fillna(limits.get(ANY_CLASS, np.nan))
    found["actual_m2"] = found["code"].map(counted.groupby("community_code")["counted_m2"].sum()).fillna(0.0)
    found["reason"] = _reasons(found, counted, limits)
    is_known = found["reason"].isna()
    is_short = is_known & (found["actual_m2"] + TOLERANCE_M2 < found["required_m2"])
    found["actual_m2"] = found["actual_m2"].where(found["reason"] != NO_STATIONS_RECORDED)
    found["outcome"] = np.select([~is_known, is_short], ["unknown", "short"], "meets")
    found["missing_m2"] = (found["required_m2"] - found["actual_m2"]).where(is_short)
    return found.assign(stations=_stations(counted, found["code"]))


def figures(findings: pd.DataFrame) -> dict[str, int]:
    """How many communities were checked, and with which outcome."""
    counts = findings["outcome"].value_counts()
    return {"checked": len(findings)} | {name: int(counts.get(name, 0)) for name in ("meets", "short", "unknown")}


def shared_out(serves: pd.DataFrame, communities: pd.DataFrame, sharing: str) -> pd.DataFrame:
    """`serves` with the `share` that each community may count (null: can't be known) and `counted_m2` (null: not recorded).

    Given shares are kept; what they leave of a station goes to its other communities by `sharing`.
    """
    if sharing not in SHARINGS:
        raise BadInput(f"sharing {sharing!r} is none of {', '.join(SHARINGS)}", sharing=sharing)
    rows = serves.assign(share=serves["share"].astype(float))
    rows["share"] = rows["share"].fillna(1.0 if sharing == "full" else _left(rows) * _part(rows, communities, sharing))
    return rows.assign(counted_m2=rows["share"] * rows["floor_area_m2"].astype(float))


def _left(rows: pd.DataFrame) -> pd.Series:
    """What the given shares of its station leave, from 0 to 1."""
    return (1 - rows.groupby("station")["share"].transform("sum")).clip(lower=0)


def _part(rows: pd.DataFrame, communities: pd.DataFrame, sharing: str) -> pd.Series:
    """Each row's part of what is left of its station; null when households are needed and not recorded."""
    waiting = rows[rows["share"].isna()]
    households = communities.set_index("code")["households"].astype(float)
    weight = waiting["community_code"].map(households) if sharing == "by_households" else waiting["share"].fillna(1.0)
    weight = weight.astype(float)  # of no rows it would be text
    total = weight.groupby(waiting["station"]).transform(lambda group: group.sum(skipna=False))
    is_alone = waiting.groupby("station")["station"].transform("size") == 1
    return (weight / total.where(total > 0)).where(~is_alone, 1.0)


def _reasons(found: pd.DataFrame, counted: pd.DataFrame, limits: Mapping[str, float]) -> pd.Series:
    """Why an outcome can't be known; null where it can."""
    district = found["code"].str[:6]
    is_missing = {
        AREA_CLASS_UNKNOWN: found["required_m2"].isna() & found["area_class"].isna(),
        CLASS_WITHOUT_LIMIT: found["required_m2"].isna(),
        NO_STATIONS_RECORDED: ~district.isin(counted["community_code"].str[:6]),
        FLOOR_AREA_UNKNOWN: found["code"].isin(counted["community_code"][counted["floor_area_m2"].isna()]),
        SHARE_UNKNOWN: found["code"].isin(counted["community_code"][counted["share"].isna()]),
    }
    reasons = np.select(list(is_missing.values()), list(is_missing), "")
    return pd.Series(reasons, dtype=object).replace("", None)


def _stations(counted: pd.DataFrame, codes: pd.Series) -> pd.Series:
    """For each of `codes` the stations that count for it, as plain values."""
    listed = counted[["station", "share", "counted_m2"]].astype(object)
    listed = listed.where(listed.notna(), None)
    groups = counted.groupby("community_code").groups
    return pd.Series([listed.loc[groups.get(code, [])].to_dict("records") for code in codes], dtype=object)
