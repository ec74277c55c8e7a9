"""The audit's chain: sealed about once a second inside the dispatcher, verified and handed out by command. Times are seconds."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from threading import Event
from typing import Any

import psycopg

from data import audit_months, seal_checks, seals
from data.database import connect
from data.seal_checks import Verdict
from geo.errors import WanggeError
from geo.seals import Fault, Finding, Source

EVERY_S = 1.0
RETRY_S = 5.0
NAMES = {Source.LINE: "audit line", Source.EVENT: "case event"}
SENTENCES = {
    Fault.CHANGED: "{row} is not what was sealed",
    Fault.MISSING: "{row} is gone",
    Fault.SWAPPED: "{row} has changed places with {other}",
    Fault.INSERTED: "{row} was put in past the sealer",
    Fault.SEAL_CHANGED: "seal {number} is not what it was",
    Fault.SEAL_MISSING: "seal {number} is gone",
    Fault.HEAD_MISSING: "the head that was kept{of} is not in the chain: it was cut off or written anew",
}
log = logging.getLogger("wangge.audit")


def seal_for_ever(end: Event, every_s: float = EVERY_S) -> None:
    """Round after round until `end`; a lost database is waited for. A sealer that dies leaves nothing half done."""
    while not end.is_set():
        try:
            with connect(autocommit=True) as line:
                while not end.wait(every_s):
                    seals.seal(line)
        except (psycopg.Error, WanggeError) as error:
            log.warning("the sealer waits: %s", error)
            end.wait(RETRY_S)
        except Exception:  # a thread that ends is not missed by anybody
            log.exception("the sealer failed and begins again")
            end.wait(RETRY_S)


def seal() -> dict[str, Any]:
    """Chain what waits; figures and the new head."""
    with connect(autocommit=True) as line:
        return asdict(seals.seal(line)) | {"head": str(seals.head(line))}


def adopt() -> dict[str, Any]:
    """Let the chain of a copied database go on; figures and the new head."""
    with connect(autocommit=True) as line:
        return asdict(seals.adopt(line)) | {"head": str(seals.head(line))}


def head() -> dict[str, Any]:
    """The newest seal."""
    with connect(autocommit=True) as line:
        found = seals.head(line)
    return {"head": str(found), "number": found.number, "hash": found.hash.hex(), "at": found.at}


def drop(before: date) -> dict[str, Any]:
    """Drop whole months that are past their time."""
    with connect(autocommit=True) as line:
        return {"dropped": [f"{month:%Y-%m}" for month in audit_months.drop(line, before)]}


def verify(kept: Sequence[str]) -> tuple[Verdict, dict[str, Any]]:
    """Hold everything on record against its chain; the verdict, and the same for programs."""
    verdict = seal_checks.verify(kept)
    told = asdict(verdict) | {"whole": verdict.is_whole, "head": str(verdict.head)}
    told["dropped"] = [f"{month:%Y-%m}" for month in verdict.dropped]
    told["findings"] = [asdict(finding) | {"text": sentence(finding)} for finding in verdict.findings]
    return verdict, told


def sentence(finding: Finding) -> str:
    """A fault in words."""
    name = NAMES[finding.source] if finding.source else ""
    sealed = f" (seal {finding.number})" if finding.number else ""
    words = {"number": finding.number, "other": finding.other, "of": sealed, "row": f"{name} {finding.id}{sealed}"}
    return SENTENCES[finding.fault].format(**words)
