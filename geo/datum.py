"""Coordinates of Chinese maps: WGS84 and CGCS2000 against GCJ-02 and BD-09. Degrees; arrays of longitude and latitude in and out.

WGS84 and CGCS2000 differ by centimetres and are treated as the same. GCJ-02 and BD-09 are shifted 300–700 m and about 1.3 km
inside the box of CHINA; outside of it nothing is shifted. Formulas: PRCoords (CC0) and eviltransform (MIT), which agree; both
work point by point, these here on whole columns. Checked against both in tests/geo/test_datum.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import OutsideRange, UnknownDatum

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]
Shift = Callable[[Degrees, Degrees], Pair]


class Box(NamedTuple):
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


CHINA = Box(72.004, 0.8293, 137.8347, 55.8271)
"""The box that eviltransform and PRCoords share. It holds parts of the neighbours too; the true limits are not published."""

KRASOVSKY_A_M = 6378245.0
KRASOVSKY_E2 = 0.00669342162296594323
BD_LON, BD_LAT = 0.0065, 0.0060
BD_WAVE = np.pi * 3000 / 180
MARGIN = 0.1
"""Degrees around the box in which a shifted point may have its origin inside."""
ROUNDS = 10
"""Of the inverse at most. A round leaves at most a fiftieth of the error."""
CLOSE = 1e-9
"""Degrees, a tenth of a millimetre: what a last round corrects by less is exact to micrometres then."""
CHUNK = 1 << 14
"""Points at a time: their sines stay in the processor's cache."""


def check_datum(datum: str) -> str:
    """The datum in lower case. Raises: UnknownDatum."""
    name = datum.strip().lower()
    if name not in DATUMS:
        raise UnknownDatum(f"unknown datum {datum!r}: one of {', '.join(DATUMS)}", datum=datum)
    return name


def convert(lon: ArrayLike, lat: ArrayLike, *, source: str, target: str = "cgcs2000") -> Pair:
    """Longitudes and latitudes of datum `source` in datum `target`; shapes stay as they are.

    Exact to less than a millimetre both ways, save within 2 km of the box's border, where a shifted point has two origins.
    Raises: UnknownDatum; OutsideRange if a value is not a longitude or latitude in degrees.
    """
    before, after = _PATHS[check_datum(source)], _PATHS[check_datum(target)]
    x, y = _checked(lon, 180.0, "longitude"), _checked(lat, 90.0, "latitude")
    return (x, y) if before is after else after.from_wgs(*before.to_wgs(x, y))


def convert_geometries(geometries: Any, *, source: str, target: str = "cgcs2000") -> Any:
    """The same for every vertex of shapely geometries (array or one); missing ones stay missing, Z is dropped."""

    def shift(xy: Degrees) -> Degrees:
        return np.column_stack(convert(xy[:, 0], xy[:, 1], source=source, target=target))

    return shapely.transform(geometries, shift)


def is_shifted(lon: ArrayLike, lat: ArrayLike, *, margin: float = 0.0) -> NDArray[np.bool_]:
    """Which WGS84 points lie in the box, or `margin` degrees around it, where GCJ-02 and BD-09 shift."""
    x, y = np.asarray(lon), np.asarray(lat)
    across = (x >= CHINA.west - margin) & (x <= CHINA.east + margin)
    return np.asarray(across & (y >= CHINA.south - margin) & (y <= CHINA.north + margin))


def _checked(values: ArrayLike, limit: float, what: str) -> Degrees:
    degrees = np.asarray(values, dtype=float)
    wrong = ~(np.abs(degrees) <= limit)
    if wrong.any():
        bad = float(degrees[wrong].flat[0])
        raise OutsideRange(f"{what} {bad} is outside -{limit:g}..{limit:g} degrees", what=what, value=str(bad))
    return degrees


def _same(lon: Degrees, lat: Degrees) -> Pair:
    return lon, lat


