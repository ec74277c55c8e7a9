"""Libraries that may crash, hang or eat memory on rubbish work in a process of their own. What they read comes back in batches."""

from __future__ import annotations

import ctypes
import multiprocessing
import pickle
import resource
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyogrio
import shapely

from data import postgres
from data.imports.formats import graphs, layers, markup, osm, parquet, scratch, workbooks
from data.imports.formats.tables import Table, Tables, Wanted, shapes_from, without_giants
from data.settings import settings
from geo.errors import BadFile

READERS = {
    "geopackage": layers.read,
    "flatgeobuf": layers.read,
    "shapefile": layers.read,
    "geojson": layers.read,
    "lines": layers.read,
    "kml": layers.read_kml,
    "parquet": parquet.read,
    "workbook": workbooks.read,
    "pbf": osm.read,
    "osm": osm.read,
    "graphml": graphs.read,
}
CHECKED = ("osm", "graphml")
"""Formats in XML that a library reads by itself; a KML is checked while it is copied."""
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "data.imports.columns"])
"""The second is what a job is unpickled with: loaded by each process anew it would take longer than most files."""
DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


@dataclass(frozen=True)
class Limits:
    """Of the other process: memory beyond what it starts with, and how long it may think from one batch to the next.

    A shape of more than `vertices` never leaves it: its row is refused.
    """

    memory_mb: int
    patience_s: int
    vertices: int


@dataclass(frozen=True)
class Job:
    """What the other process does."""

    name: str
    path: Path
    wanted: Wanted
    limits: Limits


def read(name: str, path: Path, wanted: Wanted, limits: Limits) -> Tables:
    """What the reader of format `name` makes of the file. Raises: BadFile, also when the reader breaks down."""
    with scratch.folder() as into:
        ours, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=_work, args=(theirs, into, Job(name, path, wanted, limits)), daemon=True)
        start(process)
        theirs.close()
        rows = 0
        try:
            while (told := _next(ours, process, path, limits, rows)) is not None:
                rows += told.read
                yield told
        finally:
            process.kill()
            process.join()
            ours.close()


def start(process: Any) -> None:
    """Start a process of `PROCESSES`, which dies with this one."""
    ensure_server()
    process.start()


@cache
def ensure_server() -> None:
    """The server of processes keeps its socket in a folder; in one of ours, it is cleared away if this process is killed."""
    before, tempfile.tempdir = tempfile.tempdir, str(scratch.for_life())
    try:
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = before


def _next(ours: Connection, process: Any, path: Path, limits: Limits, rows: int) -> Table | None:
    if not ours.poll(limits.patience_s):
        told = f"{path.name}{_after(rows)}: nothing could be read for {limits.patience_s} s (WANGGE_IMPORT_PATIENCE_S)"
        raise BadFile(told, file=str(path))
    try:
        told = pickle.loads(ours.recv_bytes())
    except EOFError as error:
        process.join()
        told = f"{path.name} can't be read{_after(rows)}: {_end(process.exitcode, limits)}"
        raise BadFile(told, file=str(path)) from error
    if isinstance(told, BadFile):
        raise told
    return None if told is None else _unpacked(told)


def _after(rows: int) -> str:
    return f" after row {rows:,}" if rows else ""


def _end(status: int, limits: Limits) -> str:
    if -status in (signal.SIGKILL, signal.SIGABRT):
        return (
            f"its reader ended for want of memory, or broke down on it (WANGGE_IMPORT_MEMORY_MB {limits.memory_mb:,})"
        )
    return f"its reader broke down on it ({signal.Signals(-status).name if status < 0 else status})"


def _work(theirs: Connection, into: Path, job: Job) -> None:
    """Temporary files go to `into`, which outlives this process whatever ends it, and is removed by the other."""
    confine(job.limits.memory_mb)
    warnings.simplefilter("ignore")
    tempfile.tempdir = str(into)
    pyogrio.set_gdal_config_options({"CPL_TMPDIR": str(into)})
    try:
        for table in _tables(job):
            theirs.send_bytes(pickle.dumps(_packed(without_giants(table, job.limits.vertices)), protocol=5))
        theirs.send_bytes(pickle.dumps(None))
    except BadFile as error:
        theirs.send_bytes(pickle.dumps(error))
    except MemoryError:
        told = f"{job.path.name} needs more than {job.limits.memory_mb:,} MB to be read (WANGGE_IMPORT_MEMORY_MB)"
        theirs.send_bytes(pickle.dumps(BadFile(told, file=str(job.path))))
    except Exception as error:  # whatever a library says about a broken file
        told = f"{job.path.name} can't be read as {job.name}: {str(error).replace(str(job.path), job.path.name)}"
        theirs.send_bytes(pickle.dumps(BadFile(told, file=str(job.path))))


def _tables(job: Job) -> Tables:
    if job.name in CHECKED:
        markup.check(job.path)
    return READERS[job.name](job.path, job.wanted)


def confine(memory_mb: int) -> None:
    """This process takes so much more memory at most, leaves no core behind, and dies with the server that it comes from."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (_most_bytes(memory_mb),) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def bounded(memory_mb: int, path: Path) -> Iterator[None]:
    """The process that imports takes so much more memory at most meanwhile. Raises: BadFile when `path` needs more."""
    BOUND.begin(memory_mb)
    try:
        yield
    except MemoryError as error:
        told = f"{path.name} needs more than {memory_mb:,} MB to be imported (WANGGE_IMPORT_MEMORY_MB)"
        raise BadFile(told, file=str(path)) from error
    finally:
        BOUND.end()


class Bound:
    """The bound of this process while any of its threads imports; it goes with the last of them, or it would stay for ever."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.at_work = 0
        self.before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def begin(self, memory_mb: int) -> None:
        with self.lock:
            if self.at_work == 0:
                self.before = resource.getrlimit(resource.RLIMIT_AS)
            self.at_work += 1
            resource.setrlimit(resource.RLIMIT_AS, (_most_bytes(memory_mb), self.before[1]))

    def end(self) -> None:
        with self.lock:
            self.at_work -= 1
            if self.at_work == 0:
                resource.setrlimit(resource.RLIMIT_AS, self.before)


BOUND = Bound()


def allowed_mb() -> int:
    """Memory that one file may take: as the setting says, and at most half of what the machine has."""
    return min(settings().import_memory_mb, postgres.memory_mb() // 2)


def _most_bytes(memory_mb: int) -> int:
    """Beyond what the process has now."""
    own = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return own + (memory_mb << 20)


def _packed(table: Table) -> Table:
    """Shapes as WKB: pickled ten times as fast."""
    if table.shapes is not None:
        table.shapes = shapely.to_wkb(table.shapes)
    return table


def _unpacked(table: Table) -> Table:
    if table.shapes is not None:
        table.shapes = shapes_from(np.asarray(table.shapes))
    return table
