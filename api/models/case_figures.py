"""Cases on the map and in charts, and saved views. Coordinates are degrees in EPSG:4490."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.models.base import Shape, example
from api.models.cases import Stage, TimeLeft
from api.models.geojson import POINT_EXAMPLE, Point
from api.models.incidents import State

POINT: dict[str, Any] = {
    "type": "Feature",
    "id": 50501,
    "geometry": POINT_EXAMPLE,
    "properties": {"id": 50501, "state": "handling", "stage": "handle", "time_left": "late"},
}
SQUARE: dict[str, Any] = {"lon": 116.366251, "lat": 39.911803, "count": 12, "late": 1, "soon": 2}
VIEW: dict[str, Any] = {
    "id": 7,
    "name": "本街道超时",
    "query": {"area": "110199001000", "late": "late", "sort": "due"},
    "saved_at": "2026-05-03T10:50:00+08:00",
}


class CasePoint(Shape):
    id: int
    state: State
    stage: Stage
    time_left: TimeLeft


class CaseFeature(Shape):
    type: Literal["Feature"]
    id: int
    geometry: Point
    properties: CasePoint


class CaseMap(Shape):
    model_config = example(type="FeatureCollection", features=[POINT], is_complete=True)

    type: Literal["FeatureCollection"]
    features: list[CaseFeature]
    is_complete: Annotated[bool, Field(description="false: there are more than 5,000; ask for the heat instead")]


class Square(Shape):
    """A square of the grid: the mean of its cases' places, and how many they are."""

    model_config = example(**SQUARE)

    lon: float
    lat: float
    count: int
    late: int
    soon: int


class CaseHeat(Shape):
    model_config = example(width=0.02197265625, height=0.016832, is_complete=True, cells=[SQUARE])

    width: float
    height: float
    is_complete: Annotated[bool, Field(description="false: only the first 100,000 are counted")]
    cells: list[Square]


class Flow(Shape):
    day: date
    opened: int
    closed: int


class Age(Shape):
    bucket: Annotated[str, Field(description="Days since it was filed", examples=["3-7"])]
    count: int


class OnTime(Shape):
    """What was closed in time, out of what has come due or is closed."""

    dimension: Literal["street", "category"]
    key: str
    name: str
    name_en: str | None
    on_time: int
    total: int


class OfCell(Shape):
    key: str
    name: str
    open: int
    late: int


CHARTS: dict[str, Any] = {
    "from": "2026-05-03",
    "to": "2026-05-03",
    "flow": [{"day": "2026-05-03", "opened": 41, "closed": 38}],
    "ageing": [{"bucket": "0-1", "count": 30}],
    "on_time": [
        {
            "dimension": "street",
            "key": "110199001000",
            "name": "柳荫街道",
            "name_en": "Liuyin",
            "on_time": 35,
            "total": 40,
        }
    ],
    "by_cell": [{"key": "110199001001003", "name": "柳荫社区第三网格", "open": 4, "late": 1}],
}


class CaseCharts(Shape):
    model_config = example(**CHARTS)

    from_: Annotated[date, Field(alias="from")]
    to: date
    flow: list[Flow]
    ageing: list[Age]
    on_time: list[OnTime]
    by_cell: list[OfCell]


Choice = Annotated[str, StringConstraints(max_length=20_000)]


class NewView(Shape):
    """A selection to keep: the parameters of a list of cases, as in its address."""

    model_config = example(name=VIEW["name"], query=VIEW["query"])

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
    query: Annotated[dict[str, Choice], Field(max_length=30)]


class View(Shape):
    model_config = example(**VIEW)

    id: int
    name: str
    query: dict[str, str]
    saved_at: datetime


class ViewList(Shape):
    model_config = example(views=[VIEW])

    views: list[View]
