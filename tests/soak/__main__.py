"""`python -m tests.soak [--minutes N] [--clients 32]`: report, kill, wait till nothing waits, verify, print the figures.

system.py    a real `wangge up` in a home of its own, with its own ports, cluster and ground
clients.py   who report over HTTP and repeat, with the same key, until answered 201; followers of the live stream
kills.py     the parts killed with -9 in turn at random moments, and how long each took to come back
campaign.py  the three together
verify.py    what the database and the stream hold afterwards against what was answered
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

import numpy as np
import typer

from flows import console
from tests.soak import system
from tests.soak.campaign import Outcome, soak
from tests.soak.kills import plan


def main(
    minutes: Annotated[float, typer.Option(help="How long parts are killed.")] = 5,
    clients: Annotated[int, typer.Option(help="How many report at the same time.")] = 32,
    seed: Annotated[int | None, typer.Option(help="Of what is left to chance; the clock's part in it stays.")] = None,
) -> None:
    """Report while parts are killed; status 1 when anything was lost or doubled."""
    seed = secrets.randbelow(2**16) if seed is None else seed
    console.say(f"{clients} clients report for {minutes:g} minutes while parts are killed; seed {seed}")
    with system.running() as running:
        names = plan(minutes, np.random.default_rng(seed))
        outcome = asyncio.run(soak(running, names, clients=clients, seed=seed))
    show(outcome)
    raise typer.Exit(not outcome.is_good)


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
