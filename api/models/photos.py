"""Photos of cases."""

from __future__ import annotations

from api.models.base import Shape, example


class StoredPhoto(Shape):
    """A photo as it is kept: a JPEG of so many pixels."""

    model_config = example(id=12, width=1600, height=1200)

    id: int
    width: int
    height: int
