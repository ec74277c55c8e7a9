"""Schedules are data: every row must fit the flow that it starts."""

from __future__ import annotations

import inspect

import pytest
from prefect import Flow
from prefect.schedules import Cron

from data.settings import settings
from flows.deployments import Schedule, schedules

ROWS = schedules()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_parameter_fits_the_flows_signature(row: Schedule) -> None:
    flow = row.load_flow()
    assert isinstance(flow, Flow)
    inspect.signature(flow.fn).bind(**row.parameters)
    validated = flow.validate_parameters(row.parameters)
    assert validated == validated | row.parameters


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_schedule_is_a_time_in_the_city_and_says_why(row: Schedule) -> None:
    assert Cron(row.cron, timezone=settings().timezone).cron == row.cron
    assert row.source


def test_no_two_schedules_have_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
