"""What was refused, as a CSV for people: line, field, value, reason. Only the owner may read it: it quotes the file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data import formulas
from data.imports.sheet import REJECT_COLUMNS
from data.settings import settings


def default_path(kind: str, file: Path) -> Path:
    now = datetime.now(ZoneInfo(settings().timezone))
    return settings().home / "rejects" / f"{now:%Y%m%d-%H%M%S-%f}-{kind}-{file.name.split('.')[0]}.csv"


def write(parts: Iterable[pd.DataFrame], path: Path) -> None:
    """One row per refused row of the file, in its order. UTF-8 with a mark, so that spreadsheets show Chinese."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REJECT_COLUMNS)
        for part in parts:
            writer.writerows([tame(value) for value in row] for row in part.itertuples(index=False))


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
