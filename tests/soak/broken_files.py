"""Files broken at random: each is imported, or refused by name, and nothing else ever happens."""

from __future__ import annotations

import faulthandler
import resource
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, text

from data.imports.formats import isolation, scratch
from data.imports.options import Options, Report
from data.imports.run import import_file
from data.settings import settings
from geo.errors import WanggeError
from tests.samples import SAMPLES, ground
from tests.soak.mutations import CHANGES, reencoded, spliced
from tests.soak.structures import OF_ENDING
from web import sentences

TABLES = ("area", "cell", "facility", "residence", "worker", "incident", "street_edge", "street_node", "import_run")
ENDINGS = (".csv", ".geojson", ".zip", ".kml", ".xlsx", ".gpkg", ".shp", ".bin", "")
MISNAMED, BY_FORM, SPLICED, REENCODED = 0.1, 0.55, 0.07, 0.05
"""Shares of the files: called something else, changed in their form, of two files, in another encoding; the rest by bytes."""
BREAKS = (1, 1, 2, 4, 16)
HANGS_S = 120
"""No small file takes so long, however busy the machine is."""
GROWS_MB = 1024
"""What the importing process may grow by over the whole campaign."""
Told = Callable[[int], None]


@dataclass
class Outcome:
    """How often what became of the files, and what should never have."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    longest: tuple[float, str] = 0.0, ""
    """Seconds, and the file that took them."""
    grown_mb: int = 0
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return not self.faults

    @property
    def figures(self) -> dict[str, Any]:
        files = self.counts.total()
        told = {"files": files, **dict(self.counts), "files_per_minute": round(files / max(self.seconds, 1) * 60)}
        return told | {"longest": self.longest, "grown_mb": self.grown_mb, "faults": len(self.faults)}


def campaign(engine: Engine, count: int, seed: int, told: Told = lambda done: None) -> Outcome:
    """Break `count` files, import each into `engine`'s database, which has the reference data and no layers; take all back."""
    outcome, begun, size = Outcome(), time.monotonic(), _size_mb()
    with tempfile.TemporaryDirectory() as folder, _scratch() as temporary, engine.connect() as connection:
        _lay_ground(connection, Path(folder))
        good = _good(Path(folder))
        outcome.faults += list(_not_good(connection, good))
        for number in range(count):
            _one(connection, Path(folder), good, (seed, number), outcome)
            told(number + 1)
        outcome.faults += [f"left over: {path}" for path in _left(temporary)]
    outcome.seconds, outcome.grown_mb = time.monotonic() - begun, _size_mb() - size
    if outcome.grown_mb > GROWS_MB:
        outcome.faults.append(f"the process grew by {outcome.grown_mb:,} MB")
    return outcome


def _one(
    connection: Connection, folder: Path, good: Mapping[str, Path], number: tuple[int, int], outcome: Outcome
) -> None:
    """The file of this number, always the same of one seed."""
    random = np.random.default_rng(number)
    name = list(good)[int(random.integers(len(good)))]
    file = _broken(folder, name, good, random)
    begun = time.monotonic()
    faulthandler.dump_traceback_later(HANGS_S, exit=True)
    tried = Outcome()
    _try(connection, SAMPLES[name][0], file, tried)
    faulthandler.cancel_dump_traceback_later()
    outcome.longest = max(outcome.longest, (round(time.monotonic() - begun, 1), f"{name}, file {number[1]}"))
    outcome.counts += tried.counts
    outcome.faults += [f"{name}, seed {number[0]}, file {number[1]}: {fault}" for fault in tried.faults]
    file.unlink()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for temporary files of this campaign alone: others import on this machine too."""
    isolation.ensure_server()  # whose own folder stays as long as this process
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before


def _left(temporary: Path) -> list[Path]:
    roots = temporary, settings().home / scratch.FOLDER
    return [path for root in roots if root.is_dir() for path in root.rglob("*") if path.name != scratch.short_name()]


def _size_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _lay_ground(connection: Connection, folder: Path) -> None:
    """What samples of cells, workers and facilities need."""
    with connection.begin():
        for kind, file in ground(folder):
            import_file(connection, kind, file, Options())


def _good(folder: Path) -> Mapping[str, Path]:
    made = {}
    for name, (_, write) in SAMPLES.items():
        (own := folder / name).mkdir()
        made[name] = write(own)
    return made


def _not_good(connection: Connection, good: Mapping[str, Path]) -> Iterator[str]:
    """Samples that don't go in whole before they are broken: refusing them afterwards would prove nothing."""
    for name, file in good.items():
        _try(connection, SAMPLES[name][0], file, tried := Outcome())
        if tried.faults or not tried.counts["imported"]:
            yield f"{name} is not good before it is broken: {dict(tried.counts)} {tried.faults}"


def _broken(folder: Path, name: str, good: Mapping[str, Path], random: np.random.Generator) -> Path:
    path = good[name]
    ending = str(random.choice(ENDINGS)) if random.random() < MISNAMED else "".join(path.suffixes)
    (made := folder / f"broken{ending}").write_bytes(_content(path, good, random))
    return made


def _content(path: Path, good: Mapping[str, Path], random: np.random.Generator) -> bytes:
    by_form, chance = OF_ENDING.get(path.suffix), random.random()
    if by_form and chance < BY_FORM:
        return by_form(path, random)
    if chance < BY_FORM + SPLICED:
        return bytes(spliced(path.read_bytes(), good[str(random.choice(list(good)))].read_bytes(), random))
    if chance < BY_FORM + SPLICED + REENCODED:
        return bytes(reencoded(path.read_bytes(), random))
    content = bytearray(path.read_bytes())
    for _ in range(int(random.choice(BREAKS))):
        content = CHANGES[int(random.integers(len(CHANGES)))](content, random)
    return bytes(content)


def _try(connection: Connection, kind: str, file: Path, outcome: Outcome) -> None:
    """Import in a transaction that is rolled back."""
    with connection.begin() as transaction:
        before = _stored(connection)
        try:
            with connection.begin_nested():
                report, _ = import_file(connection, kind, file, Options())
            outcome.counts["imported" if report.rejected < report.read else "every row refused"] += 1
            outcome.faults += list(_wrong(report))
        except WanggeError as error:
            outcome.counts["refused"] += 1
            if "Traceback" in error.message or len(error.message) < len("a sentence"):
                outcome.faults.append(f"refused without a sentence: {error.message!r}")
            if _stored(connection) != before:
                outcome.faults.append("refused, but something is stored")
        except Exception:
            outcome.faults.append(traceback.format_exc())
        transaction.rollback()


def _wrong(report: Report) -> Iterator[str]:
    became = report.stored, report.updated, report.unchanged, report.rejected
    if report.read != sum(became):
        yield f"read {report.read}, but stored, updated, unchanged, rejected {became}"
    for told in {finding["text"] for finding in report.findings}:
        if not sentences.is_known(told):
            yield f"no sentence that the catalogues know: {told}"


def _stored(connection: Connection) -> tuple[int, ...]:
    counted = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
    return tuple(connection.execute(text(f"SELECT {counted}")).one())
