"""A Prefect server for flow tests, started once for all of them: it takes long."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Flow runs of the test go to a server of its own with a database of its own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
    with warnings.catch_warnings():  # Prefect leaves sockets to its server for the garbage collector to close
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
