"""Who calls, as whom he may act, and to whom a case can be given."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models.base import Shape, example
from api.models.ground import Level

ME = {
    "actor": "desk:110199001000",
    "role": "street",
    "name": "柳荫街道",
    "area": {"code": "110199001000", "name": "柳荫街道", "level": "street"},
    "office": "street",
    "account": "li.ming",
}
OfficeName = Literal[
    "public",
    "worker",
    "community",
    "station",
    "street",
    "department",
    "planner",
    "district",
    "system_admin",
    "security_admin",
    "audit_admin",
]
ActorText = Annotated[
    str,
    Field(
        pattern=r"^((worker|agency|station|admin):[1-9][0-9]{0,17}|(desk|planner):[0-9]{12})$", examples=["worker:12"]
    ),
]


class Area(Shape):
    """The unit that somebody acts or works for."""

    model_config = example(**ME["area"])  # type: ignore[arg-type]

    code: str
    name: str | None
    level: Level


class Me(Shape):
    """The caller."""

    model_config = example(**ME)

    actor: str
    role: Literal["reporter", "worker", "agency", "community", "street", "district"]
    name: str | None
    area: Area | None
    office: OfficeName
    """Of the grant or desk that he acts as."""
    account: str | None
    """The name that he signed in with."""


class Claim(Shape):
    """As whom somebody wants to act."""

    model_config = example(actor="desk:110199001000")

    actor: ActorText


class Choice(Shape):
    model_config = example(actor="worker:12", kind="worker", code="W0012", name="张*", level="community")

    actor: str
    kind: Literal["worker", "desk", "agency"]
    code: str
    name: str | None
    level: Level


class Choices(Shape):
    """To whom a case can be given."""

    model_config = example(
        desks=[
            {
                "actor": "desk:110199001000",
                "kind": "desk",
                "code": "110199001000",
                "name": "柳荫街道",
                "level": "street",
            }
        ],
        agencies=[],
        workers=[{"actor": "worker:12", "kind": "worker", "code": "W0012", "name": "张*", "level": "community"}],
    )

    desks: list[Choice]
    agencies: list[Choice]
    workers: list[Choice]


class Part(Shape):
    model_config = example(actor="worker:12", kind="worker", code="W0012", name="张*", level="community")

    actor: str
    kind: Literal["worker", "desk", "agency", "station", "planner", "admin"]
    code: str
    name: str | None
    level: Level | None


class Parts(Shape):
    """As whom one may act."""

    model_config = example(
        parts=[{"actor": "worker:12", "kind": "worker", "code": "W0012", "name": "张*", "level": "community"}]
    )

    parts: list[Part]
