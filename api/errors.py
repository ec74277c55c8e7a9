"""Every error as one JSON shape: `{"error": {"code", "message", "detail", "request_id"}}`. Classes are mapped here, once."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy.exc
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from api import doors
from geo.errors import (
    BadInput,
    Conflict,
    Forbidden,
    Locked,
    NotFound,
    NotReady,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unfinished,
    WanggeError,
)

STATUS: dict[type[WanggeError], int] = {
    BadInput: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    NotReady: 409,
    Locked: 429,
    TooManyRequests: 429,
    Unavailable: 503,
    WanggeError: 500,
}
PROTOCOL_CODES = {400: "bad_input", 404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large"}
"""Codes of what is refused before a route is reached."""
DATABASE_AWAY = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""Connection refused or lost, pool exhausted, deadlock, disk full: nothing that the caller did; trying again helps."""
OFF_PLANE = "transform: Point outside of projection domain"
"""What PROJ says, by PostGIS."""
RETRY_SECONDS = 2
SHOWN_CHARACTERS = 100
CLOSING = {"Connection": "close"}
"""What is left of the body is not waited for."""

log = logging.getLogger("wangge.api")


def install(app: FastAPI) -> None:
    """Give every class of error its answer."""
    app.add_exception_handler(WanggeError, _ours)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _protocol)
    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, _database_away)
    app.add_exception_handler(sqlalchemy.exc.InternalError, _off_plane)
    app.add_exception_handler(psycopg.InternalError, _off_plane)


def too_large(limit_bytes: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {limit_bytes} bytes", CLOSING)


def too_slow() -> HTTPException:
    return HTTPException(408, "the body did not come in time", CLOSING)


def unknown_host() -> HTTPException:
    return HTTPException(400, "this server has another name")


def bad_field(name: str, value: Any, message: str) -> BadInput:
    """The same shape that a failed validation has, for what no type can check."""
    return BadInput(f"{name}: {message}", fields=[_field(name, value, message)])


def unforeseen(scope: Scope) -> JSONResponse:
    """Nothing of an error that nobody expected goes out, but the number under which it is in the log."""
    return _answer(
        Request(scope), 500, "internal", "the server failed; the log has the reason under this request id", {}
    )


def refused(scope: Scope, error: WanggeError | HTTPException) -> JSONResponse:
    """The answer to what is refused before any route."""
    request = Request(scope)
    return _refusal(request, error) if isinstance(error, WanggeError) else _protocol_refusal(request, error)


def status_of(error: WanggeError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _answer(
    request: Request, status: int, code: str, message: str, detail: Mapping[str, Any], **headers: str
) -> JSONResponse:
    body = {"code": code, "message": message, "detail": detail, "request_id": request.state.request_id}
    return JSONResponse({"error": body}, status, headers=headers)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, WanggeError)
    if isinstance(error, Unauthenticated | Unfinished) and _is_page(request):
        return doors.to_login(request)
    return _refusal(request, error)


def _refusal(request: Request, error: WanggeError) -> JSONResponse:
    status = status_of(error)
    waiting_s = error.detail.get("retry_after_s", RETRY_SECONDS if status == 503 else None)
    headers = {"Retry-After": str(waiting_s)} if waiting_s else {}
    return _answer(request, status, error.code, error.message, error.detail, **headers)


def _is_page(request: Request) -> bool:
    return "pages" in getattr(request.scope.get("route"), "tags", ())


async def _database_away(request: Request, error: Exception) -> Response:
    log.warning("request %s: database away: %s", request.state.request_id, error)
    return await _ours(request, Unavailable("the database does not answer; try again"))


async def _off_plane(request: Request, error: Exception) -> Response:
    """A quarter of the earth away from the city's zone no plane reaches; whatever else fails within the database is ours."""
    if OFF_PLANE not in str(error):
        raise error
    return await _ours(request, BadInput("the place is too far from the city to be measured"))


async def _validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [_field(_name(found["loc"]), found.get("input"), found["msg"]) for found in error.errors()]
    return _answer(
        request, 422, "bad_input", "; ".join(f"{f['field']}: {f['message']}" for f in fields), {"fields": fields}
    )


async def _protocol(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _protocol_refusal(request, error)


def _protocol_refusal(request: Request, error: HTTPException) -> JSONResponse:
    code = PROTOCOL_CODES.get(error.status_code, "bad_input")
    return _answer(request, error.status_code, code, str(error.detail), {}, **(error.headers or {}))


def _name(location: Sequence[str | int]) -> str:
    """`("body", "lon")` → `lon`; a body that is no JSON at all is `body`."""
    return ".".join(str(part) for part in location[1:] if isinstance(part, str)) or str(location[0])


def _field(name: str, value: Any, message: str) -> dict[str, Any]:
    shown = {"value": _printable(value)} if isinstance(value, str | int | float) else {}
    return {"field": name, **shown, "message": message}


def _printable(value: str | float) -> str:
    """The beginning of what was given; half characters, which no UTF-8 can hold, become question marks."""
    return str(value)[:SHOWN_CHARACTERS].encode(errors="replace").decode()
