"""The flows that run by themselves: `data/reference/schedules.toml` served as Prefect deployments.

`python -m flows.deployments` serves them until told to stop.
"""

from __future__ import annotations

import asyncio
import importlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.settings import CHECKOUT, settings
from flows import prefect_settings

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment

FILE = CHECKOUT / "data" / "reference" / "schedules.toml"
AT_ONCE = 2
"""Flow runs side by side; each is a process of its own."""


@dataclass(frozen=True)
class Schedule:
    """One row: which flow runs when, with which parameters, and who says so."""

    name: str
    flow: str
    cron: str
    parameters: dict[str, Any]
    source: str

    def load_flow(self) -> Flow[..., Any]:
        module, _, function = self.flow.partition(":")
        found: Flow[..., Any] = getattr(importlib.import_module(module), function)
        return found


def schedules() -> list[Schedule]:
    """All rows, in the order of the file."""
    return [Schedule(**row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["schedule"]]


async def serve_all() -> None:
    """Register every schedule with Prefect's server and run what is due, until told to stop."""
    from prefect import aserve

    await aserve(*[await _deployment(schedule) for schedule in schedules()], limit=AT_ONCE)


async def _deployment(schedule: Schedule) -> RunnerDeployment:
    from prefect.schedules import Cron

    when = Cron(schedule.cron, timezone=settings().timezone)
    return await schedule.load_flow().ato_deployment(
        schedule.name, schedule=when, parameters=schedule.parameters, description=schedule.source
    )


if __name__ == "__main__":
    prefect_settings.apply()
    asyncio.run(serve_all())
