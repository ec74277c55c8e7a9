"""Files: our own under /static, installed ones under /vendor, and the documentation page that needs no other host."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).resolve().parents[2] / "web"
A_DAY_S = 86400


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


async def documentation() -> FileResponse:
    """Swagger UI from /vendor, started by a script of our own."""
    return FileResponse(WEB / "static" / "docs" / "docs.html")
