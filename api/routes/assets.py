"""Files: our own under /static, installed ones under /vendor, and the documentation page that needs no other host."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).resolve().parents[2] / "web"
A_DAY_S = 86400
SWAGGER = "/vendor/swagger-ui-dist"


class Files(StaticFiles):
    """Files with an ETag, which a browser keeps for `max_age_s` without asking."""

    def __init__(self, folder: Path, *, max_age_s: int) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.max_age_s = max_age_s

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = f"public, max-age={self.max_age_s}" if self.max_age_s else "no-cache"
        return response


def mount(app: FastAPI) -> None:
    """Own files change with every version and are asked about each time; installed ones may be kept for a day."""
    app.mount("/static", Files(WEB / "static", max_age_s=0), name="static")
    app.mount("/vendor", Files(WEB / "vendor", max_age_s=A_DAY_S), name="vendor")
    app.add_api_route("/docs", documentation, include_in_schema=False)


async def documentation() -> HTMLResponse:
    """Swagger UI from /vendor; its page has a script inside, so this one page may."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="网格 Wangge API",
        swagger_js_url=f"{SWAGGER}/swagger-ui-bundle.js",
        swagger_css_url=f"{SWAGGER}/swagger-ui.css",
        swagger_favicon_url=f"{SWAGGER}/favicon-32x32.png",
        swagger_ui_parameters={"validatorUrl": None},
    )
    page.headers["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'; img-src 'self' data:"
    return page
