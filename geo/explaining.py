"""An explanation of `geo.routing` read aloud, in Chinese or English. Distances are metres, moments in the city's time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from geo.errors import BadTime
from geo.limits import parse_stages
from geo.routing import load
from geo.rules import LEVELS

NO_LIMIT = 2**31
"""As open cases of a worker, when nobody counted them."""
LOCATED = {
    "zh": {
        "inside": "位于{cell}内",
        "border": "正好落在边界上，按编码最小者归{cell}",
        "gap": "不在任何网格内，归最近的{cell}，需确认",
        "picked": "靠近边界，上报人在现场选定{cell}",
        "none": "附近没有网格",
    },
    "en": {
        "inside": "It lies in {cell}",
        "border": "It lies exactly on a border and goes to the lowest code, {cell}",
        "gap": "It lies in no cell and goes to the nearest, {cell}, to be confirmed",
        "picked": "It lies near a border, and who reported it picked {cell} on the spot",
        "none": "No cell is near",
    },
}
CANDIDATES = {"zh": "；{metres}米内另有{count}个网格", "en": "; {count} other within {metres} m"}
RAISED = {
    "zh": {"community": "已上升到社区", "street": "已上升到街道", "district": "已上升到区"},
    "en": {
        "community": "it has come up to the community",
        "street": "it has come up to the street",
        "district": "it has come up to the district",
    },
}
HANDLERS = {
    "zh": {
        "cell_worker": "网格员",
        "station": "社区服务站",
        "committee": "居委会",
        "street_team": "街道队伍",
        "department": "职能部门",
    },
    "en": {
        "cell_worker": "a grid worker",
        "station": "the service station",
        "committee": "the residents' committee",
        "street_team": "the street team",
        "department": "a department",
    },
}
RULE = {"zh": "规则“{code}”要求由{handler}处理", "en": "rule “{code}” asks for {handler}"}
NO_RULE = {"zh": "没有适用的规则，由网格员处理", "en": "no rule fits, so it is a grid worker's"}
NO_AGENCY = {"zh": "当地没有{handler}", "en": "there is none here"}
PASSED_OVER = {
    "zh": {"returned": "{name}已退回", "away": "{name}不在班", "full": "{name}手上已有{load}件"},
    "en": {"returned": "{name} returned it", "away": "{name} is off duty", "full": "{name} has {load} cases already"},
}
STEPS = {
    "zh": {
        "agency": "由{name}处理",
        "cell_head": "由当班网格长{name}处理",
        "cell_worker": "由当班网格员{name}处理",
        "cell_substitute": "由替班{name}处理",
        "community_worker": "由本社区在办最少的网格员{name}处理",
        "community_desk": "由社区{desk}受理",
        "street_desk": "由街道{desk}受理",
        "district_desk": "由区{desk}受理",
        "duty_desk": "没有可受理的单位，由总值班台受理",
    },
    "en": {
        "agency": "{name} takes it",
        "cell_head": "its head {name} is on duty",
        "cell_worker": "its worker {name} is on duty",
        "cell_substitute": "the substitute {name} steps in",
        "community_worker": "{name}, who has the fewest open cases of the community's others, takes it",
        "community_desk": "the desk of the community {desk} takes it",
        "street_desk": "the desk of the street {desk} takes it",
        "district_desk": "the desk of the district {desk} takes it",
        "duty_desk": "no unit is known, so the duty desk takes it",
    },
}
CLOCK = {
    "zh": {
        "new": "限{limit}，{due}到期",
        "provisional": "限{limit}，暂定{due}到期（当年日历未载入）",
        "kept": "时限不变，{due}到期",
    },
    "en": {
        "new": "it has {limit}, until {due}",
        "provisional": "it has {limit}, for the time being until {due}, for the calendar of that year is not loaded",
        "kept": "its clock keeps running until {due}",
    },
}
UNITS = {
    "zh": {"wh": "个工作时", "wd": "个工作日", "m": "分钟", "h": "小时", "d": "天"},
    "en": {"wh": " working hours", "wd": " working days", "m": " minutes", "h": " hours", "d": " days"},
}
THEN = {"zh": "、", "en": ", then "}
NAMED = {"zh": "{name}（{code}）", "en": "{name} ({code})"}
NOT_TOLD = {
    "zh": {"waiting": "案件尚未派遣。", "unknown": "案件已派遣，但没有留下派遣依据。"},
    "en": {
        "waiting": "The case has not been dispatched yet.",
        "unknown": "The case was dispatched, and nobody kept why.",
    },
}
STOPS = {"zh": ("，", "。"), "en": ("; ", ".")}

Seen = Mapping[str, Any]


def not_told(language: str, *, is_dispatched: bool) -> str:
    """What there is to say of a case without an explanation."""
    return NOT_TOLD["zh" if language == "zh" else "en"]["unknown" if is_dispatched else "waiting"]


def explain(explanation: Seen, language: str) -> str:
    """One sentence for a person. Any language but Chinese is answered in English."""
    chosen = "zh" if language == "zh" else "en"
    comma, stop = STOPS[chosen]
    return comma.join(_clauses(as_of_now(explanation), chosen)) + stop


def as_of_now(explanation: Seen) -> Seen:
    """An explanation from before there were handling rules, loads and clocks, in the members that it would have today."""
    if "step" in explanation:
        return explanation
    unknown = {"level": LEVELS[0], "loads": {}, "load_max": NO_LIMIT, "clock": None}
    return {**unknown, **explanation, "step": explanation["rule"], "rule": None}


def _clauses(seen: Seen, language: str) -> Iterator[str]:
    where = LOCATED[language][seen["located"]].format(cell=_named(seen["cell"], language))
    yield where + _others(seen["candidates"], language)
    if seen["level"] != LEVELS[0]:
        yield RAISED[language][seen["level"]]
    yield from _rule(seen, language)
    yield from _passed_over(seen, language)
    yield _taken(seen, language)
    yield from _clock(seen, language)


def _rule(seen: Seen, language: str) -> Iterator[str]:
    rule = seen["rule"]
    if rule is None:
        yield NO_RULE[language]
        return
    handler = HANDLERS[language][rule["handler"]]
    yield RULE[language].format(code=rule["code"], handler=handler)
    if rule["handler"] != "cell_worker" and not seen.get("agencies"):
        yield NO_AGENCY[language].format(handler=handler)


def _passed_over(seen: Seen, language: str) -> Iterator[str]:
    """Who was asked before and why he did not get it."""
    refused = seen.get("refused_by", ())
    for agency in seen.get("agencies", ()):
        if f"agency:{agency['id']}" in refused:
            yield PASSED_OVER[language]["returned"].format(name=agency["name"])
    if "agency_id" in seen or seen["level"] != LEVELS[0]:
        return
    for one in seen.get("roster", ()):
        if one["worker_id"] == seen.get("worker_id"):
            return
        why = _why_not(seen, one)
        yield PASSED_OVER[language][why].format(name=one["name"], load=load(seen, one["worker_id"]))


def _why_not(seen: Seen, one: Seen) -> str:
    if not one["is_on_duty"]:
        return "away"
    return "returned" if f"worker:{one['worker_id']}" in seen.get("refused_by", ()) else "full"


def _taken(seen: Seen, language: str) -> str:
    step = "agency" if "agency_id" in seen else seen["step"]
    return STEPS[language][step].format(name=_holder(seen), desk=_desk(seen, language))


def _holder(seen: Seen) -> str:
    if "agency_id" in seen:
        return str(next(agency["name"] for agency in seen["agencies"] if agency["id"] == seen["agency_id"]))
    people = (*seen.get("roster", ()), *seen.get("others", ()))
    return next((str(one["name"]) for one in people if one["worker_id"] == seen.get("worker_id")), "")


def _desk(seen: Seen, language: str) -> str:
    found = (desk for desk in seen["desks"] if desk["code"] == seen.get("desk_code"))
    return _named(next(found, None), language)


def _clock(seen: Seen, language: str) -> Iterator[str]:
    clock = seen["clock"]
    if clock is None:
        return
    kind = "kept" if clock.get("is_kept") else "provisional" if clock["is_provisional"] else "new"
    limit = seen["rule"]["time_limit"] if seen["rule"] else ""
    due = datetime.fromisoformat(clock["due_at"]).strftime("%Y-%m-%d %H:%M")
    yield CLOCK[language][kind].format(limit=limit_in_words(limit or "", language), due=due)


def limit_in_words(limit: str, language: str) -> str:
    """A time limit, such as 4wh/7wd, for a person; as it stands when nobody can read it."""
    try:
        stages = parse_stages(limit)
    except BadTime:
        return limit
    return THEN[language].join(f"{stage.amount}{UNITS[language][stage.unit]}" for stage in stages)


def _named(place: Seen | None, language: str) -> str:
    return NAMED[language].format(name=place.get("name") or "", code=place["code"]).strip() if place else ""


def _others(candidates: list[Seen], language: str) -> str:
    if not candidates:
        return ""
    return CANDIDATES[language].format(count=len(candidates), metres=candidates[-1]["distance_m"])
