"""Users who move the same cases at once, over HTTP, while the database may be killed under them. Times are seconds.

Every user acts for somebody else: workers, agencies, desks of a community and its street, the desk of last resort. He picks a
case, a few of them far more often than the others, and does to it what comes to his mind; what is refused tells him what he
may do, and next time he often does that. Every move has a key of its own and is sent again under it until it is answered.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import psycopg
from psycopg.rows import dict_row

from tests.running import System
from tests.signing import Signing
from tests.soak.campaign import Outcome
from tests.soak.kills import Killer
from tests.soak.system import TOWN, query, url

CASES = 1000
USERS = 32
PATIENCE_S = 10.0
AGAIN_S = 0.1
POPULAR = 0.35
"""Share of the moves that meet on the first `CROWD` cases."""
CROWD = 25
TAUGHT = 0.8
"""Share of the moves in which a user does what the last refusal allowed."""
WITH_SEQ = 0.5
"""Share of the moves that name the event that the user saw last."""
SETTLED_S = 60.0
CHECKS = (Path(__file__).parent / "races.sql").read_text(encoding="utf-8")
FIGURES = ("cases", "events", "longest", "ended")
"""What is not a fault."""
EVENTS = {
    "accept": 6, "finish": 5, "check": 4, "verify": 4, "reject": 3, "return": 2, "hand_over": 3, "assign": 3,
    "suspend": 2, "resume": 3, "extend": 2, "ask_extension": 2, "refuse_extension": 1, "escalate": 1, "remind": 2,
    "reclassify": 1, "close": 0.3, "reopen": 4, "rate": 2, "ask_help": 1, "help": 1, "note": 2,
}  # fmt: skip
"""What comes to a user's mind, and how often."""
WAITING = "SELECT count(*) FROM case_file WHERE state = 'filed'"
FILE = """
    WITH told AS (
        INSERT INTO incident (category_code, description, lon, lat, datum, geom)
        SELECT 'E0101', '暴露垃圾', x, y, 'cgcs2000', ST_SetSRID(ST_MakePoint(x, y), 4490)
        FROM unnest(%s::float8[], %s::float8[]) AS place (x, y) RETURNING id
    ), filed AS (INSERT INTO case_file (id) SELECT id FROM told RETURNING id), logged AS (
        INSERT INTO case_event (case_id, event, to_state, actor) SELECT id, 'file', 'filed', 'import' FROM filed
    )
    SELECT id FROM told ORDER BY id
"""
AGENCIES = """
    INSERT INTO agency (code, kind, name, area_code, valid_from)
    VALUES ('T1', 'street_team', '街道综合执法队', %s, '2020-01-01'), ('D1', 'department', '城管委', %s, '2020-01-01')
    RETURNING id
"""


@dataclass
class Book:
    """What the users were told."""

    told: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Case, event's number, event, key of every move that was answered 200."""
    answers: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    """Answers that no user should get."""


@dataclass(frozen=True)
class Ground:
    """The cases, all in one community, and who may act on them."""

    cases: list[int]
    actors: list[str]


