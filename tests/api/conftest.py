"""A small district in a real database, and the application in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.app import app
from data import reference
from data.database import driver_connection
from tests.people import name_workers
from tests.signing import Signing

DISTRICT = Path(__file__).parent / "district.sql"


@pytest.fixture(scope="module")
def district(engine: Engine) -> Engine:
    """The database with the reference rows and the district of district.sql."""
    with engine.begin() as connection:
        reference.load(connection)
        connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
        name_workers(driver_connection(connection))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
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
