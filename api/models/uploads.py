"""Files brought in by the browser: what is chosen for them, how far they are, and what went in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from api.dependencies import without_nul
from api.models.base import Shape, example

Kind = Literal[
    "streets", "communities", "cells", "facilities", "network", "residences", "workers", "incidents", "calendar"
]
UploadState = Literal["reading", "draft", "checking", "checked", "importing", "imported"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(without_nul)]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Encoding = Literal["utf-8", "gb18030", "big5", "utf-16"]
SHA256 = "5f16b2f1e0d3c1b7f0b0a8f7f3d7f1d8a3c2e4b6a9d8c7b6a5f4e3d2c1b0a9f8"


def is_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is no time zone, such as Asia/Shanghai")
    return name


class UploadOptions(Shape):
    """What a person says about a file beyond what can be read from it; docs/importing.md explains each."""

    model_config = example(datum="gcj02", columns={"name": "社区名"}, edition="2026-01-01", repairing=True)

    columns: Annotated[dict[Name, Name], Field(max_length=60)] | None = None
    units: Annotated[dict[Name, Name], Field(max_length=10)] | None = None
    left_out: Annotated[list[Name], Field(max_length=60)] | None = None
    crs: Annotated[str, StringConstraints(pattern=r"^EPSG:[0-9]{4,6}$")] | None = None
    datum: Datum | None = None
    encoding: Encoding | None = None
    layer: Name | None = None
    under: Annotated[str, StringConstraints(pattern=r"^[0-9]{6,12}$")] | None = None
    timezone: Annotated[str, StringConstraints(max_length=60), AfterValidator(is_timezone)] | None = None
    edition: date | None = None
    repairing: bool = False
    derived: bool = False
    history: bool = False
    swapped: bool = False
    insisting: bool = False
    provisional: bool = False

    def plain(self) -> dict[str, Any]:
        """What differs from saying nothing."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


class UploadChoice(Shape):
    model_config = example(kind="communities", options={"datum": "gcj02"})

    kind: Kind | None = None
    options: UploadOptions = UploadOptions()


class UploadCheck(Shape):
    """The same, with the layer named."""

    model_config = example(kind="communities", options={"datum": "gcj02"})

    kind: Kind
    options: UploadOptions = UploadOptions()


class UploadConfirmation(Shape):
    model_config = example(digest=SHA256)

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Asked(Shape):
    """The number of what was asked for."""

    model_config = example(id=7, turn=2)

    id: int
    turn: int


class Forgotten(Shape):
    """What is not there any more."""

    model_config = example(id=7)

    id: int


OPEN: dict[str, Any] = {
    "id": 7,
    "file_name": "社区.zip",
    "sha256": SHA256,
    "size_bytes": 48213,
    "uploader": "li.na",
    "uploaded_at": "2026-05-03T10:32:05.600000+08:00",
    "state": "checked",
    "kind": "communities",
    "is_refused": False,
}


class BroughtFile(Shape):
    """Whose file it is, and how far it has come."""

    id: int
    file_name: str
    sha256: str
    size_bytes: int
    uploader: str
    uploaded_at: datetime
    state: UploadState
    kind: Kind | None


class OpenUpload(BroughtFile):
    model_config = example(**OPEN)

    is_refused: bool


class UploadList(Shape):
    model_config = example(uploads=[OPEN])

    uploads: list[OpenUpload]


class UploadAnswer(BroughtFile):
    """Everything about one file. `proposal`, `problem` and `report` are described in docs/api.md."""

    model_config = example(
        **{name: value for name, value in OPEN.items() if name != "is_refused"},
        turn=2,
        options={"datum": "gcj02"},
        proposal=None,
        progress=None,
        problem=None,
        report=None,
        digest=SHA256,
        is_ground_same=True,
        import_id=None,
    )

    turn: int
    options: dict[str, Any]
    proposal: dict[str, Any] | None
    progress: dict[str, Any] | None
    problem: dict[str, Any] | None
    report: dict[str, Any] | None
    digest: str | None
    is_ground_same: bool | None
    import_id: int | None


RUN: dict[str, Any] = {
    "id": 12,
    "kind": "communities",
    "file_name": "社区.zip",
    "sha256": SHA256,
    "started_at": "2026-05-03T10:32:05.600000+08:00",
    "finished_at": "2026-05-03T10:32:07.100000+08:00",
    "edition": None,
    "uploader": "li.na",
    "read": 261,
    "stored": 23,
    "updated": 0,
    "unchanged": 238,
    "rejected": 0,
    "warned": 4,
    "upload_id": 7,
    "is_kept": True,
}


class ImportedFile(Shape):
    model_config = example(**RUN)

    id: int
    kind: str
    file_name: str
    sha256: str
    started_at: datetime
    finished_at: datetime
    edition: date | None
    uploader: str | None
    read: int
    stored: int
    updated: int
    unchanged: int
    rejected: int
    warned: int
    upload_id: int | None
    is_kept: bool


class ImportList(Shape):
    model_config = example(imports=[RUN], next=None)

    imports: list[ImportedFile]
    next: int | None


STREAM = (
    'event: state\ndata: {"state":"checking","progress":{"step":"reading"},"import_id":null}\n\n'
    'event: state\ndata: {"state":"checked","progress":null,"import_id":null}\n\n'
)
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`state` at once and at each change, until the file waits for somebody; `gone` when it was cancelled",
        "content": {"text/event-stream": {"schema": {"type": "string", "examples": [STREAM]}}},
    }
}
