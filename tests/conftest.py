"""A real PostGIS for every test: one migrated template per run, a copy per module that commits, a rollback per test."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url

from data import cluster, reference
from data.database import forget_engines, sqlalchemy_url
from data.schema import upgrade
from data.settings import settings
from tests.running import UNLIMITED

ROOT = Path(__file__).parent.parent
MADE_ONCE = ("demo_template", "prefect_server")
"""Fixtures that take ten seconds and more."""

if WORKER := os.environ.get("PYTEST_XDIST_WORKER"):
    # Files are unpacked, kept and swept in one home: that of the one worker's database is none of the other's business.
    os.environ["WANGGE_HOME"] = str(ROOT / ".wangge" / "test" / WORKER)
REAL_DATA = Path(os.environ.get("WANGGE_REAL_DATA", ROOT.parent / "shared" / "data"))


os.environ.update(UNLIMITED)

# How long an example takes says something about the machine only; CI tries the same examples at every run.
hypothesis.settings.register_profile("wangge", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("ci", hypothesis.settings.get_profile("wangge"), derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "wangge")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Nothing that is imported or collected is garbage before the end: looking for it costs each worker seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes last; side by side it comes first, lest at the end one worker waits for the other."""
    long = {company_of(item) for item in items if any(map(item.get_closest_marker, ("flow", "slow")))}
    items.sort(key=lambda item: company_of(item) in long, reverse=WORKER is not None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side, a file stays with one worker, and so do files that share what is made once and takes long."""
    from xdist.scheduler import LoadScopeScheduling

    class Companies(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return company(file_of(nodeid))

    return Companies(config, log)


@cache
def company(file: str) -> str:
    """Who stays with one worker: the browser's tests, which share a system; those of the demo, and of Prefect's test server,
    which are one; any other file by itself."""
    if "/browser/" in file:
        return "browser"
    told = (ROOT / file).read_text(encoding="utf-8")
    return "demo" if any(name in told for name in MADE_ONCE) else file


def company_of(item: pytest.Item) -> str:
    return company(file_of(item.nodeid))


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


@pytest.fixture(scope="session")
def server_url() -> str:
    """A PostgreSQL in which databases may be made: given, or a private cluster of the tests' own."""
    given = os.environ.get("WANGGE_TEST_DATABASE_URL")
    if given:
        return given
    return cluster.ensure_running(home=ROOT / ".wangge" / "test")


class Databases:
    """Makes databases on one server and drops them all at the end."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.run = secrets.token_hex(4)
        self.names: list[str] = []

    def create(self, label: str, template: str = "template1") -> str:
        name = f"wangge_test_{self.run}_{label}_{len(self.names)}"
        # Through the write-ahead log, as by default, it takes four times as long.
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        self.names.append(name)
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        for name in self.names:
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def databases(server_url: str) -> Iterator[Databases]:
    made = Databases(server_url)
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def template(databases: Databases) -> str:
    """The name of an empty, migrated database."""
    url = databases.create("template")
    upgrade(url)
    return make_url(url).database or ""


@pytest.fixture(scope="session")
def reference_template(databases: Databases, template: str) -> str:
    """The name of a database with the reference rows and nothing else; for `start`, as below."""
    made = create_engine(sqlalchemy_url(databases.create("reference", template)))
    with made.begin() as connection:
        reference.load(connection)
    made.dispose()
    return made.url.database or ""


DEMO_YEAR_ENDS = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_template(databases: Databases, template: str) -> str:
    """The name of a database with the demo district. A module that wants a copy of it overrides `start` with this."""
    from data.demo.load import load

    made = create_engine(sqlalchemy_url(databases.create("demo", template)))
    with made.begin() as connection:
        load(connection, progress=lambda done, total, what: None, as_of=DEMO_YEAR_ENDS)
    made.dispose()
    return made.url.database or ""


@pytest.fixture(scope="module")
def start(template: str) -> str:
    """The database that a module's own is copied from."""
    return template


@pytest.fixture(scope="module")
def database_url(databases: Databases, start: str) -> Iterator[str]:
    """A migrated database of the module's own; settings and engines of this process point to it."""
    url = databases.create("module", start)
    ours = {"WANGGE_DATABASE_URL": url, "WANGGE_WEB_DATABASE_URL": as_web(url)}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    forget_engines()
    yield url
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    forget_engines()


def as_web(url: str) -> str:
    """The same database for the role of the web, where the server is the tests' own; else nothing, and the owner becomes it."""
    asked, ours = make_url(url), cluster.private(ROOT / ".wangge" / "test")
    if not ours.notes_file.exists() or asked.port != ours.noted()["port"]:
        return ""
    return ours.web_url(asked.database or "")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of the test's own, for what is kept in files."""
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """For tests that commit and race."""
    made = create_engine(sqlalchemy_url(database_url))
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One transaction, rolled back."""
    with engine.connect() as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA} (WANGGE_REAL_DATA)")
    return REAL_DATA
