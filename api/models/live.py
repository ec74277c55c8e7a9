"""What comes over the stream of live events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.models.base import Shape, example
from api.models.incidents import HOLDER, Holder, State

EVENT: dict[str, Any] = {
    "id": 50501,
    "state": "dispatched",
    "from_state": "filed",
    "event": "dispatch",
    "lon": 116.366251,
    "lat": 39.911803,
    "category": "C0101",
    "cell": "110199001001003",
    "holder": HOLDER,
    "at": "2026-05-03T10:32:05.600000+08:00",
}


class LiveCase(Shape):
    """The `data` of an event `case`."""

    model_config = example(**EVENT)

    id: int
    state: State
    from_state: State | None
    event: str
    lon: float
    lat: float
    category: str
    cell: str | None
    holder: Holder | None
    at: datetime


STREAM = (
    "id: 5021:5021:\nevent: hello\ndata: {}\n\n"
    'id: 5024:5024:\nevent: case\ndata: {"id":50501,"state":"dispatched","from_state":"filed","event":"dispatch", …}\n\n'
    ": ping\n\n"
)
LIVE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `hello` (once, with the cursor), `case` (`data` is a LiveCase), `reload` (load everything anew); "
        "a comment every 15 seconds. The `id` of each is where to go on after it.",
        "content": {"text/event-stream": {"schema": {"type": "string", "examples": [STREAM]}}},
    }
}
