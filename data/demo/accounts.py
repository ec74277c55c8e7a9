"""One account for each office of the demo. They have no password: anybody signs in to them with one click. No other database
has such accounts, for only the demo's own load makes them."""

from __future__ import annotations

from collections.abc import Iterator

from data import accounts, grants
from data.dialogues import Dialogue, Row, ask
from geo.callers import DUTY_DESK
from geo.offices import ADMINISTRATORS, Office

PREFIX = "demo."


def open_all() -> Dialogue[int]:
    """Make an account for each office that has ground here; return how many."""
    people = yield ask("demo_people")
    posts = list(_posts(people[0])) if people else []
    for office, ground in posts:
        id_ = yield from accounts.create(PREFIX + str(office).replace("_", "-"), is_demo=True)
        yield from grants.grant(id_, office, ground)
    return len(posts)


def _posts(people: Row) -> Iterator[tuple[Office, str | None]]:
    """Each office with its ground, in the order in which they are offered."""
    grounds = {
        Office.DISTRICT: DUTY_DESK.partition(":")[2],
        Office.STREET: people["street"],
        Office.COMMUNITY: people["community"],
        Office.WORKER: people["worker_id"],
        Office.STATION: people["facility_id"],
        Office.DEPARTMENT: people["agency_id"],
        Office.PLANNER: people["district"],
    }
    yield from ((office, str(ground)) for office, ground in grounds.items() if ground is not None)
    yield from ((office, None) for office in sorted(ADMINISTRATORS))
