"""The dispatcher: `python -m flows.dispatch` works shift after shift. Times are seconds unless the name says minutes.

A shift is one long Prefect flow run and each of its batches a task: a flow run costs a second to begin, a task milliseconds.
Cases come before records: while Prefect does not answer, the same batches are worked without it, and a stand-in works what
lies for seconds.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from threading import Event, Thread
from typing import Any

import psycopg
from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from data import cases, shifts
from data.settings import settings
from flows import audit, notify
from flows.dispatcher import Dispatcher, Figures
from flows.sweep import EVERY_S, Sweeper, Swept
from flows.system import answers
from geo.errors import WanggeError

PAUSE_S = 0.2
"""From one batch's begin to the next's, unless more waits than one batch takes: a burst of reports makes one batch."""
SLEEP_S = 1.0
NOTE_S = 10.0
LEFT_LYING_S = 2.0
"""A case that waits longer has been left by the shift."""
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)
WITHOUT_PREFECT_MINUTES = 0.5
AWAY = (psycopg.Error, WanggeError)
"""What a database raises that went away, or whose tables or parameters are not there yet."""

log = logging.getLogger("wangge.dispatch")
Work = Callable[[Callable[[], None]], None]


class Shift:
    """One stretch of work: batches as they come, a lost database waited for, figures noted now and then."""

    def __init__(self, minutes: float) -> None:
        self.ends = time.monotonic() + minutes * 60
        self.figures = Figures()
        self.row: shifts.Shift | None = None
        self.swept = Swept()
        self.noted = self.looked = time.monotonic()
        self.failures = 0

    def run(self, work: Work) -> Figures:
        """Until its end. `work` carries out one batch: plainly, or as a task."""
        while time.monotonic() < self.ends:
            try:
                self._until_lost(work)
            except AWAY as error:
                self._pause(error)
        return self.figures

    def _pause(self, error: Exception) -> None:
        seconds = RETRY_S[min(self.failures, len(RETRY_S) - 1)]
        log.warning("the database is away, trying again in %s s: %s", seconds, error)
        self.failures += 1
        time.sleep(seconds)

    def _until_lost(self, work: Work) -> None:
        with shifts.open_line() as line:
            dispatcher, sweeper = Dispatcher(line), Sweeper(line)
            self.row = self.row or shifts.Shift.begin(line)
            while time.monotonic() < self.ends:
                self._round(dispatcher, work)
                self._sweep(sweeper)
                self.failures = 0
                if time.monotonic() - self.noted > NOTE_S:
                    self.row.note(line, self.told())
                    self.noted = time.monotonic()
            self.row.finish(line, self.told())

    def told(self) -> dict[str, Any]:
        """All figures: of dispatch, and under `swept` those of the sweeps."""
        return asdict(self.figures) | {"swept": asdict(self.swept)}

    def _sweep(self, sweeper: Sweeper) -> None:
        """Now and then, and at once again where there was something to do."""
        if time.monotonic() - self.looked < EVERY_S:
            return
        found = sweeper.round()
        self.swept.add(found)
        self.looked = time.monotonic() - (EVERY_S if found.found else 0)

    def _round(self, dispatcher: Dispatcher, work: Work) -> None:
        """One batch if something waits, else a sleep from which a report wakes."""
        if not cases.is_any_waiting(dispatcher.connection):
            shifts.wait(dispatcher.connection, min(SLEEP_S, max(self.ends - time.monotonic(), 0)))
            return
        begun, rows, before = time.monotonic(), settings().dispatch_batch_rows, self.figures.taken
        work(lambda: self.figures.add(dispatcher.batch(rows)))
        if self.figures.taken - before < rows:
            time.sleep(max(0.0, begun + PAUSE_S - time.monotonic()))


@flow(name="dispatch", flow_run_name="shift-{minutes}-minutes", persist_result=False)
def dispatch(minutes: float) -> None:
    """A shift of `minutes`: dispatch what is reported, and leave a summary."""
    shift = Shift(minutes)
    shift.run(_as_task)
    create_markdown_artifact(_summary(shift), key="dispatch-shift", description="What a shift dispatched")


@task(name="dispatch-batch", cache_policy=NO_CACHE, persist_result=False)
def _batch(carry_out: Callable[[], None]) -> None:
    carry_out()


def _as_task(carry_out: Callable[[], None]) -> None:
    _batch(carry_out)


def _plainly(carry_out: Callable[[], None]) -> None:
    carry_out()


def _summary(shift: Shift) -> str:
    told = asdict(shift.figures) | {f"swept: {name}": value for name, value in asdict(shift.swept).items()}
    rows = "".join(f"| {name} | {value} |\n" for name, value in told.items())
    return f"| figure | value |\n|---|---:|\n{rows}"


def work_shift(minutes: float) -> None:
    """One shift, as a flow run if Prefect answers, else a short one without it."""
    if not is_prefect_there():
        Shift(min(minutes, WITHOUT_PREFECT_MINUTES)).run(_plainly)
        return
    try:
        dispatch(minutes)
    except Exception:  # whatever Prefect raises, the next shift comes
        log.exception("Prefect failed")
        time.sleep(RETRY_S[-1])


def stand_in(end: Event) -> None:
    """Work what a shift leaves lying: Prefect may take minutes to begin or to end a flow run when its server is away."""
    while not end.is_set():
        try:
            with shifts.open_line() as line:
                _look_after(Dispatcher(line), Sweeper(line), end)
        except AWAY as error:
            log.warning("the stand-in waits: %s", error)
            end.wait(RETRY_S[-1])
        except Exception:  # a thread that ends is not missed by anybody
            log.exception("the stand-in failed and begins again")
            end.wait(RETRY_S[-1])


def _look_after(dispatcher: Dispatcher, sweeper: Sweeper, end: Event) -> None:
    while not end.wait(SLEEP_S):
        sweeper.round()
        while cases.is_any_waiting(dispatcher.connection, since_s=LEFT_LYING_S):
            dispatcher.batch(settings().dispatch_batch_rows)


def is_prefect_there() -> bool:
    """Whether a Prefect server is known and answers; never starts one."""
    api = os.environ.get("PREFECT_API_URL")
    return api is not None and answers(f"{api}/health")


def main() -> None:
    """Shift after shift, for ever."""
    logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)
    for work in (stand_in, audit.seal_for_ever, *[notify.send_for_ever] * notify.HANDS):
        Thread(target=work, args=[Event()], daemon=True).start()
    while True:
        work_shift(settings().shift_minutes)


if __name__ == "__main__":
    main()
