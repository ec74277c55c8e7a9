"""`wangge deadline`: when a case is due, and how that is counted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from data.settings import settings
from flows import console
from geo.errors import BadTime

if TYPE_CHECKING:
    from geo.clock import Due, Step
    from geo.limits import Limit

COLUMNS = ("day", "what it is", "from", "to", "minutes", "together")
KINDS = {
    "working_day": "working day",
    "make_up_day": "make-up working day",
    "holiday": "holiday",
    "weekend": "weekend",
    "assumed_working_day": "weekday, year not loaded",
    "assumed_weekend": "weekend, year not loaded",
    "round_the_clock": "round the clock",
}


def register(app: typer.Typer) -> None:
    app.command("deadline")(deadline)


def deadline(
    start: Annotated[str, typer.Argument(help="Such as 2025-01-24T16:30, in the city's time, or with an offset.")],
    limit: Annotated[str, typer.Argument(help="4wh, 2wd, 90m, 24h, 7d, or in stages 4wh/7wd/20wd.")],
    as_json: console.AsJson = False,
) -> None:
    """When a case that starts at START and has LIMIT is due, with the arithmetic day by day."""
    from geo import limits

    stages = limits.parse_stages(limit)
    dues = _count(_moment(start), stages)
    if as_json:
        each = [{"limit": str(stage)} | due.plain() for stage, due in zip(stages, dues, strict=True)]
        return console.show(dues[-1].plain() | ({"stages": each} if len(each) > 1 else {}), as_json=True)
    for stage, due in zip(stages, dues, strict=True):
        _tell(stage, due)
    return None


def _count(start: datetime, stages: tuple[Limit, ...]) -> list[Due]:
    from data import calendars
    from data.database import engine
    from geo import clock

    with engine().connect() as connection:
        return clock.due_stages(start, stages, calendars.read(connection))


def _moment(text: str) -> datetime:
    """A time without an offset is the city's."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        allowed = "write 2025-01-24T16:30, in the city's time, or with an offset, 2025-01-24T16:30:00+08:00"
        raise BadTime(f"{text!r} is no moment: {allowed}", start=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings().timezone))


def _tell(limit: Limit, due: Due) -> None:
    """The steps as a table, and below it the due moment."""
    together, rows = 0.0, []
    for step in due.steps:
        together += step.minutes
        rows.append((*_words(step), _number(step.minutes), _number(together)))
    console.show_rows(COLUMNS, rows)
    console.results.print(f"{limit}: due on {due.due:%a %Y-%m-%d at} {_clock(due.due)}", style="bold", end="\n\n")
    if due.provisional:
        console.say("provisional: it rests on a year whose calendar is not loaded; see `wangge import calendar`")


def _words(step: Step) -> tuple[str, str, str, str]:
    days = f"{step.day:%a %Y-%m-%d}" + (f" – {step.last_day:%a %m-%d}" if step.last_day > step.day else "")
    what = KINDS[step.kind] + (f", {step.name_en} {step.name}" if step.name else "")
    return days, what, _clock(step.begin), _clock(step.end)


def _clock(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _number(minutes: float) -> str:
    """To a hundredth of a minute; whole numbers as such."""
    return f"{minutes:,.2f}".rstrip("0").rstrip(".")
