"""Who handles cases besides grid workers: invented stations, committees, street teams and departments, by their area."""

from __future__ import annotations

import pandas as pd

KINDS = {
    "community": [
        ("station", "station", "服务站", "Service Station"),
        ("committee", "committee", "居民委员会", "Residents' Committee"),
    ],
    "street": [("street_team", "team", "综合执法队", "Street Team")],
    "district": [
        ("department", "urban", "城市管理委员会", "Urban Management"),
        ("department", "housing", "住房和房屋管理局", "Housing"),
        ("department", "water", "水务局", "Water"),
        ("department", "gardens", "园林绿化局", "Gardens"),
        ("department", "traffic", "交通支队", "Traffic Police"),
        ("department", "fire", "消防救援支队", "Fire and Rescue"),
        ("department", "market", "市场监督管理局", "Market Supervision"),
        ("department", "environment", "生态环境局", "Environment"),
        ("department", "civil", "民政局", "Civil Affairs"),
        ("department", "health", "卫生健康委员会", "Health"),
    ],
}
"""By level of the area: kind, the end of the code, what is put behind the area's name. Rules call departments by that end."""
DIGITS = {"community": 12, "street": 9, "district": 6}


def found(areas: pd.DataFrame) -> pd.DataFrame:
    """`code`, `kind`, `name`, `name_en`, `area_code` of all agencies of `areas` (`code`, `level`, `name`, `name_en`), by code."""
    rows = [
        {
            "code": f"{area['code'][: DIGITS[level]]}-{ending}",
            "kind": kind,
            "name": f"{area['name']}{name}",
            "name_en": f"{area['name_en']} {name_en}",
            "area_code": area["code"],
        }
        for level, kinds in KINDS.items()
        for area in areas[areas["level"] == level].to_dict("records")
        for kind, ending, name, name_en in kinds
    ]
    return pd.DataFrame(rows).sort_values("code", ignore_index=True)
