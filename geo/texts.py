"""JSON text by the column: what is the same for many rows is written once, and rows are put together from pieces."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

Texts = NDArray[np.object_]


def either(condition: Any, then: Any, otherwise: Any) -> Texts:
    return np.where(condition, np.array(then, dtype=object), np.array(otherwise, dtype=object))


def values(column: Any) -> Texts:
    """Each value as JSON, null where it is missing."""
    listed = np.asarray(column, dtype=object).tolist()
    return texts(orjson.dumps(None if value is pd.NA else value).decode() for value in listed)


def texts(given: Any) -> Texts:
    listed = list(given)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def members(frame: pd.DataFrame, prefix: str, *names: str) -> Texts:
    """`"name": value` of the columns `prefix` + name, with commas between."""
    written = [f'"{name}": ' + values(frame[f"{prefix}{name}"]) for name in names]
    whole: Texts = reduce(lambda text, member: text + ", " + member, written)
    return whole


def objects(frame: pd.DataFrame, prefix: str, *names: str) -> Texts:
    """One object per row, null where the first of the columns is missing."""
    return either(frame[f"{prefix}{names[0]}"].isna(), "null", "{" + members(frame, prefix, *names) + "}")


def pairs(points: NDArray[np.float64]) -> Texts:
    """Each row of n × 2 numbers as an array; null for what is no number."""
    if not len(points):
        return texts([])
    written = orjson.dumps(np.ascontiguousarray(points), option=orjson.OPT_SERIALIZE_NUMPY).decode()
    whole: Texts = "[" + texts(written[2:-2].split("],[")) + "]"
    return whole
