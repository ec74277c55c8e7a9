"""What OpenAPI says about answers other than the good one, and about good ones that are ready-made bytes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.models.errors import ErrorAnswer

Responses = dict[int | str, dict[str, Any]]
REFUSALS = {
    400: ("bad_input", "the request or its body can't be read"),
    401: ("unauthenticated", "sign in first"),
    403: ("forbidden", "case 50501 does not lie on the ground of desk:110199001000"),
    404: ("not_found", "no such thing"),
    408: ("too_slow", "the body did not come in time"),
    409: ("key_reused", "the same idempotency key with another content"),
    413: ("too_large", "the body is larger than 65536 bytes"),
    422: ("bad_input", "lat: Input should be less than or equal to 90"),
    429: ("too_many_requests", "too many calls; try again in 12 s"),
    431: ("too_large", "the head of the request is larger than 65536 bytes"),
    500: ("internal", "the server failed; the log has the reason under this request id"),
    503: ("unavailable", "the database does not answer; try again"),
}
EVERYWHERE = (400, 401, 403, 422, 429, 431, 500, 503)


def refusals(*statuses: int) -> Responses:
    """The errors that a route may answer: `statuses`, and those that any route may."""
    with_body = (408,) if 413 in statuses else ()
    return {status: _refusal(status) for status in sorted({*statuses, *with_body, *EVERYWHERE})}


def ready_made(shape: type[BaseModel], media_type: str = "application/json") -> Responses:
    """A good answer that is built as bytes and not by FastAPI, and its 304."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    content = {media_type: {"schema": schema, "examples": _examples(shape)}}
    return {200: {"model": shape, "content": content}, 304: {"description": "The caller has it already"}}


def _examples(shape: type[BaseModel]) -> dict[str, Any]:
    shown = shape.model_json_schema()["examples"]
    return {f"example {number}": {"value": value} for number, value in enumerate(shown, 1)}


def _refusal(status: int) -> dict[str, Any]:
    code, message = REFUSALS[status]
    error = {"code": code, "message": message, "detail": {}, "request_id": "9f86d081884c7d65"}
    return {
        "model": ErrorAnswer,
        "description": message,
        "content": {"application/json": {"example": {"error": error}}},
    }
