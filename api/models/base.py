"""What all shapes share. Unknown members are refused, so that a test sees when an answer and its description part ways."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

LEAST = 1e-12
"""Degrees nearer to zero than this, a tenth of a micrometre, are zero: PostgreSQL refuses to reckon with the least of floats."""


def without_dust(degrees: float) -> float:
    return degrees if abs(degrees) >= LEAST else 0.0


Degrees = Annotated[float, AfterValidator(without_dust)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def example(**members: Any) -> ConfigDict:
    """The configuration of a shape that shows itself by one example."""
    return ConfigDict(extra="forbid", allow_inf_nan=False, json_schema_extra={"examples": [members]})


class Named(Shape):
    """An area, cell or community, by code and name."""

    model_config = example(code="110199001001", name="柳荫社区")

    code: str
    name: str | None
