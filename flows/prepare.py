"""What a database needs before the system runs on it: tables, reference rows and, when it is empty and wished, the demo."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from data import accounts, changes, reference, schema
from data.database import connect, driver_connection, engine
from data.dialogues import hold
from flows import console


def bring_up_to_date() -> str:
    """Newest tables and reference rows; returns the version of the tables."""
    version = schema.upgrade()
    with engine().begin() as connection:
        reference.load(connection)
        changes.record(driver_connection(connection))
    return version


def load_demo_into_empty() -> bool:
    """The demo district, its year of cases ending now, with a progress bar; False when there is ground already."""
    if schema.has_ground():
        return False
    from data.demo.load import load  # brings pandas, which a second start need not wait for

    with console.progress() as bar, engine().begin() as connection:
        task = bar.add_task("making the demo district", total=None)
        load(
            connection,
            as_of=datetime.now(UTC),
            progress=lambda done, total, what: bar.update(task, completed=done, total=total, description=what),
        )
    return True


def has_accounts() -> bool:
    """Whether anybody can sign in."""
    with connect() as line:
        return bool(hold(line, accounts.listed(most=1)))


def first_results() -> None:
    """Checks, service areas and scores as the schedules would make them, so that the first look at the pages shows them."""
    from flows import build_service_areas, check_standards, score

    with console.progress() as bar:
        for standard in ("by-area-class", "citywide"):
            check_standards.check(standard)
        for method in ("network", "radius"):
            task = bar.add_task(f"20-minute areas: {method}", total=None)
            build_service_areas.build(method, moved=partial(console.move, bar, task))
        bar.add_task("scores of the month", total=None)
        score.run("month")
