"""What a caller may take away: the ground is everybody's who has signed in, people and cases are the desks' of their ground."""

from __future__ import annotations

from dataclasses import replace

from data.exports.layers import Narrowing
from data.exports.names import LayerName
from geo.callers import Caller
from geo.errors import Forbidden
from geo.lifecycle import Role

DESKS = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
OF_DESKS = (LayerName.RESIDENCES, LayerName.WORKERS, LayerName.INCIDENTS, LayerName.CASES)
CODE_DIGITS = 12


def narrowed(layer: LayerName, wanted: Narrowing, caller: Caller) -> Narrowing:
    """`wanted`, kept to the caller's ground where the layer is not everybody's. Raises: Forbidden."""
    if layer not in OF_DESKS:
        return wanted
    if caller.role not in DESKS:
        raise Forbidden(f"only desks take {layer} away")
    if wanted.area is None:
        return replace(wanted, area=caller.scope.ljust(CODE_DIGITS, "0")) if caller.scope else wanted
    if not wanted.area.startswith(caller.scope):
        raise Forbidden(f"{wanted.area} does not lie on the ground of {caller.actor}", area=wanted.area)
    return wanted
