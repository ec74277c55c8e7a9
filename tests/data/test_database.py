"""Engines and the address that they go to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from data import cluster
from data.database import following, forget_engines


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[cluster.Cluster]:
    """A private cluster of which there is only the note where it listens."""
    monkeypatch.delenv("WANGGE_DATABASE_URL", raising=False)
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path))
    forget_engines()
    yield cluster.private()
    forget_engines()


def test_an_engine_follows_the_private_cluster_to_its_new_port(private: cluster.Cluster) -> None:
    engine = following(create_engine("postgresql+psycopg://wangge@127.0.0.1:9/wangge"))
    for port in (1, 2):
        private.note(port=port, password="x")
        with pytest.raises(OperationalError, match=f"port {port} failed"):
            engine.connect()
