"""The flows that run by themselves: `data/reference/schedules.toml` served as Prefect deployments.

`python -m flows.deployments` serves them until told to stop. A deployment that never ran is started at once if there is
ground to work on, so that a new system shows results without waiting for the night.
"""

from __future__ import annotations

import asyncio
import importlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from data.settings import CHECKOUT, settings
from flows import prefect_settings

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.orchestration import PrefectClient

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


async def serve() -> None:
    """Register every schedule with Prefect's server and run what is due, until told to stop."""
    from prefect import get_client
    from prefect.runner import Runner

    runner = Runner(name="wangge", limit=AT_ONCE)
    known = [await _register(runner, schedule) for schedule in schedules()]
    async with get_client() as client:
        for deployment in known:
            await _run_first(client, deployment)
    await runner.start()


async def _register(runner: Any, schedule: Schedule) -> UUID:
    from prefect.schedules import Cron

    when = Cron(schedule.cron, timezone=settings().timezone)
    deployment = await schedule.load_flow().ato_deployment(
        schedule.name, schedule=when, parameters=schedule.parameters, description=schedule.source
    )
    identity: UUID = await runner.aadd_deployment(deployment)
    return identity


async def _run_first(client: PrefectClient, deployment: UUID) -> None:
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType
    from prefect.client.schemas.sorting import FlowRunSort

    begun = list(set(StateType) - {StateType.SCHEDULED})
    state = filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=begun))
    runs = await client.read_flow_runs(
        deployment_filter=filters.DeploymentFilter(id=filters.DeploymentFilterId(any_=[deployment])),
        flow_run_filter=filters.FlowRunFilter(state=state),
        sort=FlowRunSort.ID_DESC,  # the server refuses a request without one
        limit=1,
    )
    if not runs and await asyncio.to_thread(_has_ground):
        await client.create_flow_run_from_deployment(deployment)


def _has_ground() -> bool:
    from data.schema import has_ground

    return has_ground()


if __name__ == "__main__":
    prefect_settings.apply()
    asyncio.run(serve())
