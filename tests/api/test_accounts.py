"""One's own account over HTTP, and those of others for their administrators."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import psycopg
import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.app import app
from data import accounts, grants, sealing, second_factor
from data.dialogues import hold
from data.passwords import hashed
from geo.offices import ADMINISTRATORS, Office
from tests.api.cases import error

PASSWORD, BETTER = "k7mfw-2xq9d-hp3ra-w8ecj", "Ein langer Weg, 2026"
HASH = hashed(PASSWORD)
STREET = "110199001000"


@pytest.fixture(autouse=True)
def _nobody_is_locked(district: Engine) -> None:
    with district.begin() as connection:
        connection.execute(text("DELETE FROM sign_in_count"))


@pytest.fixture(scope="module")
def web(district: Engine) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


class Person:
    """A program that somebody uses: it sends its token, and takes the next one when it is handed another."""

    def __init__(self, web: TestClient, name: str) -> None:
        self.web, self.name, self.token = web, name, ""

    def sign_in(self, password: str = PASSWORD) -> Any:
        body = {"name": self.name, "password": password, "wants_token": True}
        return self._took(self.web.post("/api/session", json=body))

    def ask(self, method: str, path: str, **body: Any) -> Any:
        told = {"Authorization": f"Bearer {self.token}"}
        return self._took(self.web.request(method, path, json=body or None, headers=told))

    def _took(self, answer: Any) -> Any:
        if answer.is_success and answer.json().get("token"):
            self.token = answer.json()["token"]
        return answer


class People:
    """Makes accounts that have changed their password already."""

    def __init__(self, web: TestClient, url: str) -> None:
        self.web, self.url = web, url

    def make(self, name: str, office: Office | None = Office.STREET, *, must_change: bool = False) -> Person:
        with psycopg.connect(self.url) as line:
            id_ = hold(line, accounts.create(name, password_hash=HASH))
            if office:
                hold(line, grants.grant(id_, office, None if office in ADMINISTRATORS else STREET))
            line.execute("UPDATE account SET must_change_password = %s WHERE id = %s", [must_change, id_])
        return Person(self.web, name)

    def administrator(self, name: str, office: Office) -> Person:
        """Signed in, with his device."""
        person = self.make(name, office)
        person.sign_in()
        enrol(person)
        return person


@pytest.fixture(scope="module")
def people(web: TestClient, database_url: str) -> People:
    return People(web, database_url)


@pytest.fixture(scope="module")
def system(people: People) -> Person:
    return people.administrator("system.admin", Office.SYSTEM_ADMIN)


@pytest.fixture(scope="module")
def security(people: People) -> Person:
    return people.administrator("security.admin", Office.SECURITY_ADMIN)


def enrol(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Give somebody a device; its recovery codes."""
    drawn = person.ask("POST", "/api/account/second-factor", password=PASSWORD).json()
    device = pyotp.TOTP(drawn["secret"])
    told = person.ask("POST", "/api/account/second-factor/code", code=device.now())
    assert told.status_code == 200, told.text
    return device, told.json()["recovery_codes"]


def next_code(device: pyotp.TOTP) -> str:
    """Of the next half minute, which is taken for a clock that goes fast."""
    return device.at(int(time.time()) + 30)


