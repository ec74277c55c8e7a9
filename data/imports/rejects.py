"""What was refused, as a CSV for people: line, field, value, reason. Only the owner may read it: it quotes the file."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data import formulas
from data.imports.sheet import REJECT_COLUMNS
from data.settings import settings

Row = Sequence[Any]
Words = Callable[[Row], Row]
"""From a row of `REJECT_COLUMNS`, or from these names themselves, to what people read."""
ROWS_AT_ONCE = 5000


def default_path(kind: str, file: Path) -> Path:
    now = datetime.now(ZoneInfo(settings().timezone))
    return settings().home / "rejects" / f"{now:%Y%m%d-%H%M%S-%f}-{kind}-{file.name.split('.')[0]}.csv"


def as_it_is(row: Row) -> Row:
    """In the words of the checks."""
    return row


def write(parts: Iterable[pd.DataFrame], path: Path, said: Words = as_it_is) -> None:
    """One row per refused row of the file, in its order, each and the header as `said` puts it.

    UTF-8 with a mark, so that spreadsheets show Chinese.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(said(REJECT_COLUMNS))
        for part in parts:
            writer.writerows([tame(value) for value in said(row)] for row in part.itertuples(index=False))


def reworded(path: Path, said: Words) -> Iterator[bytes]:
    """What `write` wrote as it is, as `said` puts it, in parts of some thousand rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        yield codecs.BOM_UTF8
        while some := list(itertools.islice(rows, ROWS_AT_ONCE)):
            text = io.StringIO()
            csv.writer(text).writerows(_reworded(row, said(row)) for row in some)
            yield text.getvalue().encode()


def _reworded(row: Row, said: Row) -> list[Any]:
    """Values are tame already; a second apostrophe would be one of theirs."""
    return [now if now == before else tame(now) for before, now in zip(row, said, strict=True)]


def tame(value: Any) -> Any:
    """A text that no spreadsheet runs; numbers stay numbers."""
    if not isinstance(value, str):
        return "" if pd.isna(value) else value
    return value if _is_number(value) else formulas.tame(value)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
