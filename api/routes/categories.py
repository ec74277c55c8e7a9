"""What can be reported."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.caching import JSON, answer_bytes
from api.dependencies import ConnectionDep
from api.models.lists import CategoryTree
from api.responses import ready_made, refusals
from data import categories

router = APIRouter(prefix="/api/categories", tags=["incidents"])


@router.get("", responses=ready_made(CategoryTree) | refusals())
async def list_categories(request: Request, connection: ConnectionDep) -> Response:
    """大类 with their 小类; an incident is reported with the code of either."""
    return answer_bytes(request, await categories.tree(connection), media_type=JSON)
