"""Answers that a browser may keep and ask about: a weak ETag from what the answer depends on, 304 when nothing changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import blake2b

from fastapi import Request, Response

JSON = "application/json"
GEOJSON = "application/geo+json"
REVALIDATE = "private, no-cache"
"""A browser may keep it but asks each time: the map must not show yesterday's boundaries. What stands between keeps nothing."""


async def answer(
    request: Request, version: str, build: Callable[[], Awaitable[bytes]], *, media_type: str = GEOJSON
) -> Response:
    """What `build` gives, which is called only when the caller does not have this `version` of this address already."""
    tag = tag_of(f"{request.url.path}?{request.url.query}\n{version}\n{_reader(request)}".encode())
    return not_modified(tag) if has_it(request, tag) else _whole(tag, await build(), media_type)


def answer_bytes(request: Request, body: bytes, *, media_type: str = GEOJSON) -> Response:
    """The same where nothing cheaper than the body tells whether it changed."""
    tag = tag_of(body)
    return not_modified(tag) if has_it(request, tag) else _whole(tag, body, media_type)


def _reader(request: Request) -> str:
    """For whom it is made up: another sees other rows under the same address."""
    return repr(request.state.caller)


def not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": REVALIDATE})


def _whole(tag: str, body: bytes, media_type: str) -> Response:
    if not body:
        return Response(status_code=204, headers={"ETag": tag, "Cache-Control": REVALIDATE})
    return Response(body, media_type=media_type, headers={"ETag": tag, "Cache-Control": REVALIDATE})


def has_it(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names this tag. Weak comparison: W/ makes no difference."""
    given = request.headers.get("if-none-match", "")
    tags = {part.strip().removeprefix("W/") for part in given.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def tag_of(content: bytes) -> str:
    return f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
