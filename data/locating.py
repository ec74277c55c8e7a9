"""Where a point would lie if it were reported now. EPSG:4490; distances are metres. Nothing is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import pandas as pd
from sqlalchemy import Connection

from data.database import driver_connection
from data.replaying import Past
from data.settings import settings
from geo.location import locate

LEVELS = ("street", "community", "cell")


def locate_now(connection: Connection, lon: float, lat: float) -> dict[str, Any]:
    """`located`, `street`, `community` and `cell` (`code`, `name`; null: none), and the other cells within the tolerance as
    `candidates` (`code`, `name`, `distance_m`), nearest first."""
    moment = datetime.now(ZoneInfo(settings().timezone))
    ground, _ = Past(driver_connection(connection), moment).ground_at(lon, lat)
    found = locate(np.array([[lon, lat]]), ground).iloc[0]
    names = dict(zip(ground.cells.frame["code"], ground.cells.frame["name"], strict=True))
    others = [{"name": names[one["code"]], **one} for one in orjson.loads(found["candidates"])]
    return {"located": found["located"], "candidates": others} | {level: _place(found, level) for level in LEVELS}


def _place(found: pd.Series, level: str) -> dict[str, str] | None:
    code = found[f"{level}_code"]
    return None if code is None else {"code": code, "name": found[f"{level}_name"]}
