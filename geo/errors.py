"""Every error that the product raises on purpose, drawn once.

    WanggeError
    ├── BadInput                what somebody gave us is wrong; the message says what and where
    │   ├── NotMetric           a CRS in degrees where metres are needed
    │   ├── UnknownDatum        none of wgs84, cgcs2000, gcj02, bd09
    │   ├── OutsideRange        a number outside what makes sense (minutes, degrees, sizes)
    │   ├── BadGeometry         invalid, empty or of the wrong type
    │   ├── BadFile             a file that can't be read as the layer it should be
    │   ├── BadTime             a time limit, working hours or a moment that can't be read
    │   ├── WeakPassword        too short, too simple, or used before
    │   └── GridTooLarge        more cells than anyone wants
    ├── Unauthenticated         nobody has signed in, or no longer
    │   └── SignInFailed        name, password or code is wrong; which of them is not told
    ├── Locked                  too many failures; the message says until when
    ├── Forbidden               it exists, but is not for this caller
    │   ├── Unfinished          he has signed in, but not shown or changed what he must
    │   └── CrossSite           another site may have sent this in his name
    ├── NotFound                no such area, cell, facility, incident, standard …
    ├── Conflict                the state of things does not allow it
    │   ├── IllegalMove         the case is not in a state from which this move goes
    │   └── KeyReused           the same idempotency key with another content
    ├── TooManyRequests         the caller calls too often; the message says when to come back
    ├── NotReady                something has to be loaded or built first; the message says what
    └── Unavailable             the database or Prefect does not answer; try again

`code` is the stable name that answers, `--json` and the documentation use.
"""

from __future__ import annotations

from typing import Any


class WanggeError(Exception):
    """Base of the tree. `detail` holds plain values for programs; the message is for people."""

    code = "error"

    def __init__(self, message: str, **detail: Any) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class BadInput(WanggeError):
    code = "bad_input"


class NotMetric(BadInput):
    code = "not_metric"


class UnknownDatum(BadInput):
    code = "unknown_datum"


class OutsideRange(BadInput):
    code = "outside_range"


class BadGeometry(BadInput):
    code = "bad_geometry"


class BadFile(BadInput):
    code = "bad_file"


class BadTime(BadInput):
    code = "bad_time"


class GridTooLarge(BadInput):
    code = "grid_too_large"


class WeakPassword(BadInput):
    code = "weak_password"


class Unauthenticated(WanggeError):
    code = "unauthenticated"


class SignInFailed(Unauthenticated):
    code = "sign_in_failed"


class Locked(WanggeError):
    code = "locked"


class Forbidden(WanggeError):
    code = "forbidden"


class Unfinished(Forbidden):
    code = "unfinished"


class CrossSite(Forbidden):
    code = "cross_site"


class NotFound(WanggeError):
    code = "not_found"


class Conflict(WanggeError):
    code = "conflict"


class IllegalMove(Conflict):
    code = "illegal_move"


class KeyReused(Conflict):
    code = "key_reused"


class TooManyRequests(WanggeError):
    code = "too_many_requests"


class NotReady(WanggeError):
    code = "not_ready"


class Unavailable(WanggeError):
    code = "unavailable"
