"""`wangge export`: a layer of the database as a file to take away."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from data.exports.names import FormatName, LayerName
from flows import console


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    layer: Annotated[LayerName, typer.Argument(help="What the file is to hold.")],
    file: Annotated[Path, typer.Argument(help="Where to write it; what is there is replaced.")],
    *,
    form: Annotated[
        FormatName | None, typer.Option("--format", help="What the ending of the file says, unless told.")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:N, or zone for the city's; default EPSG:4490.")] = None,
    datum: Annotated[str | None, typer.Option(help="cgcs2000, wgs84, gcj02 or bd09, of degrees.")] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day whose ground is meant; default today.")
    ] = None,
    bbox: Annotated[str | None, typer.Option(help="minlon,minlat,maxlon,maxlat: what touches it.")] = None,
    area: Annotated[str | None, typer.Option(help="Code of a district, street, community or cell.")] = None,
    kind: Annotated[str | None, typer.Option(help="Of cells, streets, facilities, workers; or a category.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Incidents reported on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Incidents reported on this day or before.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="gbk, of shapefile and csv; default utf-8.")] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="Names and telephone numbers of workers as they are.")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Write a layer to a file that `wangge import` reads back to the same state."""
    from data.exports.layers import Narrowing
    from data.exports.run import Wish
    from data.geojson import read_bbox

    day, first, last = (moment.date() if moment else None for moment in (on, since, until))
    narrowing = Narrowing(day, read_bbox(bbox) if bbox else None, area, kind, first, last)
    written = _run(Wish(layer.value, form, crs, datum, narrowing, encoding, personal), file)
    for remark in written.remarks:
        console.say(remark)
    console.show(written.figures(), as_json=as_json)


def _run(wish: Any, file: Path) -> Any:
    from data.audit import operator
    from data.database import engine
    from data.exports.run import export_layer

    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        return export_layer(connection, wish, file, account=operator())
