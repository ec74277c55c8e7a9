"""Files broken at random: each is imported, or refused by name, and nothing else ever happens."""

from __future__ import annotations

import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, text

from data.imports.options import Options
from data.imports.run import import_file
from geo.errors import BadInput
from tests.samples import SAMPLES

TABLES = ("area", "street_edge", "street_node", "import_run")
ENDINGS = (".csv", ".geojson", ".zip", ".kml", ".xlsx", ".gpkg", ".shp", ".bin", "")
MISNAMED = 0.1
"""Share of the files that are called something else."""
BREAKS = (1, 1, 2, 4, 16)
Bytes = bytearray


@dataclass
class Outcome:
    """How often what became of the files, and what should never have."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.faults


def campaign(engine: Engine, count: int, seed: int, told: Callable[[int], None] = lambda done: None) -> Outcome:
    """Break `count` files, import each into `engine`'s database, take everything back."""
    outcome, random = Outcome(), np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder, _scratch() as scratch, engine.connect() as connection:
        good = _good(Path(folder))
        outcome.faults += list(_not_good(connection, good))
        for number in range(count):
            name = str(random.choice(list(good)))
            file = _broken(Path(folder), good[name], random)
            _try(connection, SAMPLES[name][0], file, outcome)
            file.unlink()
            told(number + 1)
        outcome.faults += [f"left over: {path}" for path in scratch.rglob("*") if path.is_file()]
    return outcome


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for temporary files of this campaign alone: others import on this machine too."""
    forkserver.ensure_running()  # whose own folder stays as long as this process
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before


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


def _broken(folder: Path, good: Path, random: np.random.Generator) -> Path:
    content = Bytes(good.read_bytes())
    for _ in range(int(random.choice(BREAKS))):
        content = CHANGES[int(random.integers(len(CHANGES)))](content, random)
    ending = str(random.choice(ENDINGS)) if random.random() < MISNAMED else "".join(good.suffixes)
    (path := folder / f"broken{ending}").write_bytes(content)
    return path


def _try(connection: Connection, kind: str, file: Path, outcome: Outcome) -> None:
    """Import in a transaction that is rolled back. A refusal must come before anything is stored."""
    transaction = connection.begin()
    try:
        report, _ = import_file(connection, kind, file, Options())
        outcome.counts["imported" if report.stored else "every row refused"] += 1
    except BadInput as error:
        outcome.counts["refused"] += 1
        outcome.faults += list(_faults(connection, file, error))
    except Exception:
        outcome.faults.append(f"{file.name}: {traceback.format_exc()}")
    finally:
        transaction.rollback()


def _faults(connection: Connection, file: Path, error: BadInput) -> Iterator[str]:
    if "Traceback" in error.message or not error.message:
        yield f"{file.name}: refused without a sentence: {error.message!r}"
    for table in TABLES:
        if connection.scalar(text(f"SELECT count(*) FROM {table}")):
            yield f"{file.name}: refused, but rows are in {table}"


# --- what happens to files -------------------------------------------------------------------------------------------


def _flip(content: Bytes, random: np.random.Generator) -> Bytes:
    if content:
        content[_place(content, random)] = int(random.integers(256))
    return content


def _cut(content: Bytes, random: np.random.Generator) -> Bytes:
    return content[: _place(content, random)]


def _remove(content: Bytes, random: np.random.Generator) -> Bytes:
    start = _place(content, random)
    del content[start : start + int(random.integers(1, 200))]
    return content


def _insert(content: Bytes, random: np.random.Generator) -> Bytes:
    start = _place(content, random)
    content[start:start] = random.bytes(int(random.integers(1, 20)))
    return content


def _repeat(content: Bytes, random: np.random.Generator) -> Bytes:
    start = _place(content, random)
    content[start:start] = content[start : start + int(random.integers(1, 400))]
    return content


def _blank(content: Bytes, random: np.random.Generator) -> Bytes:
    start, length = _place(content, random), int(random.integers(1, 64))
    content[start : start + length] = bytes(len(content[start : start + length]))
    return content


def _enlarge(content: Bytes, random: np.random.Generator) -> Bytes:
    """Four bytes that may be a length become a very large one."""
    start = _place(content, random)
    content[start : start + 4] = b"\xff\xff\xff\x7f"[: len(content[start : start + 4])]
    return content


def _retype(content: Bytes, random: np.random.Generator) -> Bytes:
    """Words that formats understand come where they are not expected."""
    words = (
        b"NaN",
        b"1e999",
        b"null",
        b"-",
        b"Infinity",
        b"{",
        b"]",
        b"<",
        b"&#0;",
        b'"',
        b",",
        b"\x00",
        b"POLYGON EMPTY",
    )
    start = _place(content, random)
    word = words[int(random.integers(len(words)))]
    content[start : start + len(word)] = word
    return content


def _place(content: Bytes, random: np.random.Generator) -> int:
    """Anywhere, half of the time near the beginning, where formats say what they are."""
    most = len(content) if random.random() < 0.5 else min(len(content), 512)
    return int(random.integers(max(most, 1)))


CHANGES = (_flip, _flip, _flip, _cut, _remove, _insert, _repeat, _blank, _enlarge, _retype, _retype)
