"""Who calls too often waits: per address in front of everything, per account and per public reporter where he is known."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors
from api.ticking import attempt, ticking
from data.rates import Limit, Rates
from data.settings import settings
from geo.errors import TooManyRequests

SETTLED_EVERY_S = 1.0
UNCOUNTED = ("/static/", "/vendor/", "/health/")
IPV6_NETWORK = 64
"""Bits of an address that a household is given as a whole."""
MINUTE_S, HOUR_S = 60, 3600


class AddressLimit:
    """Counts every call by the address that it comes from, and refuses those beyond the limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(UNCOUNTED):
            chosen = Limit("address", settings().address_requests_per_minute, MINUTE_S)
            waiting_s = _rates(scope).wait_s(chosen, address_of(scope))
            if waiting_s:
                await errors.refused(scope, _too_many(chosen, waiting_s))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def count_account(request: Request, account: str) -> None:
    """Raises: TooManyRequests for an account that calls too often, from wherever."""
    _count(request, Limit("account", settings().account_requests_per_minute, MINUTE_S), account)


def count_public_report(request: Request) -> None:
    """Raises: TooManyRequests for an address from which nobody signed in and too much was reported."""
    _count(request, Limit("public report", settings().public_reports_per_hour, HOUR_S), address_of(request.scope))


def _count(request: Request, limit: Limit, who: str) -> None:
    waiting_s = _rates(request.scope).wait_s(limit, who)
    if waiting_s:
        raise _too_many(limit, waiting_s)


def _too_many(limit: Limit, waiting_s: int) -> TooManyRequests:
    told = {"limit": limit.name, "calls": limit.calls, "seconds": limit.seconds}
    return TooManyRequests(f"too many calls; try again in {waiting_s} s", **told, retry_after_s=waiting_s)


def _rates(scope: Scope) -> Rates:
    found: Rates = scope["app"].state.rates
    return found


def address_of(scope: Scope) -> str:
    """The address that a call comes from; of IPv6 the network, for its owner has as many addresses as he likes."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False)) if address.version == 6 else host


@asynccontextmanager
async def settled(rates: Rates) -> AsyncIterator[None]:
    """Know what was counted before, and settle with the other processes while the application runs and at its end.

    Without a database each process counts for itself.
    """
    await attempt(rates.load)
    try:
        async with ticking(rates.settle, SETTLED_EVERY_S):
            yield
    finally:
        await attempt(rates.settle)
