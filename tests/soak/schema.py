"""Every route of the API by its own description, as every office: calls that fit it and calls that don't, made up by schemathesis.

Each answer must be one that the description names, in the shape that it names, no failure of the server, and must hold
nothing of the ground that the office does not see.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from data import accounts, cluster, grants, links, reference, sessions
from data.database import engine, forget_engines
from data.dialogues import Dialogue, hold
from data.schema import upgrade
from flows import dispatcher
from geo.offices import ADMINISTRATORS, Office
from tests.api.conftest import DISTRICT
from tests.api.server import running
from tests.conftest import ROOT, Databases

Operation = APIOperation[Any, Any, Any, Any]
ELSEWHERE = "槐荫的秘密"
"""Stands in the text of every case of the other street."""
HERE = {"lon": 116.3025, "lat": 39.905, "datum": "wgs84", "category": "E0101", "description": "巷口有暴露垃圾"}
THERE = HERE | {"lon": 116.3225, "description": ELSEWHERE}
GROUNDS: tuple[tuple[Office, str | None], ...] = (
    (Office.PUBLIC, None),
    (Office.WORKER, "1"),
    (Office.COMMUNITY, "110199001001"),
    (Office.STATION, "1"),
    (Office.STREET, "110199001000"),
    (Office.DEPARTMENT, "1"),
    (Office.PLANNER, "110199001000"),
    *((office, None) for office in sorted(ADMINISTRATORS)),
    (Office.DISTRICT, "110199000000"),
)
"""The district comes last: what it gives to others they see from then on."""
SEES_ALL = frozenset({Office.DISTRICT})
AGENCY = "INSERT INTO agency (code, name, kind, area_code) VALUES ('A1', '城管', 'department', '110199001000')"
LASTING = "/api/live"
NOT_READY = ("/health/ready", 503)
"""No dispatcher is at work."""
BY_LINK = "/api/rate/"
"""Whoever has the link sees the case."""
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {
    "code": ["110199001001", "110199002001", "110199001001001"],
    "layer": ["cells", "incidents", "streets"],
    "z": [14], "x": [13484, 13485], "y": [6203], "run": [1, 2], "dimension": ["all", "street", "community"],
    "key": ["all", "110199001000"], "figure": ["on_time_rate", "filed"],
}  # fmt: skip
"""What there is, by the name of the parameter; of numbers the first few."""
FIRST = [*range(1, 13)]
PATIENCE_S = 30


@dataclass
class Outcome:
    """How often each office was answered what, and what should never have been, each with its first call."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        return sum(self.answers.values())

    @property
    def is_good(self) -> bool:
        return not self.faults


class Visitor:
    """An account of an office, which signs in again when it is signed out: some calls do that."""

    def __init__(self, database: str, office: Office, ground: str | None) -> None:
        self.database, self.office, self.ground = database, office, ground
        self.line = requests.Session()
        self.turn = 0
        self.headers = self._sign_in()

    def heard(self, status: int) -> None:
        if status == 401 and self.office is not Office.PUBLIC:
            self.headers = self._sign_in()

    def _sign_in(self) -> dict[str, str]:
        if self.office is Office.PUBLIC:
            return {}
        self.turn += 1
        with psycopg.connect(self.database) as line:
            token = hold(line, self._opened(f"soak.{self.office}.{self.turn}"))
            line.execute("UPDATE account SET totp_sealed = 'x', totp_since = now() WHERE name LIKE 'soak.%'")
        return {"Authorization": f"Bearer {token}"}

    def _opened(self, name: str) -> Dialogue[str]:
        id_ = yield from accounts.create(name)
        yield from grants.grant(id_, self.office, self.ground)
        return (yield from sessions.open_for(id_, has_second_factor=True))


def prepare(address: str, database: str, move: Callable[[], object]) -> None:
    """Cases on both streets; `move` lets them be given out."""
    with requests.Session() as session:
        for report in (HERE, THERE) * 6:
            session.post(f"{address}/api/incidents", json=report, timeout=PATIENCE_S).raise_for_status()
    with psycopg.connect(database) as line:
        line.execute(AGENCY)
    move()