def _wgs_to_gcj(lon: Degrees, lat: Degrees) -> Pair:
    east_m, north_m = _gcj_offset_m(lon - 105.0, lat - 35.0)
    sine = np.sin(np.radians(lat))
    flat = 1 - KRASOVSKY_E2 * sine * sine
    degree_lat_m = np.radians(KRASOVSKY_A_M * (1 - KRASOVSKY_E2) / flat**1.5)
    degree_lon_m = np.radians(KRASOVSKY_A_M / np.sqrt(flat)) * np.cos(np.radians(lat))
    return lon + east_m / degree_lon_m, lat + north_m / degree_lat_m


def _gcj_offset_m(x: Degrees, y: Degrees) -> Pair:
    """Metres to the east and to the north, of degrees from 105° E 35° N."""
    sine = np.sin(np.pi * x)
    double = 2 * sine * np.cos(np.pi * x)
    ripple = 80 * double - 80 * double**3  # 20 sin 6πx + 20 sin 2πx
    along = 20 * sine + 40 * np.sin(np.pi * x / 3) + 150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)
    across = (
        20 * np.sin(np.pi * y)
        + 40 * np.sin(np.pi * y / 3)
        + 160 * np.sin(np.pi * y / 12)
        + 320 * np.sin(np.pi * y / 30)
    )
    root = np.sqrt(np.abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + (ripple + along) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + (ripple + across) * 2 / 3
    return east, north


def _gcj_to_bd(lon: Degrees, lat: Degrees) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_WAVE)
    return radius * np.cos(angle) + BD_LON, radius * np.sin(angle) + BD_LAT


def _wgs_to_bd(lon: Degrees, lat: Degrees) -> Pair:
    return _gcj_to_bd(*_wgs_to_gcj(lon, lat))


def _inverse(forward: Shift, lon: Degrees, lat: Degrees) -> Pair:
    """Where `forward` comes from, by fixed-point iteration: the shift hardly changes over a few hundred metres."""
    x, y = lon, lat
    for _ in range(ROUNDS):
        moved_x, moved_y = forward(x, y)
        off_x, off_y = lon - moved_x, lat - moved_y
        x, y = x + off_x, y + off_y
        if max(np.abs(off_x).max(initial=0), np.abs(off_y).max(initial=0)) < CLOSE:
            break
    return x, y


def _into(forward: Shift) -> Shift:
    """`forward` inside the box, nothing outside."""

    def shift(lon: Degrees, lat: Degrees) -> Pair:
        return _where(is_shifted(lon, lat), lon, lat, forward)

    return shift


def _out_of(forward: Shift) -> Shift:
    """Back from `forward` where the origin lies inside the box, nothing elsewhere."""

    def unshift(lon: Degrees, lat: Degrees) -> Pair:
        x, y = _where(is_shifted(lon, lat, margin=MARGIN), lon, lat, lambda a, b: _inverse(forward, a, b))
        inside = is_shifted(x, y)
        return np.where(inside, x, lon), np.where(inside, y, lat)

    return unshift


def _where(mask: NDArray[np.bool_], lon: Degrees, lat: Degrees, change: Shift) -> Pair:
    x, y = np.array(lon, dtype=float), np.array(lat, dtype=float)
    inside_x, inside_y = x[mask], y[mask]
    for start in range(0, len(inside_x), CHUNK):
        part = slice(start, start + CHUNK)
        inside_x[part], inside_y[part] = change(inside_x[part], inside_y[part])
    x[mask], y[mask] = inside_x, inside_y
    return x, y


class _Path(NamedTuple):
    """There and back between WGS84 and a datum."""

    to_wgs: Shift
    from_wgs: Shift


_UNSHIFTED = _Path(_same, _same)
_PATHS = {
    "wgs84": _UNSHIFTED,
    "cgcs2000": _UNSHIFTED,
    "gcj02": _Path(_out_of(_wgs_to_gcj), _into(_wgs_to_gcj)),
    "bd09": _Path(_out_of(_wgs_to_bd), _into(_wgs_to_bd)),
}
