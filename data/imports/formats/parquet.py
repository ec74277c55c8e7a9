"""GeoParquet, and Parquet with coordinates in its columns."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.imports.formats.tables import Table, Tables, Wanted
from geo.errors import BadFile

MAGIC = b"PAR1"


def read(path: Path, wanted: Wanted) -> Tables:
    """Lines are the rows, from 1. Raises: BadFile."""
    try:
        is_geo = b"geo" in (pq.read_schema(path).metadata or {})
        frame = gpd.read_parquet(path) if is_geo else pd.read_parquet(path)
    except (pa.ArrowException, ValueError, TypeError, KeyError, OSError, AttributeError, OverflowError) as error:
        raise BadFile(f"{path.name} can't be read as Parquet: {error}", file=str(path)) from error
    yield _table(frame.reset_index(drop=True))


def _table(frame: pd.DataFrame) -> Table:
    lines = np.arange(1, len(frame) + 1)
    if not isinstance(frame, gpd.GeoDataFrame):
        return Table(frame, lines)
    crs = frame.crs.to_wkt() if frame.crs else None
    return Table(pd.DataFrame(frame.drop(columns=frame.geometry.name)), lines, frame.geometry.to_numpy(), crs)
