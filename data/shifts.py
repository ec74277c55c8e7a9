"""A dispatcher's line to the database: it is known by name, listens for reports, and notes its shifts. Times are seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from data.database import database_url
from data.health import DISPATCHER
from data.live import CHANNEL

CONNECT_S = 5


def open_line() -> psycopg.Connection[Any]:
    """A connection of its own, in autocommit, that hears of every report and every change of a case."""
    connection = psycopg.connect(
        database_url(), autocommit=True, application_name=DISPATCHER, connect_timeout=CONNECT_S
    )
    connection.execute(f"LISTEN {CHANNEL}")
    return connection


def wait(connection: psycopg.Connection[Any], seconds: float) -> None:
    """Sleep until somebody notifies, at most `seconds`: a notification may be lost with the process that should send it."""
    for _ in connection.notifies(timeout=seconds, stop_after=1):
        return


@dataclass(frozen=True)
class Shift:
    """A row of `dispatch_run`."""

    id: int

    @classmethod
    def begin(cls, connection: psycopg.Connection[Any]) -> Shift:
        row = connection.execute("INSERT INTO dispatch_run (started_at) VALUES (now()) RETURNING id").fetchone()
        return cls(row[0] if row else 0)

    def note(self, connection: psycopg.Connection[Any], figures: dict[str, Any]) -> None:
        """What was done so far, and that the dispatcher was there now (`seen_at`)."""
        connection.execute(
            "UPDATE dispatch_run SET figures = %s || jsonb_build_object('seen_at', now()) WHERE id = %s",
            [Jsonb(figures), self.id],
        )

    def finish(self, connection: psycopg.Connection[Any], figures: dict[str, Any]) -> None:
        self.note(connection, figures)
        connection.execute("UPDATE dispatch_run SET finished_at = now() WHERE id = %s", [self.id])
