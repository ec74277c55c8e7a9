"""Accounts as the two administrators keep them: the one for systems makes and locks them, the one for security grants.

Who may what, api/access.csv says.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api import signing
from api.caller import CallerDep
from api.dependencies import ConnectionDep, RowId, Text, talk
from api.models.accounts import AccountList, Changed, Grants, NewAccount, NewGrant, OneTime, Sessions
from api.responses import refusals
from data import accounts, grants, sessions
from geo.errors import Forbidden
from geo.offices import Office

router = APIRouter(prefix="/api/accounts", tags=["accounts"])
Name = Annotated[Text, Path(description="Of an account", examples=["li.ming"])]
GrantId = Annotated[RowId, Path(description="`id` of a grant", examples=[7])]
SessionId = Annotated[RowId, Path(description="`id` of a session", examples=[12])]
Part = Annotated[Text, Query(description="A part of a name", examples=["li"])]
After = Annotated[Text, Query(description="`next` of the page before")]
Rows = Annotated[int, Query(ge=1, le=accounts.MOST, description="Rows of one page")]


@router.get("", response_model=AccountList, responses=refusals())
async def list_accounts(connection: ConnectionDep, q: Part = "", after: After = "", limit: Rows = 50) -> Any:
    """Accounts by name, with what they hold today."""
    rows = await talk(connection, accounts.listed(q, after, limit + 1))
    return {"accounts": rows[:limit], "next": rows[limit - 1]["name"] if len(rows) > limit else None}


@router.post("", status_code=201, response_model=OneTime, responses=refusals(400, 409, 413))
async def make_account(connection: ConnectionDep, me: CallerDep, given: NewAccount) -> Any:
    """Make an account without a grant; tells its one-time password, once."""
    password, hashed = await signing.one_time()
    await talk(connection, accounts.create(given.name, by=me.account, password_hash=hashed))
    return {"name": accounts.folded(given.name), "password": password}


@router.post("/{name}/reset", response_model=OneTime, responses=refusals(404))
async def reset_account(connection: ConnectionDep, me: CallerDep, name: Name) -> Any:
    """Another one-time password; sessions end, the second factor stays."""
    password, hashed = await signing.one_time()
    await talk(connection, accounts.reset(name, hashed, by=me.account))
    return {"name": accounts.folded(name), "password": password}


@router.post("/{name}/lock", response_model=Changed, responses=refusals(404, 409))
async def lock_account(connection: ConnectionDep, me: CallerDep, name: Name) -> Any:
    """Let an account in no more; its sessions end."""
    await talk(connection, accounts.lock(name, by=me.account))
    return {"name": accounts.folded(name)}


@router.post("/{name}/unlock", response_model=Changed, responses=refusals(404))
async def unlock_account(connection: ConnectionDep, me: CallerDep, name: Name) -> Any:
    """Let an account in again, whether an administrator or failures locked it."""
    await talk(connection, accounts.unlock(name, by=me.account))
    return {"name": accounts.folded(name)}


@router.get("/{name}/sessions", response_model=Sessions, responses=refusals(404))
async def list_sessions(connection: ConnectionDep, name: Name) -> Any:
    """The sessions of an account that are open now."""
    account = await talk(connection, accounts.find(name))
    rows = await talk(connection, sessions.listed(account["id"]))
    return {"sessions": [row | {"is_this": False} for row in rows]}


@router.delete("/{name}/sessions/{session_id}", response_model=Changed, responses=refusals(404))
async def end_session(connection: ConnectionDep, me: CallerDep, name: Name, session_id: SessionId) -> Any:
    """End a session of an account."""
    await talk(connection, accounts.end_sessions(name, by=me.account, only=session_id))
    return {"name": accounts.folded(name)}


@router.get("/{name}/grants", response_model=Grants, responses=refusals(404))
async def list_grants(connection: ConnectionDep, name: Name) -> Any:
    """Every grant of an account, past and to come too, the newest first."""
    account = await talk(connection, accounts.find(name))
    return {"grants": await talk(connection, grants.of_account(account["id"]))}


@router.post("/{name}/grants", status_code=201, response_model=Grants, responses=refusals(400, 404, 409, 413))
async def give_grant(connection: ConnectionDep, me: CallerDep, name: Name, given: NewGrant) -> Any:
    """Grant an office on its ground; nobody grants himself anything."""
    account = await talk(connection, accounts.find(name))
    if account["name"] == me.account:
        raise Forbidden("nobody grants himself anything")
    told = given.model_dump(exclude={"office", "ground"})
    await talk(connection, grants.grant(account["id"], Office(given.office), given.ground, by=me.account, **told))
    return {"grants": await talk(connection, grants.of_account(account["id"]))}


@router.delete("/{name}/grants/{grant_id}", response_model=Grants, responses=refusals(404))
async def end_grant(connection: ConnectionDep, me: CallerDep, name: Name, grant_id: GrantId) -> Any:
    """End a grant at once; what it was stays on record."""
    account = await talk(connection, accounts.find(name))
    await talk(connection, grants.revoke(account["id"], grant_id, by=me.account))
    return {"grants": await talk(connection, grants.of_account(account["id"]))}
