"""What decides who has to act, as of a moment: rules, agencies, categories, rosters, numbers. Moments carry their time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from psycopg import Connection

from data import rosters
from data.database import sql
from geo.book import Known
from geo.errors import NotReady
from geo.rules import Rules

NUMBERS = """
    SELECT name, value FROM parameter
    WHERE name = ANY(%(names)s) AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
"""
USED = ["border_tolerance_m", "worker_load_max", "escalation_returns"]


def read(
    connection: Connection[Any], moment: datetime, area_classes: Mapping[str, str | None], numbers: Mapping[str, float]
) -> Known:
    """What is known at `moment`; `area_classes` by code of the community, `numbers` as `read_numbers` gives them."""
    day = moment.date()
    return Known.of(
        rules=Rules.of(read_rules(connection, day), read_categories(connection)),
        agencies=read_agencies(connection, day),
        roster=rosters.read(connection, moment),
        workers=rosters.on_duty(connection, moment),
        area_classes=area_classes,
        load_max=int(numbers["worker_load_max"]),
        returns_max=int(numbers["escalation_returns"]),
    )


def read_numbers(connection: Connection[Any], day: date) -> dict[str, float]:
    """The numbers that dispatching uses on that day. Raises: NotReady when one is missing."""
    found = dict(connection.execute(NUMBERS, {"names": USED, "day": day}).fetchall())
    missing = [name for name in USED if name not in found]
    if missing:
        raise NotReady(f"no value for {', '.join(missing)} on {day}: run `wangge db migrate`", missing=missing)
    return found


def read_rules(connection: Connection[Any], day: date) -> pd.DataFrame:
    """The rules that hold on that day, as `geo.rules.Rules.of` takes them."""
    return _frame(connection, "rules_now", {"day": day})


def read_agencies(connection: Connection[Any], day: date) -> pd.DataFrame:
    """`id`, `code`, `kind`, `name`, `area_code` of those that act on that day."""
    return _frame(connection, "agencies_now", {"day": day})


def read_categories(connection: Connection[Any]) -> pd.DataFrame:
    """`code`, `parent_code` and `hash`, by which a taken case names its category."""
    return _frame(connection, "categories_now", {})


def _frame(connection: Connection[Any], name: str, wish: Mapping[str, Any]) -> pd.DataFrame:
    cursor = connection.execute(sql(name), wish)
    columns = [column.name for column in cursor.description or ()]
    return pd.DataFrame(cursor.fetchall(), columns=columns, dtype=object)
