"""Columns that could hold people's data by their type and do not, each with the reason; a test knows no other.

Written as `table`, for all columns of it that bear no mark, as `table.column`, or as `*.column` for every table.
"""

from __future__ import annotations

GROUND = "ground and buildings as the city publishes them"
RULES = "reference rows with their source"
FIGURES = "counts and sums"
POST = "a post by its number (worker:<id>, desk:<code>, agency:<id>); who holds it stands in worker and account_grant"
ACCOUNT = "names an account, whose name is marked"
CREDENTIAL = "a secret or the digest of one, that tells nothing of a person"

IMPERSONAL = {
    **dict.fromkeys(("unit", "area", "cell", "cell_code", "landmark", "street_node", "street_edge"), GROUND),
    **dict.fromkeys(("facility", "facility_serves", "service_area"), GROUND),
    "residence": "a building with the number of its households; who lives there is not kept",
    "agency": "offices; the telephone of who is on duty is marked",
    **dict.fromkeys(("category", "calendar_day", "parameter", "standard", "standard_limit"), RULES),
    **dict.fromkeys(("duplicate_rule", "intake_rule", "ready_reason", "handling_rule", "retention_rule"), RULES),
    **dict.fromkeys(("service_build", "service_coverage", "check_run", "finding", "score", "score_run"), FIGURES),
    **dict.fromkeys(("dispatch_run", "retention_log"), FIGURES),
    "incident": "the place of the matter, not of a person; a worker who reported by his post, others in reporter_contact",
    "case_file": "state, clock and ground; holders by the numbers of their posts",
    "case_event.event": "a move by its name",
    "case_event.from_state": "a state",
    "case_event.to_state": "a state",
    "case_event.held_minutes": "a duration",
    "case_event.explanation": "rules and rosters; workers by number and masked name",
    "case_event.detail": "numbers of photos, limits, places of the matter before and after",
    "case_follower": "the key of a call and the source",
    "move_key": "the key of a call and a digest",
    "bulk_move.event": "a move by its name",
    "bulk_move.results": "numbers of cases and posts",
    "notice": "which event is told to which post",
    "notice_address.language": "zh or en",
    "notice_cursor": "places in the ledger",
    "import_run": "the kind of a layer, the name of a file and its digest",
    "upload": "the name of a file, its digest, how far it is, names of its columns",
    "assignment": "cells and posts",
    "visit_place": "a place as the district lists it; where people live is none",
    "element.kind": "one of a list",
    "element.cell_code": "a cell",
    "element.geom": "where a place, thing, event or organisation is; of people refused by a check",
    "element.idempotency_key": "the key of a call",
    "whistle.geom": "the place where departments meet",
    "whistle_call": "how a department reported in, and how far from the place",
    "worker": "employment and community of a post",
    "audit_line.action": "one of a list",
    "audit_line.office": "one of a list",
    "audit_line.subject": "a record by its kind and number",
    "audit_seal": "numbers of rows and hashes of what they hold",
    "audit_line.detail": "numbers and names of columns, never what stands in them",
    "account_grant": "an office and its ground",
    "personal_export": "which ground's people are asked for, and which accounts decide",
    **dict.fromkeys(("account_password", "account_recovery", "sign_in_count", "request_count"), CREDENTIAL),
    **dict.fromkeys(
        ("account.password_hash", "account.totp_sealed", "account.oidc_subject", "account_session.digest"), CREDENTIAL
    ),
    **dict.fromkeys(("*.account", "*.locked_by", "*.created_by", "account_session.ended_by"), ACCOUNT),
    **dict.fromkeys(("*.actor", "*.held_by", "*.desk_code", "*.recipient", "*.owner", "*.helper", "*.asked_by"), POST),
    **dict.fromkeys(
        ("*.taken_by", "*.decided_by", "exclusion.ended_by", "*.rated_by", "*.called_by", "*.changed_by"), POST
    ),
}
