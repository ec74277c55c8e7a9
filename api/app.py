"""The HTTP application, which `api.server` runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import errors, limits
from api.access import admit
from api.followers import LOOKED_AT_EVERY_S, Followers
from api.middleware import BodyLimit, Envelope, KnownHosts
from api.routes import (
    account,
    accounts,
    areas,
    assets,
    audit,
    bulk,
    callers,
    case_exports,
    case_figures,
    case_why,
    cases,
    categories,
    cells,
    duplicates,
    exports,
    facilities,
    front,
    grounds,
    health,
    import_runs,
    imports,
    incidents,
    landmarks,
    live,
    moves,
    oidc,
    pages,
    personal_exports,
    photos,
    rating,
    scores,
    search,
    service_areas,
    sessions,
    standards,
    tiles,
    unmasking,
    uploads,
    views,
    whistles,
    work,
    work_cases,
    work_elements,
    work_page,
    work_patrol,
)
from api.ticking import ticking
from data.database import async_engine
from data.live import Feed
from data.rates import Rates
from data.settings import settings

ROUTERS = (
    areas,
    cells,
    facilities,
    service_areas,
    landmarks,
    exports,
    tiles,
    search,
    standards,
    scores,
    categories,
    incidents,
    duplicates,
    bulk,
    moves,
    case_figures,
    case_exports,
    cases,
    views,
    case_why,
    whistles,
    photos,
    unmasking,
    accounts,
    grounds,
    personal_exports,
    callers,
    live,
    work,
    work_patrol,
    work_elements,
    uploads,
    import_runs,
    imports,
    audit,
    pages,
    rating,
    sessions,
    account,
    oidc,
    health,
    front,
    work_cases,
    work_page,
)
DESCRIPTION = """
Streets, communities and grid cells as GeoJSON; incidents in, cases out, live.

Coordinates are longitude and latitude in EPSG:4490 (CGCS2000), unless a `datum` says otherwise.
Every error has one shape: `{"error": {"code", "message", "detail", "request_id"}}`.
"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the database once, which may start the private cluster; close it at the end."""
    engine = await asyncio.to_thread(async_engine)
    app.state.feed = Feed()
    app.state.rates = Rates()
    app.state.followers = followers = Followers()
    looking = ticking(followers.look, LOOKED_AT_EVERY_S, is_wanted=followers.are_any)
    async with limits.settled(app.state.rates), looking:
        yield
    await app.state.feed.close()
    await engine.dispose()


def create_app() -> FastAPI:
    """A complete application; nothing is opened before its lifespan begins."""
    app = FastAPI(
        title="网格 Wangge",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(admit)],
        redirect_slashes=False,  # it would send people to whatever host the request names
    )
    for module in ROUTERS:
        app.include_router(module.router)
    assets.mount(app)
    errors.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    app.add_middleware(limits.AddressLimit)
    app.add_middleware(KnownHosts, hosts=settings().hosts)
    app.add_middleware(Envelope)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(map(str, settings().trusted_proxies)))
    return app


app = create_app()
