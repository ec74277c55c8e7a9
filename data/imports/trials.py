"""Polygons that may take long to judge or to mend are tried in a process of their own first: no shape keeps an import waiting.

GEOS compares lines that lie side by side one by one, and finds every crossing of a boundary with itself: a comb of 20,000 teeth
takes it 20 s to judge, a star of 1,000 crossing lines 15 s to mend, and both grow with the square.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import shapely

from data.imports.formats import isolation
from data.imports.formats.isolation import PROCESSES
from geo.errors import BadFile
from geo.layers import mended

JUDGED_AT_ONCE = 2_000
"""Vertices up to which a polygon is judged within a twentieth of a second, whatever it is."""
MENDED_AT_ONCE = 64
"""Vertices up to which an invalid polygon is mended as fast."""
Shapes = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Limits:
    """Seconds for one polygon, seconds for all that fail, memory for mending them, and vertices that may come of it."""

    shape_s: int
    patience_s: int
    memory_mb: int
    vertices: int


def hopeless(shapes: Shapes, *, is_mending: bool, limits: Limits) -> dict[int, str]:
    """The positions of shapes that can't be judged, or mended if `is_mending`, within the limits, each with a sentence.

    Raises: BadFile when they take more than `limits.patience_s` together.
    """
    dear = _dear(shapes, is_mending)
    told: dict[int, str] = {}
    begun, start = time.monotonic(), 0
    while start < len(dear):
        passed, reason = _tried(shapes[dear[start:]], is_mending, limits)
        start += passed
        if reason:
            told[int(dear[start])] = reason
            start += 1
        if start < len(dear) and time.monotonic() - begun > limits.patience_s:
            raise BadFile(
                f"{len(told):,} polygons could not be judged in {limits.patience_s} s (WANGGE_IMPORT_PATIENCE_S)"
            )
    return told


def _dear(shapes: Shapes, is_mending: bool) -> np.ndarray[Any, np.dtype[np.int64]]:
    is_polygon = shapely.get_dimensions(shapes) == 2
    vertices = shapely.get_num_coordinates(shapes)
    dear = is_polygon & (vertices > JUDGED_AT_ONCE)
    if is_mending:
        rest = is_polygon & (vertices > MENDED_AT_ONCE) & ~dear
        dear[rest] = ~shapely.is_valid(shapes[rest])
    return np.flatnonzero(dear)


def _tried(shapes: Shapes, is_mending: bool, limits: Limits) -> tuple[int, str]:
    """How many passed, and why the one after them did not; an empty sentence when all have."""
    ours, theirs = PROCESSES.Pipe(duplex=False)
    job = (theirs, shapely.to_wkb(shapes).tolist(), is_mending, limits)
    process = PROCESSES.Process(target=_work, args=job, daemon=True)
    isolation.start(process)
    theirs.close()
    passed, reason = 0, ""
    try:
        while passed < len(shapes) and not reason:
            reason = _answer(ours, shapes[passed], limits)
            passed += not reason
    finally:
        process.kill()
        process.join()
        ours.close()
    return passed, reason


def _answer(ours: Connection, shape: shapely.Geometry, limits: Limits) -> str:
    count = f"{shapely.get_num_coordinates(shape):,} vertices"
    if not ours.poll(limits.shape_s):
        return f"its {count} can't be judged within {limits.shape_s} s (WANGGE_IMPORT_SHAPE_S): simplify it"
    try:
        return str(ours.recv())
    except EOFError:
        return f"its {count} can't be judged within {limits.memory_mb:,} MB (WANGGE_IMPORT_MEMORY_MB): simplify it"


def _work(theirs: Connection, shapes: list[bytes], is_mending: bool, limits: Limits) -> None:
    """An answer for every shape: nothing, or why it is hopeless."""
    isolation.confine(limits.memory_mb)
    for shape in shapely.from_wkb(shapes):
        theirs.send(_judged(shape, is_mending, limits))


def _judged(shape: shapely.Geometry, is_mending: bool, limits: Limits) -> str:
    try:
        is_sound = shapely.is_valid(shape)
        made = shape if is_sound or not is_mending else mended(np.array([shape]))[0]
    except shapely.errors.GEOSException as error:
        return f"can't be mended: {error}"
    count = int(shapely.get_num_coordinates(made))
    return f"mended it has {count:,} vertices, at most {limits.vertices:,} are taken" if count > limits.vertices else ""
