"""Checks of floor-area standards: what they read and what they leave behind. Floor areas are m²."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select

from data import frames
from data.database import driver_connection, sql
from data.days import holds
from data.models import Area, CheckRun, Finding, Standard, StandardLimit
from geo.errors import NotFound, NotReady
from geo.standards import REVISION

NUMBERS = ("required_m2", "actual_m2", "missing_m2")


@dataclass(frozen=True, eq=False)
class Edition:
    """One standard as it holds on a day; `limits` is the required m² by area class."""

    id: int
    name: str
    title: str
    sharing: str
    source: str
    limits: dict[str, float]


@dataclass(frozen=True, eq=False)
class CheckInput:
    """`communities`: `code`, `area_class`, `households`. `serves`: `station`, `floor_area_m2`, `community_code`, `share`."""

    edition: Edition
    communities: pd.DataFrame
    serves: pd.DataFrame

    @property
    def digest(self) -> str:
        edition = self.edition
        rule = (REVISION, edition.id, edition.sharing, sorted(edition.limits.items()))
        return frames.digest(rule, self.communities, self.serves)


def read(connection: Connection, name: str, on: date) -> CheckInput:
    """All that a check of the standard `name` needs to know, as it is on the day `on`.

    Raises NotFound for an unknown standard, NotReady when no community is loaded.
    """
    edition = read_edition(connection, name, on)
    wanted = select(Area.code, Area.area_class, Area.households).where(Area.level == "community", holds(Area, on))
    communities = frames.read(connection, wanted.order_by(Area.code))
    if communities.empty:
        raise NotReady("no communities are loaded: run `wangge demo load` or `wangge import communities FILE`")
    return CheckInput(edition, communities, _serves(connection, on))


def read_edition(connection: Connection, name: str, on: date) -> Edition:
    """The newest edition of the standard `name` that holds on the day `on`."""
    columns = (Standard.id, Standard.name, Standard.title, Standard.sharing, Standard.source)
    wanted = select(*columns).where(Standard.name == name, holds(Standard, on)).order_by(Standard.valid_from.desc())
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise NotFound(f"no standard {name!r} holds on {on}: give {_names(connection, on)}", standard=name)
    limits = select(StandardLimit.area_class, StandardLimit.required_m2).where(StandardLimit.standard_id == row["id"])
    return Edition(**row, limits=dict(connection.execute(limits).all()))


def store(connection: Connection, given: CheckInput, findings: pd.DataFrame, figures: dict[str, int]) -> int:
    """Add a run with its findings (columns as `geo.standards.assess` returns them); return its id."""
    run = {"standard_id": given.edition.id, "input_digest": given.digest, "figures": figures}
    run_id = connection.scalars(insert(CheckRun).values(run).returning(CheckRun.id)).one()
    connection.execute(insert(Finding), [{"run_id": run_id} | row for row in _finding_rows(findings)])
    return run_id


def same_as_latest(connection: Connection, given: CheckInput) -> int | None:
    """The latest run against the standard, if it read the same; until the transaction ends nobody else adds one."""
    edition = select(Standard.id).where(Standard.id == given.edition.id)
    connection.execute(edition.with_for_update())
    wanted = select(CheckRun.id, CheckRun.input_digest).where(CheckRun.standard_id == given.edition.id)
    latest = connection.execute(wanted.order_by(CheckRun.checked_at.desc(), CheckRun.id.desc()).limit(1)).first()
    return latest.id if latest and latest.input_digest == given.digest else None


def _finding_rows(findings: pd.DataFrame) -> list[dict[str, Any]]:
    plain = findings.astype(object)
    plain = plain.where(plain.notna(), None)
    return [_finding_row(row) for row in plain.to_dict("records")]


def _finding_row(row: dict[Any, Any]) -> dict[str, Any]:
    detail = {"stations": row["stations"]} | ({"reason": row["reason"]} if row["reason"] else {})
    kept = {name: row[name] for name in ("outcome", "area_class", *NUMBERS)}
    return {"community_code": row["code"], "detail": detail} | kept


def _serves(connection: Connection, on: date) -> pd.DataFrame:
    cursor = driver_connection(connection).execute(sql("stations_serving"), {"on": on})
    return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])


def _names(connection: Connection, on: date) -> str:
    names = connection.scalars(
        select(Standard.name).where(holds(Standard, on)).distinct().order_by(Standard.name)
    ).all()
    return " or ".join(names) or "none is loaded, run `wangge db migrate`"
