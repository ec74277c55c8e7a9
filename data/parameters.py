"""The numbers that rules use, by name, as they hold on a day. Units are in the names: m, m/min, min, households, hours."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, select

from data.days import holds, today
from data.dialogues import Dialogue, ask
from data.models import Parameter
from geo.errors import NotReady

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Numbers = TypeVar("Numbers", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """One value of each parameter in `data/reference/parameters.csv`, under the same name."""

    walk_minutes: float
    life_circle_minutes: float
    walk_minutes_min: float
    walk_minutes_max: float
    walk_speed_m_per_min: float
    street_snap_m: float
    island_streets_m: float
    service_area_grid_m: float
    border_tolerance_m: float
    cell_households_min: int
    cell_households_max: int
    reminder_share: float
    escalation_hold_hours: float
    escalation_returns: int
    due_soon_share: float
    satisfied_from_points: int
    report_in_minutes: float
    report_in_distance_m: float
    reopen_days: float
    worker_load_max: int


def parameters(connection: Connection, on: date | None = None) -> Parameters:
    """The parameters that hold on the day `on` (today). Raises NotReady when one is missing."""
    held = select(Parameter.name, Parameter.value).where(holds(Parameter, on or today()))
    values: dict[str, Any] = dict(connection.execute(held).all())
    return typed(Parameters, values)


def typed(kind: type[Numbers], values: Mapping[str, Any]) -> Numbers:
    """The numbers that `kind` has fields for. Raises: NotReady when one is missing."""
    _expect([field.name for field in fields(kind)], values)
    return kind(**{field.name: _typed(field.type, values[field.name]) for field in fields(kind)})


def numbers(*names: str) -> Dialogue[dict[str, float]]:
    """Today's values of the parameters `names`, within a dialogue. Raises: NotReady when one is missing."""
    found = {row["name"]: row["value"] for row in (yield ask("numbers", names=list(names), today=today()))}
    _expect(names, found)
    return found


def _expect(names: Iterable[str], found: Container[str]) -> None:
    missing = [name for name in names if name not in found]
    if missing:
        raise NotReady(f"no value for {', '.join(missing)} on that day: run `wangge db migrate`", missing=missing)


def _typed(kind: object, value: float) -> Any:
    return int(value) if kind == "int" else value