def campaign(
    address: str, database: str, examples: int, seed: int, told: Callable[[str], object] = lambda said: None
) -> Outcome:
    """Of each route make `examples` calls that fit and as many that don't, as offices in turn, and again as the district."""
    outcome = Outcome()
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    found = [one.ok() for one in schema.get_all_operations()]
    kinds = [(one.label, _cases(one, mode)) for one in found if one.path != LASTING for mode in GenerationMode]
    visitors = [Visitor(database, office, ground) for office, ground in GROUNDS]
    for acting in (
        [one for one in visitors if one.office not in SEES_ALL],
        [one for one in visitors if one.office in SEES_ALL],
    ):
        for label, cases in kinds:
            _probe(cases, acting, examples, seed, outcome)
            told(f"{label}: {outcome.calls} calls, {len(outcome.faults)} faults")
    return outcome


def _probe(
    cases: st.SearchStrategy[Case], visitors: Sequence[Visitor], examples: int, seed: int, outcome: Outcome
) -> None:
    """Hypothesis makes the calls up; faults are collected, so that one does not hide the next."""

    @seeded(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, visitor=st.sampled_from(visitors))
    def call(case: Case, visitor: Visitor) -> None:
        _call(case, visitor, outcome)

    with suppress(Unsatisfiable, schemathesis.errors.SchemathesisError):  # nothing that does not fit: it takes anything
        call()


def _cases(operation: Operation, mode: GenerationMode) -> st.SearchStrategy[Case]:
    """Half of the calls for something that there is, where the address names something."""
    names = [parameter.name for parameter in operation.path_parameters]
    anything = operation.as_strategy(mode)
    if not names:
        return anything
    return anything | st.fixed_dictionaries({name: _known(name) for name in names}).flatmap(
        lambda chosen: operation.as_strategy(mode, path_parameters=chosen)
    )


def _known(name: str) -> st.SearchStrategy[Any]:
    if name == "token":
        return st.sampled_from(FIRST).map(links.token)
    return st.sampled_from(KNOWN.get(name, FIRST))


def _call(case: Case, visitor: Visitor, outcome: Outcome) -> None:
    if case.headers:
        case.headers.pop("X-Wangge-Actor", None)
    visitor.line.cookies.clear()
    answer = case.call(session=visitor.line, headers=visitor.headers, timeout=PATIENCE_S)
    outcome.answers[visitor.office, answer.status_code] += 1
    visitor.heard(answer.status_code)
    for fault in _faults(case, answer, visitor.office):
        outcome.faults.setdefault(f"{case.operation.label}: {fault}", f"{visitor.office}: {case.as_curl_command()}")


def _faults(case: Case, answer: Any, office: Office) -> Iterator[str]:
    if answer.status_code >= 500 and (case.operation.path, answer.status_code) != NOT_READY:
        yield "failed"
    if office not in SEES_ALL and ELSEWHERE.encode() in answer.content and not case.operation.path.startswith(BY_LINK):
        yield "tells of other ground"
    for check in CHECKS:
        yield from _failures(case, answer, check)


def _failures(case: Case, answer: Any, check: Any) -> Sequence[str]:
    try:
        case.validate_response(answer, checks=[check])
    except FailureGroup as found:
        return [f"{each.title}: {each.message}" for each in found.exceptions]
    return []


@contextmanager
def ground() -> Iterator[tuple[str, str]]:
    """A district of its own behind a web process, with cases given out: its address and its database."""
    given = os.environ.get("WANGGE_TEST_DATABASE_URL") or cluster.ensure_running(home=ROOT / ".wangge" / "test")
    databases = Databases(given)
    try:
        url = databases.create("schema")
        _fill(url)
        with running(url) as (address, _):
            prepare(address, url, dispatcher.drain)
            yield address, url
    finally:
        databases.drop_all()


def _fill(url: str) -> None:
    """Tables, reference rows and the district; this process works on it too from now on."""
    upgrade(url)
    os.environ["WANGGE_DATABASE_URL"] = url
    forget_engines()
    with engine().begin() as connection:
        reference.load(connection)
        connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