def prepare(system: System) -> Ground:
    """File the cases of one community and see them dispatched; its people are the actors."""
    home = TOWN.communities.iloc[len(TOWN.communities) // 2]
    xy = home.geometry.representative_point().buffer(0.002).intersection(home.geometry)
    west, south, east, north = xy.bounds
    rng = np.random.default_rng(7)
    with psycopg.connect(url(system), autocommit=True) as connection:
        street, district = home["parent_code"], f"{home['code'][:6]}000000"
        agencies = [row[0] for row in connection.execute(AGENCIES, [street, district]).fetchall() or []]
        places = [rng.uniform(west, east, CASES).tolist(), rng.uniform(south, north, CASES).tolist()]
        cases = [row[0] for row in connection.execute(FILE, places)]
        workers = connection.execute("SELECT id FROM worker WHERE community_code = %s ORDER BY id", [home["code"]])
        people = [f"worker:{id_}" for (id_,) in workers]
    desks = [f"desk:{code}" for code in (home["code"], street, "000000000000")]
    return Ground(cases, [*people, *desks, *desks, *(f"agency:{id_}" for id_ in agencies)])


class User:
    """Somebody who moves one case after another until told to stop."""

    def __init__(self, http: httpx.AsyncClient, book: Book, ground: Ground, actor: str, seed: int) -> None:
        self.http, self.book, self.ground, self.actor = http, book, ground, actor
        self.rng = np.random.default_rng(seed)
        self.allowed: dict[int, list[str]] = {}
        self.seen: dict[int, int] = {}

    async def work(self, end: asyncio.Event) -> None:
        while not end.is_set():
            case, key = self._case(), str(uuid4())
            body, begun = self._body(case), time.monotonic()
            answer = await self._until_answered(case, key, body)
            self.book.waits.append(time.monotonic() - begun)
            self._note(case, key, body["event"], answer)

    def _case(self) -> int:
        crowd = CROWD if self.rng.random() < POPULAR else len(self.ground.cases)
        return self.ground.cases[int(self.rng.integers(crowd))]

    def _body(self, case: int) -> dict[str, Any]:
        taught = [event for event in self.allowed.get(case, []) if event in EVENTS]
        known = taught if taught and self.rng.random() < TAUGHT else list(EVENTS)
        weights = np.array([EVENTS[event] for event in known], dtype=float)
        event = str(self.rng.choice(known, p=weights / weights.sum()))
        seen = {"seq": self.seen[case]} if case in self.seen and self.rng.random() < WITH_SEQ else {}
        return {"event": event, "reason": "情况属实"} | self._more(event) | seen

    def _more(self, event: str) -> dict[str, Any]:
        other = str(self.rng.choice(self.ground.actors))
        return {
            "assign": {"to": other},
            "hand_over": {"to": other},
            "ask_help": {"to": other},
            "check": {"verifier": other},
            "extend": {"limit": "4wh"},
            "ask_extension": {"limit": "1wd"},
            "reclassify": {"category": str(self.rng.choice(["E0101", "E0102", "C0101"]))},
            "close": {"outcome": "by_decision"},
        }.get(event, {})

    async def _until_answered(self, case: int, key: str, body: dict[str, Any]) -> httpx.Response:
        while (answer := await self._try(case, key, body)) is None:
            await asyncio.sleep(AGAIN_S)
        return answer

    async def _try(self, case: int, key: str, body: dict[str, Any]) -> httpx.Response | None:
        headers = {"Idempotency-Key": key, "X-Wangge-Actor": self.actor}
        try:
            answer = await self.http.post(f"/api/cases/{case}/moves", json=body, headers=headers, timeout=PATIENCE_S)
        except httpx.TransportError:
            self.book.answers["none"] += 1
            return None
        self.book.answers[str(answer.status_code)] += 1
        return None if answer.status_code == 503 else answer

    def _note(self, case: int, key: str, event: str, answer: httpx.Response) -> None:
        told = answer.json()
        if answer.status_code == 200:
            self.book.told.append((case, told["seq"], event, key))
            self.seen[case] = told["seq"]
            self.allowed.pop(case, None)
        elif answer.status_code == 409 and "legal" in told["error"]["detail"]:
            self.allowed[case] = told["error"]["detail"]["legal"]
            self.seen[case] = told["error"]["detail"]["seq"]
        elif answer.status_code not in (403, 409, 422):
            self.book.strange.append(f"{answer.status_code} {answer.text[:200]}")


async def race(system: System, *, users: int, seconds: float, kills: int, seed: int) -> Outcome:
    """Let `users` move the cases for `seconds`; the database dies `kills` times meanwhile."""
    ground, book = await asyncio.to_thread(prepare, system), Book()
    await _settle(system)
    killer = Killer(system, np.random.default_rng(seed))
    web = {"base_url": system.web, "auth": await asyncio.to_thread(_signed_in, system, ground)}
    async with httpx.AsyncClient(**web, limits=httpx.Limits(max_connections=None)) as http:
        end = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(users):
                actor = ground.actors[number % len(ground.actors)]
                group.create_task(User(http, book, ground, actor, seed + number).work(end))
            await _last(seconds, killer, kills)
            end.set()
    await _settle(system)
    figures, faults = verify(url(system), ground, book)
    return Outcome(_figures(book, seconds) | figures, killer.recoveries, faults | {"strange": len(book.strange)})


def _signed_in(system: System, ground: Ground) -> Signing:
    """Everybody before the race, for the database is killed meanwhile."""
    signing = Signing(url(system))
    for actor in ground.actors:
        signing.token(actor)
    return signing


async def _last(seconds: float, killer: Killer, kills: int) -> None:
    """The time of the race, and of the last recovery."""
    until = time.monotonic() + seconds
    for _ in range(kills):
        await asyncio.sleep(seconds / (kills + 1))
        await asyncio.to_thread(killer.work, ["database"])
    await asyncio.sleep(max(0.0, until - time.monotonic()))


async def _settle(system: System) -> None:
    """Until the dispatcher has given every case to somebody; or until patience ends, and the faults will show it."""
    deadline = time.monotonic() + SETTLED_S
    while time.monotonic() < deadline and await asyncio.to_thread(query, system, WAITING):
        await asyncio.sleep(0.2)


def verify(database: str, ground: Ground, book: Book) -> tuple[dict[str, Any], dict[str, int]]:
    """Figures, and faults by name: each must be 0."""
    with psycopg.connect(database, row_factory=dict_row) as connection:
        connection.execute("CREATE TEMP TABLE told (case_id bigint, seq int, event text, key text)")
        with connection.cursor().copy("COPY told FROM STDIN") as copy:
            for row in book.told:
                copy.write_row(row)
        wish = {"cases": ground.cases, "users": ground.actors}
        held = connection.execute(CHECKS, wish).fetchone() or {}  # type: ignore[call-overload]
    return {name: held.pop(name) for name in FIGURES}, held


def _figures(book: Book, seconds: float) -> dict[str, object]:
    middle, most = np.quantile(book.waits, [0.5, 1.0])
    return {
        "moves": len(book.told),
        "moves_per_second": round(len(book.told) / seconds, 1),
        "answers": ", ".join(f"{status} × {count}" for status, count in sorted(book.answers.items())),
        "answered_within": f"{middle:.3f} s at the median, {most:.1f} s at most",
    }
