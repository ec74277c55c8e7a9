"""What a command says: progress and messages on standard error, the result on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from geo.errors import WanggeError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line of standard output.")]
"""The type of a command's parameter `as_json`."""

messages = Console(stderr=True, highlight=False, soft_wrap=True)
results = Console(highlight=False, soft_wrap=True)


def progress() -> Progress:
    """A progress display on standard error: `with progress() as bar: task = bar.add_task("…", total=n); bar.advance(task)`.

    Where standard error is no terminal only the end of each task is written.
    """
    bars = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*bars, console=messages)


@contextmanager
def reading(name: str) -> Iterator[tuple[Callable[[str], None], Callable[[float], None] | None]]:
    """What takes the steps of reading a file, and what takes its share: a bar on a terminal, else nothing for the second."""
    if not messages.is_terminal:
        yield say, None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=messages) as bar:
        task = bar.add_task(name, total=1.0)
        yield partial(_describe, bar, task), partial(_fill, bar, task)


def _describe(bar: Progress, task: TaskID, text: str) -> None:
    bar.update(task, description=text)


def _fill(bar: Progress, task: TaskID, share: float) -> None:
    bar.update(task, completed=share)


def move(bar: Progress, task: TaskID, done: int, total: int, what: str | None = None) -> None:
    """Tell a task of a progress display how far it is and, if it changed, what is being done."""
    bar.update(task, completed=done, total=total, description=what)


def say(text: str) -> None:
    """One line for the person at the terminal."""
    messages.print(text, markup=False)


def say_result(text: str) -> None:
    """One line of the result, for people."""
    results.print(text, markup=False)


def show(result: Mapping[str, Any], *, as_json: bool) -> None:
    """The result of a command: a JSON line for programs, a small table for people."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
    else:
        results.print(_table(result))


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for people on standard output, every value as it is."""
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(Text(value) for value in row))
    results.print(table)


def refuse(error: WanggeError, *, as_json: bool = False) -> int:
    """Say what is wrong and give the exit status."""
    say(f"wangge: {error.message}")
    if as_json:
        body = {"code": error.code, "message": error.message, "detail": error.detail}
        print(json.dumps({"error": body}, ensure_ascii=False, default=str), flush=True)
    sys.stdout.flush()
    return 1


def _table(result: Mapping[str, Any]) -> Table:
    table = Table(show_header=False, box=None)
    for key, value in result.items():
        table.add_row(key.replace("_", " "), Text("" if value is None else str(value)))
    return table