def test_the_first_sign_in_changes_the_password_and_nothing_else(people: People) -> None:
    person = people.make("first", must_change=True)
    first = person.sign_in()
    assert first.json()["stage"] == "password"
    assert error(person.ask("GET", "/api/cases")) == (403, "unfinished")
    assert error(person.ask("GET", "/api/account")) == (403, "unfinished")
    page = person.web.get("/desk", headers={"Authorization": f"Bearer {person.token}"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Fdesk")
    before = person.token
    assert person.ask("POST", "/api/account/password", current=PASSWORD, new=BETTER).json()["stage"] == "open"
    assert person.ask("GET", "/api/me").json()["account"] == "first"
    assert person.token != before
    person.token = before
    assert error(person.ask("GET", "/api/me")) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short1A", "short"),
        ("x" * 150 + "Aa1" * 20, "long"),
        ("abcdefghijkl", "simple"),
        ("Aa1Aa1Aa1Aa1", "simple"),
        ("My-Weak.Names!2026", "name"),
        (PASSWORD, "used"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(people: People, new: str, why: str) -> None:
    person = people.make("weak.names" if why == "name" else f"weak.{zlib.crc32(new.encode())}")
    person.sign_in()
    answer = person.ask("POST", "/api/account/password", current=PASSWORD, new=new)
    assert error(answer) == ((422, "weak_password") if why != "long" else (422, "bad_input"))
    assert why == "long" or answer.json()["error"]["detail"]["why"] == why


def test_a_password_does_not_come_back_soon(people: People) -> None:
    person = people.make("again")
    person.sign_in()
    used = [PASSWORD, *(f"{BETTER} {number}" for number in range(6))]
    for current, new in pairwise(used):
        assert person.ask("POST", "/api/account/password", current=current, new=new).status_code == 200
    for old in used[2:]:
        assert error(person.ask("POST", "/api/account/password", current=used[-1], new=old)) == (422, "weak_password")
    assert person.ask("POST", "/api/account/password", current=used[-1], new=PASSWORD).status_code == 200


def test_another_password_ends_all_other_sessions(people: People, web: TestClient) -> None:
    person, other = people.make("everywhere"), Person(web, "everywhere")
    person.sign_in()
    other.sign_in()
    assert error(person.ask("POST", "/api/account/password", current="wrong", new=BETTER)) == (401, "sign_in_failed")
    person.ask("POST", "/api/account/password", current=PASSWORD, new=BETTER)
    assert person.ask("GET", "/api/me").status_code == 200
    assert error(other.ask("GET", "/api/me")) == (401, "unauthenticated")


def test_an_old_password_is_changed(people: People, district: Engine) -> None:
    person = people.make("long.ago")
    with district.begin() as connection:
        connection.execute(
            text("UPDATE account SET password_since = now() - interval '91 days' WHERE name = 'long.ago'")
        )
    assert person.sign_in().json()["stage"] == "password"


def test_one_sees_ones_sessions_and_ends_them(people: People, web: TestClient) -> None:
    person, other = people.make("two.places"), Person(web, "two.places")
    person.sign_in()
    other.sign_in()
    told = person.ask("GET", "/api/account").json()
    assert [grant["actor"] for grant in told["grants"]] == [f"desk:{STREET}"]
    (there,) = [one["id"] for one in told["sessions"] if not one["is_this"]]
    left = person.ask("DELETE", f"/api/account/sessions/{there}").json()["sessions"]
    assert [one["is_this"] for one in left] == [True]
    assert error(other.ask("GET", "/api/me")) == (401, "unauthenticated")
    assert error(person.ask("DELETE", f"/api/account/sessions/{there}")) == (404, "not_found")


def test_nobody_ends_anothers_session(people: People) -> None:
    one, other = people.make("one.person"), people.make("other.person")
    one.sign_in()
    other.sign_in()
    (theirs,) = [session["id"] for session in other.ask("GET", "/api/account").json()["sessions"]]
    assert error(one.ask("DELETE", f"/api/account/sessions/{theirs}")) == (404, "not_found")
    assert other.ask("GET", "/api/me").status_code == 200


def test_a_device_is_asked_for_once_it_is_enrolled(people: People) -> None:
    person = people.make("device")
    person.sign_in()
    assert error(person.ask("POST", "/api/account/second-factor", password="wrong")) == (401, "sign_in_failed")
    device, codes = enrol(person)
    assert len(set(codes)) == 10
    assert person.sign_in().json()["stage"] == "second_factor"
    for path, body in (
        ("/api/account/password", {"current": PASSWORD, "new": BETTER}),
        ("/api/account/second-factor", {"password": PASSWORD}),
    ):
        assert error(person.ask("POST", path, **body)) == (403, "unfinished"), "half a sign-in changes nothing"
    half = person.token
    assert person.ask("POST", "/api/session/second-factor", code=next_code(device)).json()["stage"] == "open"
    assert person.ask("GET", "/api/me").status_code == 200
    person.token = half
    assert error(person.ask("GET", "/api/me")) == (401, "unauthenticated")


def test_no_code_is_taken_twice_not_even_at_once(people: People) -> None:
    person = people.make("twice")
    person.sign_in()
    device, _ = enrol(person)
    entered = [Person(person.web, "twice") for _ in range(4)]
    for one in entered:
        one.sign_in()
    code = next_code(device)
    with ThreadPoolExecutor(4) as threads:
        shown = list(threads.map(lambda one: one.ask("POST", "/api/session/second-factor", code=code), entered))
    assert sorted(answer.status_code for answer in shown) == [200, 401, 401, 401]


def test_a_recovery_code_opens_once(people: People) -> None:
    person = people.make("recovery")
    person.sign_in()
    _, codes = enrol(person)
    for code, status in ((codes[0].upper(), 200), (codes[0], 401), (codes[1].replace("-", ""), 200)):
        person.sign_in()
        assert person.ask("POST", "/api/session/second-factor", code=code).status_code == status


def test_codes_are_not_tried_without_end(people: People) -> None:
    person = people.make("guessing")
    person.sign_in()
    device, _ = enrol(person)
    person.sign_in()
    shown = [person.ask("POST", "/api/session/second-factor", code=f"00000{number}").status_code for number in range(5)]
    assert shown == [401] * 4 + [429]
    assert error(person.ask("POST", "/api/session/second-factor", code=next_code(device))) == (429, "locked")


def test_a_device_is_given_up_with_password_and_code(people: People, system: Person) -> None:
    person = people.make("given.up")
    person.sign_in()
    _, codes = enrol(person)
    path = "/api/account/second-factor/remove"
    assert error(person.ask("POST", path, password=PASSWORD, code="000000")) == (401, "sign_in_failed")
    assert person.ask("POST", path, password=PASSWORD, code=codes[0]).status_code == 200
    assert person.sign_in().json()["stage"] == "open"
    assert error(system.ask("POST", path, password=PASSWORD, code="000000")) == (409, "conflict")


def test_the_secret_of_a_device_is_sealed(people: People, district: Engine) -> None:
    person = people.make("sealed")
    person.sign_in()
    device, _ = enrol(person)
    with district.connect() as connection:
        kept = connection.scalar(text("SELECT totp_sealed FROM account WHERE name = 'sealed'"))
    assert kept and device.secret.encode() not in bytes(kept)
    assert sealing.decrypt(bytes(kept), second_factor.TOTP).decode() == device.secret


def test_an_administrator_enrols_before_anything_else(people: People) -> None:
    person = people.make("fresh.admin", Office.SYSTEM_ADMIN)
    assert person.sign_in().json() == {"stage": "enrolment", "home": "/admin", "token": person.token}
    assert error(person.ask("GET", "/api/accounts")) == (403, "unfinished")
    enrol(person)
    assert person.ask("GET", "/api/accounts").status_code == 200


def test_the_system_administrator_keeps_accounts(system: Person, web: TestClient) -> None:
    made = system.ask("POST", "/api/accounts", name="Newly.Made").json()
    person = Person(web, made["name"])
    assert person.sign_in(made["password"]).json()["stage"] == "password"
    assert error(system.ask("POST", "/api/accounts", name="newly.made")) == (409, "conflict")
    assert system.ask("POST", "/api/accounts/newly.made/lock").status_code == 200
    assert error(person.ask("GET", "/api/me")) == (401, "unauthenticated")
    assert error(system.ask("POST", "/api/accounts/newly.made/lock")) == (409, "conflict")
    assert system.ask("POST", "/api/accounts/newly.made/unlock").status_code == 200
    anew = system.ask("POST", "/api/accounts/newly.made/reset").json()["password"]
    assert error(person.sign_in(made["password"])) == (401, "sign_in_failed")
    assert person.sign_in(anew).status_code == 201
    (open_,) = system.ask("GET", "/api/accounts/newly.made/sessions").json()["sessions"]
    assert system.ask("DELETE", f"/api/accounts/newly.made/sessions/{open_['id']}").status_code == 200
    assert error(person.ask("GET", "/api/me")) == (401, "unauthenticated")
    assert error(system.ask("POST", "/api/accounts/system.admin/lock")) == (403, "forbidden")


def test_the_security_administrator_grants(security: Person, people: People) -> None:
    people.make("to.be.granted", None)
    path = "/api/accounts/to.be.granted/grants"
    (held,) = security.ask("POST", path, office="community", ground="110199001001").json()["grants"]
    assert (held["actor"], held["granted_by"], held["holds"]) == ("desk:110199001001", "security.admin", True)
    assert error(security.ask("POST", path, office="community", ground=STREET)) == (422, "bad_input")
    assert error(security.ask("POST", path, office="public")) == (422, "bad_input")
    (ended,) = security.ask("DELETE", f"{path}/{held['id']}").json()["grants"]
    assert (ended["holds"], ended["revoked_by"]) == (False, "security.admin")
    assert error(security.ask("DELETE", f"{path}/{held['id']}")) == (404, "not_found")
    own = security.ask("POST", "/api/accounts/security.admin/grants", office="street", ground=STREET)
    assert error(own) == (403, "forbidden")


SYSTEMS = [("POST", ""), ("POST", "/x/lock"), ("POST", "/x/unlock"), ("POST", "/x/reset"), ("GET", "/x/sessions")]
SECURITYS = [("POST", "/x/grants"), ("DELETE", "/x/grants/1")]


@pytest.mark.parametrize(("method", "path"), [*SYSTEMS, *SECURITYS, ("GET", ""), ("GET", "/x/grants")])
def test_each_administrator_does_his_own_and_others_nothing(
    people: People, system: Person, security: Person, method: str, path: str
) -> None:
    body = {"name": "some.name"} if path == "" else {"office": "street", "ground": STREET}
    body = body if method == "POST" else {}
    for person, others in ((system, SECURITYS), (security, SYSTEMS)):
        is_refused = (
            error(person.ask(method, f"/api/accounts{path}", **body)) == (403, "forbidden")
            if ((method, path) in others)
            else False
        )
        assert is_refused == ((method, path) in others)
    nobody = people.make(f"clerk.{method.lower()}{path.replace('/', '.')}")
    nobody.sign_in()
    assert error(nobody.ask(method, f"/api/accounts{path}", **body)) == (403, "forbidden")


def test_administrators_see_neither_cases_nor_places_of_people(system: Person, security: Person) -> None:
    for person in (system, security):
        assert error(person.ask("GET", "/api/cases")) == (403, "forbidden")


def test_what_administrators_do_is_on_record_under_their_name(system: Person, district: Engine) -> None:
    system.ask("POST", "/api/accounts", name="on.record")
    system.ask("POST", "/api/accounts/on.record/lock")
    with district.connect() as connection:
        lines = connection.execute(
            text("SELECT action, account FROM audit_line WHERE subject = 'account:on.record' ORDER BY id")
        ).all()
    assert [tuple(line) for line in lines] == [("account_made", "system.admin"), ("locked", "system.admin")]


@pytest.mark.parametrize(("office", "typed", "found"), [
    ("street", "柳荫", [STREET]), ("community", "1101990010", ["110199001001", "110199001002"]),
    ("district", "", ["000000000000", "110199000000"]), ("station", "S1", ["1"]),
    ("planner", "110199002", ["110199002000"]), ("worker", "W1", ["1"]), ("worker", "柳荫社区", ["1", "2"]),
    ("department", "%", []), ("audit_admin", "", []), ("public", "", []),
])  # fmt: skip
def test_the_ground_of_a_grant_is_found_by_a_part_of_its_name_or_code(
    security: Person, office: str, typed: str, found: list[str]
) -> None:
    """Each can be granted as it is told; of workers nothing is told but number and community."""
    told = security.ask("GET", f"/api/grounds?office={office}&q={quote(typed)}").json()["grounds"]
    assert [one["ground"] for one in told] == found
    assert office != "worker" or {one["name"] for one in told} == {None}
