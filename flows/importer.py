"""The importer: `python -m flows.importer` looks at, checks and lets in what people bring by the browser. Times are seconds.

A turn is held by its session: killed at any point, it is begun anew by whoever comes next, and nothing half done is left.
Why this is a process of its own and no Prefect deployment: docs/decisions/0008-importer.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.exc import InterfaceError, OperationalError

from data import kept_files, upload_turns
from data.database import connect, driver_connection, engine
from data.dialogues import Row
from data.imports import rejects
from data.imports.formats import isolation
from data.imports.options import Report
from data.imports.previewing import preview
from data.imports.refused import Refused
from data.imports.run import import_file
from data.upload_turns import CHANNEL, Line, Unwanted
from geo.errors import Unavailable, WanggeError

HANDS = 2
"""Turns side by side: a look at a small file does not wait for the import of a large one."""
SLEEP_S = 1.0
"""A notification may be lost with its sender, so the table is looked at anyway."""
RETRY_S = 1.0
SWEEP_S = 3600.0
SPEAK_S = 0.3
"""Between two words on how much has been read."""
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError, Unavailable)

log = logging.getLogger("wangge.importer")


def main() -> None:
    """Work until the process is ended."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    isolation.ensure_server()
    for _ in range(HANDS):
        threading.Thread(target=_for_ever, args=(work_off,), daemon=True).start()
    _for_ever(_sweep)


def _for_ever(work: Callable[[Line], None]) -> None:
    while True:
        try:
            with connect(autocommit=True) as line:
                work(line)
        except AWAY as error:
            log.warning("the database is away: %s", error)
            time.sleep(RETRY_S)
        except Exception:
            log.exception("the importer stumbled")
            time.sleep(RETRY_S)


def _sweep(line: Line) -> None:
    while True:
        upload_turns.sweep(line)
        time.sleep(SWEEP_S)


def work_off(line: Line) -> None:
    """Whatever is asked for, without end."""
    line.execute(f"LISTEN {CHANNEL}")
    while True:
        if not work_once(line):
            for _ in line.notifies(timeout=SLEEP_S, stop_after=1):
                break


def work_once(line: Line) -> int:
    """All turns that wait and that nobody else has in hand; how many."""
    done = 0
    for upload_id in upload_turns.waiting(line):
        with upload_turns.held_alone(line, upload_id) as is_free:
            upload = upload_turns.begin(line, upload_id) if is_free else None
            if upload is not None:
                take_turn(line, upload)
                done += 1
    return done


def take_turn(line: Line, upload: Row) -> None:
    """One look, check or import; what goes wrong with it is told to whoever waits."""
    try:
        if upload["attempts"] > upload_turns.MOST_ATTEMPTS:
            raise WanggeError("reading this file ended its process again and again")
        TURNS[upload["state"]](line, upload)
    except Unwanted:
        log.info("upload %s: cancelled", upload["id"])
    except WanggeError as error:
        upload_turns.refused(line, upload, error)
    except AWAY:
        raise
    except Exception:
        log.exception("upload %s: %s failed", upload["id"], upload["state"])
        upload_turns.refused(line, upload, WanggeError("the server failed; its log has the reason"))


def look(line: Line, upload: Row) -> None:
    upload_turns.progress(line, upload, {"step": "reading"})
    proposal = preview(_path(upload), upload["kind"], upload_turns.options_of(upload))
    upload_turns.proposed(line, upload, proposal["kind"], proposal)


def check(line: Line, upload: Row) -> None:
    """Everything that an import does, taken back."""
    with engine().connect() as connection, connection.begin() as transaction:
        ground = upload_turns.ground(driver_connection(connection))
        report, refused = _import(line, upload, connection)
        transaction.rollback()
    _write_rejects(upload, refused)
    upload_turns.checked(line, upload, report, ground)


def bring_in(line: Line, upload: Row) -> None:
    """The import and the end of the upload, in one transaction."""
    with engine().begin() as connection:
        report, _ = _import(line, upload, connection)
        upload_turns.imported(driver_connection(connection), upload, report)


TURNS: dict[str, Callable[[Line, Row], None]] = {"reading": look, "checking": check, "importing": bring_in}


def _import(line: Line, upload: Row, connection: Any) -> tuple[Report, Refused]:
    told = Progress(line, upload)
    options = upload_turns.options_of(upload)
    return import_file(connection, upload["kind"], _path(upload), options, step=told.step, share=told.share)


class Progress:
    """Tells whoever waits how far a turn is, and the turn when nobody waits any more."""

    def __init__(self, line: Line, upload: Row) -> None:
        self.line, self.upload = line, upload
        self.told: dict[str, Any] = {}
        self.spoken = 0.0

    def step(self, text: str) -> None:
        self.told = {"step": text.split(maxsplit=1)[0], "text": text}
        self._speak()

    def share(self, read: float) -> None:
        self.told["share"] = round(read, 3)
        if time.monotonic() - self.spoken > SPEAK_S:
            self._speak()

    def _speak(self) -> None:
        upload_turns.progress(self.line, self.upload, self.told)
        self.spoken = time.monotonic()


def _path(upload: Row) -> Path:
    return kept_files.under_its_name(upload["id"], upload["file_name"], upload["sha256"])


def _write_rejects(upload: Row, refused: Refused) -> None:
    path = kept_files.rejects_path(upload["id"])
    path.unlink(missing_ok=True)
    if refused.rows:
        rejects.write(refused.parts(), path)


if __name__ == "__main__":
    main()
