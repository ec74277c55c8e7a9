"""What somebody tells of himself, and what one record shows whole when a reason is given."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from api.models.base import Shape, example
from api.models.moves import Reason

SHORTEST = 2
WHOLE = {"name": "张三丰", "phone": "13800001234"}


def _is_said(text: str) -> str:
    if len(text) < SHORTEST:
        raise ValueError("say what for")
    return text


Why = Annotated[Reason, Field(min_length=SHORTEST), AfterValidator(_is_said)]


class Unmasking(Shape):
    """Why somebody needs to see what is masked; it goes on record."""

    model_config = example(reason="回电核实地点")

    reason: Why


class WholeContact(Shape):
    name: str | None
    phone: str | None
    home: str | None


class Signature(Shape):
    """Who signed for a department that reported in."""

    agency: str
    name: str | None


class WholeCase(Shape):
    """What is masked of one case, whole."""

    model_config = example(contact=WHOLE | {"home": None}, description="巷口有暴露垃圾", signatures=[])

    contact: WholeContact | None
    description: str
    signatures: list[Signature]


class WholeWorker(Shape):
    model_config = example(**WHOLE)

    name: str | None
    phone: str | None
