"""The one shape of every error."""

from __future__ import annotations

from typing import Any

from api.models.base import Shape, example

BAD_FIELD = {"field": "lat", "value": "95", "message": "Input should be less than or equal to 90"}


class ErrorBody(Shape):
    """`code` is stable, `message` is for people, `detail` for programs; `request_id` finds the request in the log."""

    code: str
    message: str
    detail: dict[str, Any]
    request_id: str


class ErrorAnswer(Shape):
    model_config = example(
        error={
            "code": "bad_input",
            "message": "lat: Input should be less than or equal to 90",
            "detail": {"fields": [BAD_FIELD]},
            "request_id": "9f86d081884c7d65",
        }
    )

    error: ErrorBody
