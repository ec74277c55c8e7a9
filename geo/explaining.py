"""An explanation of `geo.routing` read aloud, in Chinese or English. Distances are metres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LOCATED = {
    "zh": {
        "inside": "位于{cell}内",
        "border": "正好落在边界上，按编码最小者归{cell}",
        "gap": "不在任何网格内，归最近的{cell}，需确认",
        "none": "附近没有网格",
    },
    "en": {
        "inside": "It lies in {cell}",
        "border": "It lies exactly on a border and goes to the lowest code, {cell}",
        "gap": "It lies in no cell and goes to the nearest, {cell}, to be confirmed",
        "none": "No cell is near",
    },
}
RULES = {
    "zh": {
        "cell_head": "由当班网格长{name}处理",
        "cell_worker": "网格长不在班，由当班网格员{name}处理",
        "cell_substitute": "网格长和网格员不在班，由替班{name}处理",
        "community_desk": "网格无人当班，由社区{desk}受理",
        "street_desk": "没有可受理的社区，由街道{desk}受理",
        "district_desk": "没有可受理的社区和街道，由区{desk}受理",
        "duty_desk": "没有可受理的单位，由总值班台受理",
    },
    "en": {
        "cell_head": "its head {name} is on duty",
        "cell_worker": "its head is off duty, its worker {name} is on duty",
        "cell_substitute": "head and workers are off duty, the substitute {name} steps in",
        "community_desk": "nobody of a cell is on duty, so the desk of the community {desk} takes it",
        "street_desk": "no community is known, so the desk of the street {desk} takes it",
        "district_desk": "neither community nor street is known, so the desk of the district {desk} takes it",
        "duty_desk": "no unit is known, so the duty desk takes it",
    },
}
CANDIDATES = {"zh": "；{metres}米内另有{count}个网格", "en": "; {count} other within {metres} m"}
NAMED = {"zh": "{name}（{code}）", "en": "{name} ({code})"}
STOPS = {"zh": ("，", "。"), "en": ("; ", ".")}


def explain(explanation: Mapping[str, Any], language: str) -> str:
    """One sentence for a person. Any language but Chinese is answered in English."""
    chosen = "zh" if language == "zh" else "en"
    where = LOCATED[chosen][explanation["located"]].format(cell=_named(explanation["cell"], chosen))
    who = RULES[chosen][explanation["rule"]].format(name=_worker(explanation), desk=_desk(explanation, chosen))
    comma, stop = STOPS[chosen]
    return f"{where}{_others(explanation['candidates'], chosen)}{comma}{who}{stop}"


def _named(place: Mapping[str, Any] | None, language: str) -> str:
    return NAMED[language].format(name=place.get("name") or "", code=place["code"]).strip() if place else ""


def _worker(explanation: Mapping[str, Any]) -> str:
    return next((seen["name"] for seen in explanation["roster"] if seen["worker_id"] == explanation["worker_id"]), "")


def _desk(explanation: Mapping[str, Any], language: str) -> str:
    found = (desk for desk in explanation["desks"] if desk["code"] == explanation["desk_code"])
    return _named(next(found, None), language)


def _others(candidates: list[Mapping[str, Any]], language: str) -> str:
    if not candidates:
        return ""
    return CANDIDATES[language].format(count=len(candidates), metres=candidates[-1]["distance_m"])
