"""Thresholds agree with the clock of each case, and the way up has no gap."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendars import Calendar
from geo.clock import due, due_stages, remaining
from geo.escalation import LEVELS, STEPS, Ascent, Numbers, Sign, ascend, held_before, path, read, watch, write
from geo.lifecycle import Event, Role, State, is_legal
from geo.limits import Limit
from geo.routing import DUTY_DESK
from tests.geo.calendars import CALENDAR, at, calendars, limits, starts

NUMBERS = Numbers(reminder_share=0.2, hold_hours=8, returns=2)
CASE = {
    "id": 1, "seq": 3, "state": "handling", "level": "cell", "due_at": at("2025-02-10T12:00"),
    "desk_code": None, "desk_level": None, "is_refused": False, "returns_since": 0,
    "is_late": False, "is_first": True, "is_held": False, "is_nearly_held": False,
    "community": "110199001001", "street": "110199001000", "district": "110199000000",
}  # fmt: skip


@given(starts, limits, st.integers(0, 20 * 24 * 60), calendars())
def test_a_threshold_says_of_each_case_what_its_own_clock_says(
    start: datetime, limit: Limit, later: int, calendar: Calendar
) -> None:
    now, ends = start + timedelta(minutes=later), due(start, limit, calendar).due
    seen = watch(str(limit), 0, now, calendar, 0.2)
    left = remaining(now, ends, calendar, is_round_the_clock=limit.is_round_the_clock)
    assert (ends <= seen.late_before) == (ends <= now)
    assert (ends <= seen.remind_before) == (left <= 0.2 * limit.minutes(calendar.hours) + 1e-9)
    assert seen.is_last and seen.record == {}


@given(starts, st.integers(0, 30 * 24 * 60))
def test_stages_go_by_when_they_are_due(start: datetime, later: int) -> None:
    stages, now = (Limit(4, "wh"), Limit(7, "wd"), Limit(20, "wd")), start + timedelta(minutes=later)  # type: ignore[arg-type]
    ends = [each.due for each in due_stages(start, stages, CALENDAR)]
    seen = [watch("4wh/7wd/20wd", stage, now, CALENDAR, 0.2) for stage in range(3)]
    for stage, each in enumerate(seen):
        late = remaining(now, ends[stage], CALENDAR) <= 0 if stage < 2 else ends[2] <= now
        assert (ends[2] <= each.late_before) == late
    assert [each.is_last for each in seen] == [False, False, True]
    assert [each.stage for each in seen] == ["4wh", "7wd", "20wd"]


def test_stages_of_either_clock_are_scaled_to_the_last() -> None:
    now = at("2025-02-10T09:00")
    assert watch("24h/7wd", 0, now, CALENDAR, 0.0).late_before == at("2025-02-18T09:00") - timedelta(hours=15)


@pytest.mark.parametrize("text", ["", "soon", "4wh/1wh"])
def test_a_limit_that_can_not_be_read_has_no_reminder(text: str) -> None:
    now = at("2025-02-10T09:00")
    assert watch(text, 0, now, CALENDAR, 0.2)[2:4] == (now, now)


def test_a_hold_is_counted_back_in_working_time() -> None:
    up, remind = held_before(at("2025-02-10T10:00"), NUMBERS, CALENDAR)
    assert (up, remind) == (at("2025-02-08T10:00"), at("2025-02-08T11:36"))


@pytest.mark.parametrize(
    ("changed", "sign"),
    [
        ({}, None),
        ({"is_late": True}, Sign.OVERDUE_AT_WORK),
        ({"is_late": True, "is_first": False}, None),
        ({"is_late": True, "is_first": False, "is_nearly_held": True}, Sign.NEARLY_RAISED),
        ({"is_late": True, "is_first": False, "is_nearly_held": True, "is_held": True}, Sign.STILL_OVERDUE),
        ({"returns_since": 2}, Sign.RETURNED),
        ({"returns_since": 1}, None),
        ({"state": "dispatched", "is_refused": True, "desk_level": "community"}, Sign.REFUSED_BY_ALL),
        ({"state": "dispatched", "is_refused": True, "desk_level": "community", "level": "community"}, None),
        ({"state": "dispatched", "is_refused": True}, None),
    ],
)
def test_signs_are_read(changed: dict[str, object], sign: Sign | None) -> None:
    assert read(CASE | changed, NUMBERS) == sign


@pytest.mark.parametrize(
    ("changed", "ascent"),
    [
        ({}, Ascent("community", "110199001001")),
        ({"desk_level": "community", "desk_code": "110199001001"}, Ascent("street", "110199001000")),
        ({"level": "street"}, Ascent("district", "110199000000")),
        ({"level": "district"}, None),
        ({"community": None}, Ascent("street", "110199001000")),
        ({"community": None, "street": None, "district": None}, Ascent("district", DUTY_DESK)),
        ({"desk_level": "city", "desk_code": DUTY_DESK}, Ascent("district", DUTY_DESK)),
        ({"state": "verifying"}, None),
    ],
)
def test_a_case_goes_up_to_the_next_desk_there_is(changed: dict[str, object], ascent: Ascent | None) -> None:
    assert ascend(CASE | changed, Sign.OVERDUE) == ascent


@pytest.mark.parametrize("sign", Sign)
def test_what_is_written_may_happen(sign: Sign) -> None:
    ascent = ascend(CASE | {"desk_code": "110199001001", "desk_level": "community"}, sign)
    row = write(CASE, sign, ascent, {})
    assert [event["event"] for event in row["events"]] == list(STEPS[sign])
    assert all(is_legal(State.HANDLING, event, Role.SYSTEM) for event in STEPS[sign])
    assert (row["level"] is None) == (Event.ESCALATE not in STEPS[sign])


def event(name: str, held_by: str | None = None, minutes: float | None = None, **detail: object) -> dict[str, object]:
    return {"event": name, "held_by": held_by, "held_minutes": minutes, "at": at("2025-02-10T12:00"), "detail": detail}


def test_a_path_names_each_holder_once_for_as_long_as_he_had_it() -> None:
    told = path(
        [
            event("file"),
            event("dispatch"),
            event("accept", "worker:1", 10.0),
            event("overdue"),
            event("escalate", "worker:1", 20.0, from_level="cell", to_level="community"),
            event("escalate", "desk:2", 5.5, level={"from": "community", "to": "street"}),
            event("escalate", "desk:3", 7.0, from_level="street", to_level="district"),
        ]
    )
    assert [(step["level"], step["holder"], step["minutes"]) for step in told] == [
        ("cell", "worker:1", 30.0),
        ("community", "desk:2", 5.5),
        ("street", "desk:3", 7.0),
    ]
    assert set(LEVELS) > {step["level"] for step in told}
