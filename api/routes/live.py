"""Cases as they change, as server-sent events."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.dependencies import SightDep, without_nul
from api.errors import DATABASE_AWAY
from api.followers import Allowed, FollowingDep
from api.models.live import LIVE
from api.responses import refusals
from data.live import Feed, Message
from data.snapshots import Cursor
from geo.sight import Sight

router = APIRouter(prefix="/api/live", tags=["incidents"])
HEARTBEAT_S = 15
STREAM_S = 600
Since = Annotated[str | None, Query(max_length=4000, description="`id` of the last event seen; default: from now on")]
LastEventId = Annotated[str | None, Header(max_length=4000, description="The same, sent by browsers that reconnect")]

log = logging.getLogger("wangge.api")


@router.get("", response_class=EventSourceResponse, responses=LIVE | refusals())
async def follow(
    request: Request,
    sight: SightDep,
    following: FollowingDep,
    since: Since = None,
    last_event_id: LastEventId = None,
) -> EventSourceResponse:
    """Every event of every case that the caller sees, each once, in the order of the commits; `reload` when too many were missed.

    It ends within seconds when its session ends or its caller's office; and after some minutes, when the browser comes back.
    """
    place = last_event_id or since
    if place:
        Cursor.parse(without_nul(place))
    events = _events(request.app.state.feed, sight, place, following(seconds=STREAM_S))
    return EventSourceResponse(events, ping=HEARTBEAT_S, sep="\n")


async def _events(feed: Feed, reader: Sight, place: str | None, allowed: Allowed) -> AsyncIterator[ServerSentEvent]:
    """A lost database ends the stream; the browser comes back by itself with the last id."""
    try:
        async with allowed, aclosing(feed.follow(reader, place)) as messages:
            async for message in messages:
                yield _event(message)
    except DATABASE_AWAY as error:
        log.warning("live events end: %s", error)


def _event(message: Message) -> ServerSentEvent:
    return ServerSentEvent(orjson.dumps(message.data).decode(), event=message.kind, id=message.cursor)
