"""A small district in a real database, and the application in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text

from api.app import app
from data.database import driver_connection, sqlalchemy_url
from tests.conftest import Databases
from tests.people import name_workers
from tests.signing import Signing

DISTRICT = Path(__file__).parent / "district.sql"


@pytest.fixture(scope="session")
def district_template(databases: Databases, reference_template: str) -> str:
    """The name of a database with the reference rows and the district of district.sql."""
    made = create_engine(sqlalchemy_url(databases.create("district", reference_template)))
    with made.begin() as connection:
        connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
        name_workers(driver_connection(connection))
        connection.execute(text("ANALYZE"))
    made.dispose()
    return made.url.database or ""


@pytest.fixture(scope="module")
def start(district_template: str) -> str:
    return district_template


@pytest.fixture(scope="module")
def district(engine: Engine) -> Engine:
    """The module's own copy of the district."""
    return engine


@pytest.fixture(scope="module")
def signing(district: Engine, database_url: str) -> Signing:
    """Tokens of accounts by the actors that they act as."""
    return Signing(database_url)


@pytest.fixture(scope="module")
def client(signing: Signing) -> Iterator[TestClient]:
    """The application in this process, in front of the district; each request is signed in, see tests/signing.py.

    The same one for all who don't change it: at its first request an application reads its routes, for half a second.
    """
    with TestClient(app, raise_server_exceptions=False) as opened:
        opened.auth = signing
        yield opened
