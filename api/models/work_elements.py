"""Elements of a worker's cells: masked in lists, whole one at a time. Positions in degrees."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from api.dependencies import CellCode
from api.models.base import Shape, example
from api.models.incidents import Datum, Told
from api.models.moves import Lat, Lon

Kind = Literal["people", "places", "things", "events", "organisations"]
Short = Annotated[Told, Field(max_length=100)]
Note = Annotated[Told, Field(max_length=500)]
Name = Annotated[Told, Field(max_length=40)]
Phone = Annotated[Told, Field(max_length=30, pattern=r"^[0-9+()\- ]*$")]
Home = Annotated[Told, Field(max_length=200)]
Seq = Annotated[int, Strict(), Field(ge=1, lt=2**31, description="`seq` of the element as the caller has seen it")]
ELEMENT = {
    "id": 8,
    "kind": "people",
    "cell_code": "110199001001003",
    "title": None,
    "label": "独居老人",
    "name": "张*",
    "phone": "138****1234",
    "home": "****",
    "note": "每周探访",
    "lon": None,
    "lat": None,
    "seq": 2,
    "changed_at": "2026-04-22T09:10:00+08:00",
    "confirmed_at": "2026-04-22T09:10:00+08:00",
}


class ElementText(Shape):
    """What both a new element and a correction may tell. What is not told of a correction stays; null takes it out."""

    title: Short | None = None
    label: Short = ""
    note: Note = ""
    name: Name | None = None
    phone: Phone | None = None
    home: Home | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    datum: Datum = "wgs84"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.lon is None) != (self.lat is None) or ("lon" in self.model_fields_set) != (
            "lat" in self.model_fields_set
        ):
            raise ValueError("lon and lat belong together")
        return self


class NewElement(ElementText):
    """Something that a worker puts on the list of one of his cells."""

    model_config = example(kind="people", cell="110199001001003", label="独居老人", name="张三丰", phone="13800001234")

    kind: Kind
    cell: CellCode


class ElementChange(ElementText):
    """A correction on the spot; with nothing but `seq` it says that all is still so."""

    model_config = example(seq=2, phone="13900001234")

    seq: Seq
    is_gone: Annotated[bool, Strict(), Field(description="Take it off the list")] = False


class Element(Shape):
    """An element, masked."""

    model_config = example(**ELEMENT)

    id: int
    kind: Kind
    cell_code: str
    title: str | None
    label: str
    name: str | None
    phone: str | None
    home: str | None
    note: str
    lon: float | None
    lat: float | None
    seq: int
    changed_at: datetime
    confirmed_at: datetime


class ElementList(Shape):
    model_config = example(elements=[ELEMENT], next=None)

    elements: list[Element]
    next: Annotated[int | None, Field(description="Give it as `after` for the next page; null: this is the last one")]


class ElementState(Shape):
    """The element as it is now; null when it was taken off the list."""

    model_config = example(element=ELEMENT)

    element: Element | None


class WholeElement(Shape):
    """What is masked of one element, whole."""

    model_config = example(title=None, note="每周探访", name="张三丰", phone="13800001234", home="柳荫胡同 5 号")

    title: str | None
    note: str
    name: str | None
    phone: str | None
    home: str | None
