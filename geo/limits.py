"""Time limits of cases, as text: `4wh` working hours, `2wd` working days; `90m`, `24h`, `7d` run round the clock.

Stages are several limits from the same start: `4wh/7wd/20wd`. The last is the limit of the whole case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from geo.calendars import Hours
from geo.errors import BadTime

WRITTEN = re.compile(r"([1-9][0-9]{0,3})(wh|wd|m|h|d)")
ALLOWED = (
    "write a whole number from 1 to 9999 and a unit: 4wh (working hours), 2wd (working days), "
    "or 90m, 24h, 7d (minutes, hours, days round the clock); stages are separated by slashes, 4wh/7wd/20wd"
)


class Unit(StrEnum):
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"


ROUND_THE_CLOCK = {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: 24 * 60}
"""Minutes of each unit that never stops running."""


@dataclass(frozen=True)
class Limit:
    """So many units of time; `str` gives the text that it is read from."""

    amount: int
    unit: Unit

    @property
    def is_round_the_clock(self) -> bool:
        return self.unit in ROUND_THE_CLOCK

    def minutes(self, hours: Hours) -> int:
        """Its length: working minutes, of which a working day has as many as `hours`; or minutes round the clock."""
        each = ROUND_THE_CLOCK | {Unit.WORKING_HOURS: 60, Unit.WORKING_DAYS: hours.minutes}
        return self.amount * each[self.unit]

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


def parse(text: str) -> Limit:
    """One limit. Raises: BadTime saying what is allowed."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise BadTime(f"{text!r} is no time limit: {ALLOWED}", limit=text)
    return Limit(int(found[1]), Unit(found[2]))


def parse_stages(text: str) -> tuple[Limit, ...]:
    """The limits of all stages, one for a plain limit.

    Raises: BadTime when one can't be read, or is not longer than the one before where the two can be compared by
    themselves: hours with hours, working days with working days.
    """
    stages = tuple(parse(part) for part in text.split("/"))
    for before, after in pairwise(stages):
        if _scale(before)[0] == _scale(after)[0] and _scale(before)[1] >= _scale(after)[1]:
            raise BadTime(f"stage {after} is not longer than {before} before it", limit=text)
    return stages


def _scale(limit: Limit) -> tuple[str, int]:
    """On which scale a limit can be compared, and where it stands there."""
    if limit.is_round_the_clock:
        return "minutes", limit.amount * ROUND_THE_CLOCK[limit.unit]
    return limit.unit, limit.amount
