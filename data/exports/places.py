"""In which coordinates a file is written: what is stored, EPSG:4490, as any datum in degrees or any system of EPSG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError

from data.settings import settings
from geo import crs as systems
from geo import datum
from geo.errors import BadInput

Shapes = np.ndarray[Any, Any]
SHIFTED = ("gcj02", "bd09")
SRIDS = {"cgcs2000": systems.STORED_SRID, "wgs84": systems.WGS84_SRID}
ZONE = "zone"


@dataclass(frozen=True)
class Place:
    """`crs` is what the file says, None where nobody has a number for it; `label` is what its rows say in a column `crs`."""

    crs: pyproj.CRS | None
    datum: str = "cgcs2000"

    @property
    def name(self) -> str:
        return self.datum if self.crs is None else f"EPSG:{self.crs.to_epsg()}"

    @property
    def is_geographic(self) -> bool:
        return self.crs is None or bool(self.crs.is_geographic)

    def of(self, shapes: Shapes) -> Shapes:
        """Stored shapes, as they are in this place; missing ones stay missing.

        Into a plane by the inverse of what an import would do, so that both ways undo each other.
        """
        if self.crs is None:
            moved: Shapes = datum.convert_geometries(shapes, source="cgcs2000", target=self.datum)
            return moved
        if self.crs.to_epsg() in SRIDS.values():
            return shapes
        back, _ = systems.into_stored(self.crs)
        flat: Shapes = shapely.transform(shapes, _inverse(back), interleaved=False)
        return flat


def place(crs: str | None = None, of_datum: str | None = None) -> Place:
    """What `--crs` (EPSG:N, or `zone` for the city's) or `--datum` asks for; CGCS2000 when neither does.

    Raises: BadInput, UnknownDatum.
    """
    if crs and of_datum:
        raise BadInput("say --crs or --datum, not both", crs=crs, datum=of_datum)
    if crs:
        return Place(_known(f"EPSG:{settings().metric_srid}" if crs.lower() == ZONE else crs))
    name = datum.check_datum(of_datum or "cgcs2000")
    return Place(None, name) if name in SHIFTED else Place(pyproj.CRS.from_epsg(SRIDS[name]), name)


def _known(given: str) -> pyproj.CRS:
    try:
        crs = pyproj.CRS.from_user_input(given)
    except CRSError as error:
        raise BadInput(f"unknown CRS {given}", crs=given) from error
    if crs.to_epsg() is None:
        raise BadInput(f"{given} has no number of EPSG: say --crs EPSG:N", crs=given)
    return crs


def _inverse(transformer: pyproj.Transformer) -> Any:
    def back(x: Shapes, y: Shapes) -> tuple[Shapes, Shapes]:
        east, north = transformer.transform(x, y, direction=TransformDirection.INVERSE)
        return east, north

    return back
