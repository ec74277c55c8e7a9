"""What may be the ground of an office, for who grants offices."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.dependencies import ConnectionDep, Text, talk
from api.models.accounts import Grounds
from api.models.callers import OfficeName
from api.responses import refusals
from data import grants
from geo.offices import Office

router = APIRouter(prefix="/api", tags=["accounts"])
Part = Annotated[Text, Query(description="A part of a name or code", examples=["柳荫"])]
Granted = Annotated[OfficeName, Query(description="The office that is to be granted", examples=["street"])]


@router.get("/grounds", response_model=Grounds, responses=refusals())
async def list_grounds(connection: ConnectionDep, office: Granted, q: Part = "") -> Any:
    """Units, workers, agencies or facilities that go with an office, the first of them by code; of workers no name."""
    return {"grounds": await talk(connection, grants.grounds(Office(office), q))}
