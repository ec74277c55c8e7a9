"""The selection of cases as it stands in an address or a body: every member a text, lists separated by commas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from api.dependencies import Text, parse_bbox
from api.errors import bad_field
from data.case_filters import TIMES_LEFT, Wanted
from data.geojson import read_polygon
from geo.errors import BadGeometry
from geo.lifecycle import Stage, State

MAX_VALUES = 1000
LEVELS = ("cell", "community", "street", "district")
SOURCES = ("grid_worker", "hotline", "resident", "video", "superior", "system")
UNIT_CODE = re.compile(r"[0-9]{12}")
CELL_CODE = re.compile(r"[0-9]{13,20}")
CATEGORY_CODE = re.compile(r"[^\x00]{1,40}")
ACTOR = re.compile(r"(worker|agency):[0-9]{1,18}|desk:[0-9]{12}")
NUMBER = re.compile(r"[0-9]{1,18}")
MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
Check = Callable[[str], object]
MAX_TYPED = 200
Reader = Callable[[str, str], Any]

Codes = Annotated[str | None, Field(max_length=20_000)]


def parse_wanted(
    *,
    stage: Annotated[str | None, Query(description=f"Any of {', '.join(Stage)}", examples=["handle,verify"])] = None,
    state: Annotated[str | None, Query(description=f"Any of {', '.join(State)}")] = None,
    area: Annotated[Codes, Query(description="Codes of areas of any level", examples=["110199001000"])] = None,
    cell: Annotated[Codes, Query(description="Codes of cells")] = None,
    category: Annotated[Codes, Query(description="Codes of categories; a major one includes those below it")] = None,
    source: Annotated[str | None, Query(description=f"Any of {', '.join(SOURCES)}")] = None,
    holder: Annotated[Codes, Query(description="Who has it in hand: worker:<id>, desk:<code>, agency:<id>")] = None,
    late: Annotated[str | None, Query(description=f"Time left: any of {', '.join(TIMES_LEFT)}; open cases")] = None,
    level: Annotated[str | None, Query(description=f"How far up it has come: any of {', '.join(LEVELS)}")] = None,
    since: Annotated[str | None, Query(description="Filed at or after", examples=["2026-05-01T00:00+08:00"])] = None,
    until: Annotated[str | None, Query(description="Filed before")] = None,
    bbox: Annotated[str | None, Query(description="`minlon,minlat,maxlon,maxlat` in degrees that it lies in")] = None,
    polygon: Annotated[str | None, Query(description="GeoJSON of a polygon that it lies in, EPSG:4490")] = None,
    ids: Annotated[Codes, Query(description="`id` of cases", examples=["50501,50502"])] = None,
    parent: Annotated[str | None, Query(description="`id` of the case that they are doubles of")] = None,
    q: Annotated[
        Text | None, Query(description="Words in the description, or names of places, categories, holders")
    ] = None,
) -> Wanted:
    return read_wanted({name: value for name, value in locals().items() if value is not None})


def read_wanted(told: Mapping[str, str]) -> Wanted:
    """Members that are not told mean any. Raises: BadInput naming the member that is wrong."""
    strange = next((name for name in told if name not in READERS), None)
    if strange is not None:
        raise bad_field(strange, told[strange], "is not by what cases can be selected")
    return Wanted(**{name: READERS[name](name, value) for name, value in told.items()})


def _any_of(check: Check) -> Reader:
    return lambda name, told: tuple(_checked(name, value, check) for value in _parts(name, told))


def _parts(name: str, told: str) -> list[str]:
    values = [part for part in told.split(",") if part]
    if not values or len(values) > MAX_VALUES:
        raise bad_field(name, told, f"must be 1 to {MAX_VALUES} values, separated by commas")
    return values


def _checked(name: str, value: str, check: Check) -> str:
    if not check(value):
        raise bad_field(name, value, "is none of the values that there are")
    return value


def _number(name: str, told: str) -> int:
    return int(_checked(name, told, NUMBER.fullmatch))


def _numbers(name: str, told: str) -> tuple[int, ...]:
    return tuple(_number(name, value) for value in _parts(name, told))


def _moment(name: str, told: str) -> datetime:
    try:
        return MOMENT.validate_python(told)
    except ValidationError as error:
        raise bad_field(name, told, "must be a moment with an offset, such as 2026-05-01T00:00+08:00") from error


def _polygon(name: str, told: str) -> bytes:
    try:
        return read_polygon(told)
    except BadGeometry as error:
        raise bad_field(name, told, error.message) from error


def _is_text(told: str) -> bool:
    return "\0" not in told and len(told) <= MAX_TYPED


READERS: dict[str, Reader] = {
    "stage": _any_of(list(Stage).__contains__),
    "state": _any_of(list(State).__contains__),
    "area": _any_of(UNIT_CODE.fullmatch),
    "cell": _any_of(CELL_CODE.fullmatch),
    "category": _any_of(CATEGORY_CODE.fullmatch),
    "source": _any_of(SOURCES.__contains__),
    "holder": _any_of(ACTOR.fullmatch),
    "late": _any_of(TIMES_LEFT.__contains__),
    "level": _any_of(LEVELS.__contains__),
    "since": _moment,
    "until": _moment,
    "bbox": lambda _, told: parse_bbox(told),
    "polygon": _polygon,
    "ids": _numbers,
    "parent": _number,
    "q": lambda name, told: _checked(name, told, _is_text),
}
WantedDep = Annotated[Wanted, Depends(parse_wanted)]
Sort = Annotated[
    Literal["due", "-filed", "filed", "-held", "id"],
    Query(description="due: the most urgent first; -filed: the newest; -held: the longest in one hand; id: the lowest"),
]
