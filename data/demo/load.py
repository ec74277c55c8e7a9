"""Put the demo district into the database: one transaction, all or nothing. Frames come in EPSG:4490."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, exists, func, select, text

from data import contacts, reference, sealing, situation
from data.copying import copy_frame
from data.database import driver_connection
from data.demo import accounts, agencies, history
from data.dialogues import hold
from data.models import Area, Base
from geo.errors import Conflict
from geo.location import locate
from geo.persons import Kind

if TYPE_CHECKING:
    from data.demo.ground import DemoGround

Progress = Callable[[int, int, str], None]
VALID_FROM = "2020-01-01"
SOURCE = "demo"


def load(
    connection: Connection, *, communities: int = 148, seed: int = 7, as_of: datetime | None = None, progress: Progress
) -> dict[str, int]:
    """Generate and store; the caller commits. Returns rows per table. The year of cases ends `as_of`, else on a fixed day.

    Raises: Conflict when the database already holds areas, so that nobody's own ground is mixed with the demo.
    """
    from data.demo.ground import AS_OF, generate

    if not is_empty(connection):
        raise Conflict(
            "the database already holds areas; load the demo into an empty one (`createdb`, WANGGE_DATABASE_URL)"
        )
    reference.load(connection)
    ground = generate(communities=communities, seed=seed, as_of=as_of or AS_OF, progress=progress)
    return store(connection, ground, progress=progress)


def is_empty(connection: Connection) -> bool:
    return connection.scalar(select(~exists(select(Area.id)))) is True


def store(connection: Connection, ground: DemoGround, *, progress: Progress) -> dict[str, int]:
    """COPY every table of the ground, then its cases; identities are numbered from 1 in the order of the frames."""
    tables = list(ground_tables(ground))
    rows = {}
    for done, (name, frame) in enumerate(tables):
        progress(done, len(tables) + 1, f"storing {name}")
        rows[name] = copy_frame(driver_connection(connection), name, frame)
    known = situation.look(driver_connection(connection))
    located = locate(shapely.get_coordinates(ground.incidents.geometry), known.ground)
    rows |= history.store(connection, ground, located=located, known=known)
    progress(len(tables) + 1, len(tables) + 1, "stored")
    for name in rows:
        restart_identity(connection, name)
    rows["account"] = hold(driver_connection(connection), accounts.open_all())
    connection.execute(text("ANALYZE"))
    return rows


def ground_tables(ground: DemoGround) -> Iterator[tuple[str, pd.DataFrame]]:
    """Table by table in an order that keeps the foreign keys."""
    dated = {"valid_from": VALID_FROM, "source": SOURCE}
    yield "unit", pd.DataFrame(ground.areas[["code", "level"]])
    yield "area", numbered(ground.areas).assign(**dated, is_derived=True)
    yield "agency", numbered(agencies.found(ground.areas)).assign(valid_from=VALID_FROM)
    yield "cell_code", pd.DataFrame(ground.cells[["code", "community_code"]])
    yield "cell", numbered(ground.cells).assign(**dated)
    yield "landmark", ground.landmarks[["kind", "name", "geometry"]]
    facilities = numbered(ground.facilities)
    yield "facility", facilities.assign(**dated)
    serves = ground.serves.assign(facility_id=lookup(ground.serves["facility_code"], facilities))
    yield "facility_serves", serves[["facility_id", "community_code", "share"]]
    yield "street_node", ground.nodes[["id", "geometry"]]
    yield "street_edge", edges(ground)
    homes = ground.residences.assign(external_id=ground.residences["id"].astype(str), source=SOURCE)
    yield "residence", homes[["external_id", "address", "households", "residents", "source", "geometry"]]
    workers = numbered(ground.workers)
    yield "worker", sealing.frame(workers, {"name": Kind.NAME, "phone": Kind.PHONE})
    assigned = ground.assignments.assign(worker_id=lookup(ground.assignments["worker_code"], workers))
    yield "assignment", assigned[["cell_code", "worker_id", "role"]].assign(during=f"[{VALID_FROM},)")
    yield "visit_place", ground.visits
    yield "element", sealing.frame(ground.elements, contacts.KINDS)


def edges(ground: DemoGround) -> pd.DataFrame:
    names = {"source": "source_id", "target": "target_id", "oneway": "is_oneway", "walkable": "is_walkable"}
    renamed: pd.DataFrame = ground.edges.rename(columns=names)
    return renamed.assign(external_id=renamed["id"].astype(str)).drop(columns="id")


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with `id` from 1 in its order."""
    copied: pd.DataFrame = frame.assign(id=np.arange(1, len(frame) + 1))
    return copied


def lookup(codes: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """The `id` in `frame` of each code."""
    return codes.map(frame.set_index("code")["id"])


def restart_identity(connection: Connection, table: str) -> None:
    """Let the table's own numbering, if it has one, go on behind the highest id."""
    column = Base.metadata.tables[table].c.get("id")
    if column is not None and column.identity is not None:
        sequence = func.pg_get_serial_sequence(table, "id")
        connection.execute(select(func.setval(sequence, func.coalesce(func.max(column), 1))))
