"""Reading and storing inside a flow: as tasks that are tried again when the database was away, and only then."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from prefect import State, task
from prefect.cache_policies import NO_CACHE
from sqlalchemy.exc import DBAPIError

from geo.errors import Unavailable

Function = TypeVar("Function", bound=Callable[..., Any])
WAITS_S = [1.0, 5.0, 20.0]
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, ConnectionError, Unavailable)


def plain(function: Function) -> Function:
    """The function as it is: for commands when no Prefect server runs."""
    return function


def retried(function: Callable[..., Any]) -> Any:
    """The function as a Prefect task that is run again, after a pause, when the database did not answer."""
    return task(
        name=function.__name__.strip("_").replace("_", "-"),
        retries=len(WAITS_S),
        retry_delay_seconds=WAITS_S,
        retry_condition_fn=_was_away,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(function)


def has_server() -> bool:
    """Whether a Prefect server is there to record a flow run; without one commands call the plain functions."""
    return bool(os.environ.get("PREFECT_API_URL"))


def is_away(error: BaseException | None) -> bool:
    """Whether `error` says that the database did not answer, and trying again may help."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, AWAY)


def _was_away(task: Any, run: Any, state: State[Any]) -> bool:
    try:
        state.result()
    except Exception as error:
        return is_away(error)
    return False
