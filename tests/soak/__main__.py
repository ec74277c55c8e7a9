"""`python -m tests.soak [NAME …] [--minutes N] [--clients 32] [--files N] [--trips N] [--examples N]`: the campaigns, all
unless named.

system.py    a real `wangge up` in a home of its own, with its own ports, cluster and ground
kills.py     parts killed with -9 in turn at random moments, and how long each took to come back

reports      report, kill, wait till nothing waits, verify
  clients.py   who report over HTTP and repeat, with the same key, until answered 201; followers of the live stream
  campaign.py  clients and kills together
  verify.py    what the database and the stream hold afterwards against what was answered

files        files of every format broken and imported
  broken_files.py  the campaign; mutations.py: what happens to bytes, structures.py: to what they mean

trips        towns taken away as files of every format and brought into an empty database
  round_trips.py  the campaign; tests/data/nasty_towns.py: the towns

races        users move the same thousand cases for a minute, and again while the database is killed twice
  races.py     the users, and what the cases' histories hold afterwards against what they were told

schema       every route of the API by its own description, as every office
  schema.py    the calls, made up by schemathesis, and what is wrong with an answer
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import numpy as np
import typer

from data import cluster, reference
from data.database import engine, forget_engines
from data.schema import upgrade
from flows import console
from tests.homes import temporary_home
from tests.soak import broken_files, round_trips, schema, system
from tests.soak.campaign import Outcome, soak
from tests.soak.kills import plan
from tests.soak.races import USERS, race
from tests.soak.schema import Outcome as Answers

RACE_S = 60.0
NAMES = ("reports", "races", "files", "trips", "schema")


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(NAMES)}; all unless named.")] = None,
    *,
    minutes: Annotated[float, typer.Option(help="How long parts are killed under reports.")] = 5,
    clients: Annotated[int, typer.Option(help="How many report at the same time.")] = 32,
    files: Annotated[int, typer.Option(help="How many files are broken.")] = 10_000,
    examples: Annotated[
        int, typer.Option(help="Calls of each route that fit its description, and as many that don't.")
    ] = 160,
    trips: Annotated[int, typer.Option(help="How many towns are taken away and brought back.")] = 40,
    seed: Annotated[int | None, typer.Option(help="Of what is left to chance; the clock's part in it stays.")] = None,
) -> None:
    """Run the campaigns; status 1 when anything was lost or doubled."""
    seed = secrets.randbelow(2**16) if seed is None else seed
    wanted = names or NAMES
    if unknown := set(wanted) - set(NAMES):
        raise typer.BadParameter(f"no campaign {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    outcomes: list[Outcome | broken_files.Outcome | round_trips.Outcome | Answers] = []
    if "reports" in wanted:
        outcomes.append(reports(minutes, clients, seed))
    if "races" in wanted:
        outcomes += [races(seed, kills=0), races(seed, kills=2)]
    if "files" in wanted:
        outcomes.append(break_files(files, seed))
    if "trips" in wanted:
        outcomes.append(bring_back(trips, seed))
    if "schema" in wanted:
        outcomes.append(offices(examples, seed))
    raise typer.Exit(not all(outcome.is_good for outcome in outcomes))


def reports(minutes: float, clients: int, seed: int) -> Outcome:
    """Report while parts are killed."""
    console.say(f"{clients} clients report for {minutes:g} minutes while parts are killed; seed {seed}")
    with system.running() as running:
        victims = plan(minutes, np.random.default_rng(seed))
        outcome = asyncio.run(soak(running, victims, clients=clients, seed=seed))
    show(outcome)
    return outcome


def races(seed: int, *, kills: int) -> Outcome:
    """Move the same cases at once, while the database dies `kills` times."""
    console.say(f"{USERS} users race for {RACE_S:g} seconds, the database dies {kills} times; seed {seed}")
    with system.running() as running:
        outcome = asyncio.run(race(running, users=USERS, seconds=RACE_S, kills=kills, seed=seed))
    show(outcome)
    return outcome


def break_files(count: int, seed: int) -> broken_files.Outcome:
    """Break files, and import each into a database of its own."""
    console.say(f"{count:,} files of every format are broken and imported; seed {seed}")
    with _database(), console.progress() as bar:
        task = bar.add_task("broken files", total=count)
        outcome = broken_files.campaign(engine(), count, seed, lambda done: console.move(bar, task, done, count))
    tell(outcome)
    return outcome


def bring_back(count: int, seed: int) -> round_trips.Outcome:
    """Take towns away, and import them into an empty database."""
    console.say(f"{count:,} towns are taken away as files of every format and brought back; seed {seed}")
    with _database() as url, console.progress() as bar:
        task = bar.add_task("towns", total=count)
        other = round_trips.elsewhere(url)
        outcome = round_trips.campaign(engine(), other, count, seed, lambda done: console.move(bar, task, done, count))
        other.dispose()
    tell(outcome)
    return outcome


@contextmanager
def _database() -> Iterator[str]:
    """An empty one in a home of its own."""
    with temporary_home() as home:
        os.environ |= {"WANGGE_HOME": str(home), "WANGGE_DATABASE_URL": cluster.ensure_running(home=home)}
        forget_engines()
        upgrade(os.environ["WANGGE_DATABASE_URL"])
        with engine().begin() as connection:
            reference.load(connection)
        yield os.environ["WANGGE_DATABASE_URL"]
        forget_engines()


def tell(outcome: broken_files.Outcome | round_trips.Outcome) -> None:
    console.show(outcome.figures, as_json=False)
    for fault in outcome.faults:
        console.say(fault)


def offices(examples: int, seed: int) -> Answers:
    """Call every route as every office."""
    console.say(f"{examples} calls of each route that fit its description and as many that don't, twice; seed {seed}")
    begun = time.monotonic()
    with schema.ground() as (address, database):
        outcome = schema.campaign(address, database, examples, seed, console.say)
    statuses = Counter[int]()
    for (_, status), count in outcome.answers.items():
        statuses[status] += count
    figures = {"calls": outcome.calls, "seconds": round(time.monotonic() - begun)}
    console.show(figures | {str(status): count for status, count in sorted(statuses.items())}, as_json=False)
    for fault, call in sorted(outcome.faults.items()):
        print(f"FAULT {fault}\n      {call}")
    return outcome


def show(outcome: Outcome) -> None:
    """Figures, faults, and how long each part took to come back."""
    console.show(outcome.figures, as_json=False)
    for name, seconds in sorted(outcome.recoveries.items()):
        middle, worst = np.quantile(seconds, [0.5, 1.0])
        print(
            f"{name:<11}killed {len(seconds):>3} times, back after {middle:.1f} s at the median, {worst:.1f} s at most"
        )
    console.show(outcome.faults, as_json=False)
    print("nothing lost, nothing doubled" if outcome.is_good else "FAULTS")
    print(f"what the services said: {system.LOGS}")


if __name__ == "__main__":
    typer.run(main)
