"""Who calls, and whom one may act for."""

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
}
ActorText = Annotated[
    str, Field(pattern=r"^((worker|agency):[1-9][0-9]{0,17}|desk:[0-9]{12})$", examples=["worker:12"])
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


class Claim(Shape):
    """Who somebody says he is."""

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
    """Whom one may act for."""

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
