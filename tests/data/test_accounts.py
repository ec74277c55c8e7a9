"""Accounts, grants and sessions: a name is one person, administrators are separate, a token opens what it should and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any, TypeVar

import psycopg
import pytest
from sqlalchemy import Engine

from data import accounts, grants, reference, sessions
from data.dialogues import Dialogue, hold
from data.sessions import Session, Stage
from geo.errors import BadInput, Conflict, NotFound
from geo.lifecycle import Role
from geo.offices import ADMINISTRATORS, Office
from tests.api.conftest import DISTRICT

T = TypeVar("T")
STREET, COMMUNITY, BESIDE, WHOLE = "110199001000", "110199001001", "110199002000", "110199000000"
DUTY = "000000000000"
AGENCY = f"INSERT INTO agency (code, kind, name, area_code) VALUES ('A1', 'street_team', '柳荫执法队', '{STREET}')"


@pytest.fixture(scope="module")
def town(engine: Engine) -> Engine:
    with engine.begin() as connection:
        reference.load(connection)
        connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
        connection.exec_driver_sql(AGENCY)
    return engine


@pytest.fixture
def line(town: Engine, database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """One transaction, rolled back."""
    with psycopg.connect(database_url) as opened:
        yield opened
        opened.rollback()


class Desk:
    """Makes accounts with grants and sessions in one transaction."""

    def __init__(self, line: psycopg.Connection[Any]) -> None:
        self.line = line

    def do(self, dialogue: Dialogue[T]) -> T:
        return hold(self.line, dialogue)

    def account(self, *held: tuple[Office, str | None], name: str = "li.ming") -> int:
        id_ = self.do(accounts.create(name))
        for office, ground in held:
            self.do(grants.grant(id_, office, ground))
        return id_

    def today(self) -> date:
        row = self.line.execute("SELECT current_date").fetchone()
        assert row
        return date.fromisoformat(str(row[0]))

    def signed_in(self, *held: tuple[Office, str | None], wanted: str | None = None) -> Session | None:
        return self.do(sessions.find(self.do(sessions.open_for(self.account(*held))), wanted))


@pytest.fixture
def desk(line: psycopg.Connection[Any]) -> Desk:
    return Desk(line)


@pytest.mark.parametrize(
    ("office", "ground", "actor", "told"),
    [
        (Office.WORKER, "1", "worker:1", (Role.WORKER, COMMUNITY)),
        (Office.COMMUNITY, COMMUNITY, f"desk:{COMMUNITY}", (Role.COMMUNITY, COMMUNITY)),
        (Office.STREET, STREET, f"desk:{STREET}", (Role.STREET, "110199001")),
        (Office.DISTRICT, WHOLE, f"desk:{WHOLE}", (Role.DISTRICT, "110199")),
        (Office.DISTRICT, DUTY, f"desk:{DUTY}", (Role.DISTRICT, "")),
        (Office.DEPARTMENT, "1", "agency:1", (Role.AGENCY, "-")),
        (Office.STATION, "1", "station:1", (Role.REPORTER, COMMUNITY)),
        (Office.PLANNER, WHOLE, f"planner:{WHOLE}", (Role.REPORTER, "110199")),
    ],
)
def test_a_session_acts_as_its_grant(
    desk: Desk, office: Office, ground: str, actor: str, told: tuple[Role, str]
) -> None:
    session = desk.signed_in((office, ground))
    caller = session and session.caller()
    assert caller
    assert (caller.actor, (caller.role, caller.scope)) == (actor, told)
    assert (caller.office, caller.account, caller.cells) == (office, "li.ming", ())


@pytest.mark.parametrize("office", sorted(ADMINISTRATORS))
def test_an_administrator_has_no_ground_and_must_enrol_a_second_factor(desk: Desk, office: Office) -> None:
    session = desk.signed_in((office, None))
    caller = session and session.caller()
    assert session and caller
    assert session.stage is Stage.ENROLMENT
    assert caller.office is office and not caller.covers(COMMUNITY) and not caller.covers(None)


@pytest.mark.parametrize(
    ("held", "wanted", "is_his"),
    [
        ((Office.STREET, STREET), f"desk:{COMMUNITY}", True),
        ((Office.STREET, STREET), f"desk:{BESIDE}", False),
        ((Office.STREET, STREET), f"desk:{WHOLE}", False),
        ((Office.STREET, STREET), f"desk:{DUTY}", False),
        ((Office.STREET, STREET), "desk:110199001999", False),
        ((Office.STREET, STREET), "worker:1", False),
        ((Office.DISTRICT, WHOLE), f"desk:{STREET}", True),
        ((Office.DISTRICT, WHOLE), f"desk:{DUTY}", False),
        ((Office.DISTRICT, DUTY), f"desk:{WHOLE}", True),
        ((Office.COMMUNITY, COMMUNITY), f"desk:{COMMUNITY}", True),
        ((Office.COMMUNITY, COMMUNITY), f"desk:{STREET}", False),
        ((Office.PLANNER, WHOLE), f"desk:{STREET}", False),
        ((Office.WORKER, "1"), "worker:2", False),
    ],
)
def test_one_acts_for_desks_below_never_beside_or_above(
    desk: Desk, held: tuple[Office, str], wanted: str, is_his: bool
) -> None:
    session = desk.signed_in(held, wanted=wanted)
    assert session
    caller = session.caller()
    assert (caller is not None) == is_his
    assert caller is None or caller.actor == wanted


def test_without_a_grant_of_today_one_is_nobody(desk: Desk) -> None:
    today = desk.today()
    id_ = desk.account()
    desk.do(grants.grant(id_, Office.STREET, STREET, valid_from=today - timedelta(9), valid_to=today))
    desk.do(grants.grant(id_, Office.WORKER, "1", valid_from=today + timedelta(1)))
    session = desk.do(sessions.find(desk.do(sessions.open_for(id_))))
    caller = session and session.caller()
    assert session and session.grants == ()
    assert caller and caller.office is Office.PUBLIC and not caller.covers(COMMUNITY)


def test_a_worker_who_left_is_nobody(desk: Desk) -> None:
    token = desk.do(sessions.open_for(desk.account((Office.WORKER, "1"), (Office.COMMUNITY, COMMUNITY))))
    desk.line.execute("UPDATE worker SET is_active = false WHERE id = 1")
    session = desk.do(sessions.find(token))
    assert session and [grant.actor for grant in session.grants] == [f"desk:{COMMUNITY}"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account_session SET seen_at = now() - interval '30 minutes'",
        "UPDATE account_session SET expires_at = now()",
        "UPDATE account_session SET ended_at = now()",
        "UPDATE account SET locked_at = now()",
    ],
)
def test_a_session_ends(desk: Desk, change: str) -> None:
    token = desk.do(sessions.open_for(desk.account((Office.STREET, STREET))))
    assert desk.do(sessions.find(token))
    desk.line.execute(change.encode())
    assert desk.do(sessions.find(token)) is None


def test_a_token_that_was_turned_opens_nothing(desk: Desk) -> None:
    old = desk.do(sessions.open_for(desk.account((Office.STREET, STREET))))
    session = desk.do(sessions.find(old))
    assert session
    new = desk.do(sessions.turn(session, has_second_factor=True))
    found = desk.do(sessions.find(new))
    assert desk.do(sessions.find(old)) is None
    assert found and found.id == session.id and found.has_second_factor


def test_the_table_opens_nothing(desk: Desk) -> None:
    token = desk.do(sessions.open_for(desk.account((Office.STREET, STREET))))
    row = desk.line.execute(
        "SELECT digest, encode(digest, 'hex'), account_session::text FROM account_session"
    ).fetchone()
    assert row and token not in str(row)
    assert desk.do(sessions.find(row[1])) is None


def test_others_sessions_end_and_this_one_stays(desk: Desk) -> None:
    id_ = desk.account((Office.STREET, STREET))
    kept, lost = (desk.do(sessions.open_for(id_)) for _ in range(2))
    session = desk.do(sessions.find(kept))
    assert session
    assert len(desk.do(sessions.end(id_, by="li.ming", but=session.id))) == 1
    assert desk.do(sessions.find(kept)) and desk.do(sessions.find(lost)) is None
    assert [row["id"] for row in desk.do(sessions.listed(id_))] == [session.id]


def test_use_is_noted_once_a_minute(desk: Desk) -> None:
    token = desk.do(sessions.open_for(desk.account((Office.STREET, STREET))))
    desk.line.execute("UPDATE account_session SET seen_at = now() - interval '5 minutes'")
    session = desk.do(sessions.find(token))
    assert session and session.is_stale
    desk.do(sessions.note_seen(session))
    again = desk.do(sessions.find(token))
    assert again and not again.is_stale


@pytest.mark.parametrize("name", ["", "a", "-ab", "a b", "a/b", "x" * 65, "<b>", "а.b", "a\nb"])
def test_not_everything_is_a_name(desk: Desk, name: str) -> None:
    with pytest.raises(BadInput):
        desk.do(accounts.create(name))


def test_a_name_is_taken_in_whatever_capitals(desk: Desk) -> None:
    desk.do(accounts.create("Li.Ming"))
    with pytest.raises(Conflict, match=r"li\.ming is taken"):
        desk.do(accounts.create("LI.MING "))
    assert desk.do(accounts.find(" lI.mInG"))["name"] == "li.ming"


@pytest.mark.parametrize(
    ("office", "ground", "error"),
    [
        (Office.STREET, COMMUNITY, BadInput),
        (Office.DISTRICT, STREET, BadInput),
        (Office.STREET, None, BadInput),
        (Office.STREET, "110199009000", NotFound),
        (Office.WORKER, "99", NotFound),
        (Office.WORKER, "one", BadInput),
        (Office.WORKER, "9" * 19, NotFound),
        (Office.DEPARTMENT, "99", NotFound),
        (Office.STATION, "99", NotFound),
        (Office.SYSTEM_ADMIN, STREET, BadInput),
        (Office.PUBLIC, None, BadInput),
    ],
)
def test_ground_that_does_not_fit_is_refused(
    desk: Desk, office: Office, ground: str | None, error: type[Exception]
) -> None:
    id_ = desk.account()
    with pytest.raises(error):
        desk.do(grants.grant(id_, office, ground))


def test_the_same_is_granted_once_at_a_time(desk: Desk) -> None:
    id_ = desk.account((Office.STREET, STREET))
    with pytest.raises(Conflict, match="already"):
        desk.do(grants.grant(id_, Office.STREET, STREET))


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", [*sorted(ADMINISTRATORS), Office.STREET])
def test_no_account_is_two_administrators_or_an_administrator_and_something_else(
    desk: Desk, first: Office, second: Office
) -> None:
    id_ = desk.account((first, None))
    with pytest.raises(Conflict):
        desk.do(grants.grant(id_, second, STREET if second is Office.STREET else None))


def test_of_two_administrators_granted_at_once_one_wins(town: Engine, database_url: str) -> None:
    with psycopg.connect(database_url) as line:
        id_ = hold(line, accounts.create("both"))
    barrier = Barrier(len(ADMINISTRATORS))

    def race(office: Office) -> bool:
        with psycopg.connect(database_url) as line:
            barrier.wait()
            try:
                hold(line, grants.grant(id_, office))
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(len(ADMINISTRATORS)) as threads:
        assert sorted(threads.map(race, ADMINISTRATORS)) == [False, False, True]
