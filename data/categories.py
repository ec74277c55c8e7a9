"""What can be reported: 大类 with their 小类."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.models import Category


async def tree(connection: AsyncConnection) -> bytes:
    """The roots by code, each with `children` by code."""
    shown = (Category.code, Category.parent_code, Category.kind, Category.name, Category.name_en, Category.source)
    rows = (await connection.execute(select(*shown).order_by(Category.code))).all()
    nodes: dict[str, dict[str, Any]] = {row.code: {**row._mapping, "children": []} for row in rows}
    for node in nodes.values():
        if node["parent_code"]:
            nodes[node["parent_code"]]["children"].append(node)
    return orjson.dumps({"categories": [node for node in nodes.values() if not node["parent_code"]]})
