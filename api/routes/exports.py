"""Layers as files to take away. Written to a file first, so that memory does not grow with the layer and remarks are known."""

from __future__ import annotations

import asyncio
import datetime as dt
import pathlib
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from api.caching import REVALIDATE, has_it, not_modified, tag_of
from api.caller import CallerDep
from api.dependencies import BboxDep, ConnectionDep, Text, address, scoped
from api.responses import Responses, refusals
from data import versions
from data.days import today
from data.exports import rights
from data.exports.formats import FORMATS
from data.exports.layers import Narrowing
from data.exports.names import FormatName, LayerName
from data.exports.run import Wish, Written, export_layer
from data.settings import settings
from geo.callers import Caller
from geo.datum import DATUMS

router = APIRouter(prefix="/api/layers", tags=["ground"])
WRITERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="export")
"""So many files are written at a time; whoever comes next waits."""
Crs = Annotated[
    str,
    Query(
        max_length=20,
        pattern=r"^(cgcs2000|wgs84|gcj02|bd09|zone|EPSG:[0-9]{4,6})$",
        description="cgcs2000, wgs84, gcj02 or bd09 in degrees; zone: the city's; or EPSG:N",
    ),
]
Layer = Annotated[
    str,
    Path(description="What the file is to hold", json_schema_extra={"enum": [*LayerName]}),
    AfterValidator(LayerName),
]
Form = Annotated[
    str,
    Query(alias="format", description="The format of the file", json_schema_extra={"enum": [*FormatName]}),
    AfterValidator(FormatName),
]
Kind = Annotated[Text | None, Query(description="Of cells, facilities, the network, workers, landmarks; or a category")]
Code = Annotated[
    str | None,
    Query(pattern="^([0-9]{12}|[0-9]{13,20})$", description="Code of a district, street, community or cell"),
]


def _content(media_type: str) -> dict[str, Any]:
    if not media_type.endswith("json"):
        return {"schema": {"type": "string", "format": "binary"}}
    return {"schema": {"type": "object", "examples": [{"type": "FeatureCollection", "features": []}]}}


FILE: Responses = {
    200: {
        "content": {form.media_type: _content(form.media_type) for form in FORMATS.values()},
        "description": "The file; `X-Remarks` says, percent-encoded, what the format could not hold",
    },
    304: {"description": "The caller has it already"},
}


def parse_narrowing(
    *,
    bbox: BboxDep,
    on: Annotated[dt.date | None, Query(description="The day whose ground is meant; default today")] = None,
    area: Code = None,
    kind: Kind = None,
    since: Annotated[dt.date | None, Query(description="Incidents reported on this day or later")] = None,
    until: Annotated[dt.date | None, Query(description="Incidents reported on this day or before")] = None,
) -> Narrowing:
    return Narrowing(on, bbox, area, kind, since, until)


@router.get("/{layer}/export", response_class=Response, responses=FILE | refusals(401, 403, 404))
async def export(
    request: Request,
    connection: ConnectionDep,
    me: CallerDep,
    *,
    layer: Layer,
    narrowing: Annotated[Narrowing, Depends(parse_narrowing)],
    form: Form = FormatName.GEOJSON,
    crs: Crs = "cgcs2000",
    encoding: Literal["utf-8", "gbk"] = "utf-8",
) -> Response:
    """A layer as a file that imports again to the same state; names and telephone numbers of people are masked."""
    narrowing = rights.narrowed(LayerName(layer), narrowing, me)
    version = (
        f"{await versions.ground(connection)} {await versions.builds(connection)} {await versions.cases(connection)}"
    )
    tag = tag_of(f"{request.url.path}?{request.url.query}\n{version} {today()} {me}".encode())
    if has_it(request, tag):
        return not_modified(tag)
    is_datum = crs in DATUMS
    wish = Wish(
        layer,
        form,
        None if is_datum else crs,
        crs if is_datum else None,
        narrowing,
        encoding,
        max_rows=settings().export_max_rows,
    )
    path, written = await asyncio.get_running_loop().run_in_executor(WRITERS, _write, wish, me, address(request))
    return _file(path, written, tag)


def _write(wish: Wish, me: Caller, address: str | None) -> tuple[pathlib.Path, Written]:
    """Into a folder of its own, which goes when the answer has left or nothing became of it."""
    form = FORMATS[wish.format or ""]
    path = pathlib.Path(tempfile.mkdtemp(prefix="wangge-export-")) / f"{wish.layer}-{today()}{form.ending}"
    try:
        with scoped(me, address) as connection:
            return path, export_layer(connection, wish, path)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise


def _file(path: pathlib.Path, written: Written, tag: str) -> Response:
    headers = {"ETag": tag, "Cache-Control": REVALIDATE, "X-Rows": str(written.rows)}
    if written.remarks:
        headers["X-Remarks"] = quote("; ".join(written.remarks))
    after = BackgroundTask(shutil.rmtree, path.parent, ignore_errors=True)
    media_type = FORMATS[written.format].media_type
    return FileResponse(path, media_type=media_type, filename=path.name, headers=headers, background=after)
