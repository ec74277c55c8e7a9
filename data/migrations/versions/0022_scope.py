"""Row-level security: what a session that owns nothing sees, by who it is for: docs/access.md"""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

EVERYTHING = "(SELECT current_setting('wangge.everything', true) = 'on')"
OFFICE = "(SELECT current_setting('wangge.office', true))"
ACTOR = "(SELECT nullif(current_setting('wangge.actor', true), ''))"
ACCOUNT = "(SELECT nullif(current_setting('wangge.account', true), ''))"
SCOPE = "(SELECT nullif(current_setting('wangge.scope', true), ''))"
OF_DISTRICT = "(SELECT length(current_setting('wangge.scope', true)) = 6)"


def ids(setting: str) -> str:
    return f"(SELECT nullif(current_setting('wangge.{setting}', true), '')::bigint[])::bigint[]"


def any_of(*conditions: str) -> str:
    """The first that holds ends the search. Compared by `<>`, so that the planner takes nearly all rows to be in sight, and chooses
    the same ways as without a policy; the conditions of the statements themselves say how rare their rows are."""
    whens = " ".join(f"WHEN {condition} THEN 1" for condition in (EVERYTHING, *conditions))
    return f"CASE {whens} ELSE 0 END <> 0"


def once(condition: str) -> str:
    """Judged once in a statement, and by `<>` for the reason told at `any_of`."""
    told = f"{condition} OR current_setting('wangge.everything', true) = 'on'"
    return f"(SELECT CASE WHEN {told} THEN 1 ELSE 0 END) <> 0"


SIGNED_IN = once("current_setting('wangge.office', true) NOT IN ('', 'public')")
ANYBODY = once("current_setting('wangge.office', true) <> ''")

CASE = any_of(
    f"street_id = ANY ({ids('areas')}) OR community_id = ANY ({ids('areas')})",
    f"cell_id = ANY ({ids('cells')})",
    f"{ACTOR} = ANY (ARRAY['worker:' || worker_id, 'agency:' || agency_id, 'desk:' || desk_code, lead, handler])",
    f"id = ANY ({ids('seen')})",
    "id IN (SELECT cases_taken_part_in())",
)
OF_CASE = any_of("(SELECT true FROM case_file WHERE case_file.id = {table}.{key})")
"""Not EXISTS, which the planner would answer by looking at all cases there are."""
WORKER = any_of(f"starts_with(community_code, {SCOPE})", f"'worker:' || id = {ACTOR}")
OF_WORKER = any_of("(SELECT true FROM worker WHERE worker.id = worker_id)")
SCORE = any_of(
    f"{OF_DISTRICT} AND dimension IN ('all', 'category', 'department')",
    f"dimension IN ('district', 'street', 'community', 'cell') AND starts_with(key, {SCOPE})",
    f"dimension = 'department' AND key = (SELECT code FROM agency WHERE 'agency:' || agency.id = {ACTOR})",  # noqa: S608
)
DISTRICT = any_of(OF_DISTRICT)
DOOR = "(SELECT current_setting('wangge.door', true) = 'on')"
"""While it is seen who comes. Not even who sees all cases sees who may sign in."""
KEEPER = f"{OFFICE} IN ('system_admin', 'security_admin')"
ACCOUNTS = f"({DOOR} OR {KEEPER} OR name = {ACCOUNT})"
OF_ACCOUNT = f"({DOOR} OR {KEEPER} OR account_id = (SELECT id FROM account WHERE name = {ACCOUNT}))"  # noqa: S608
EXPORT = any_of(f"asked_by = {ACCOUNT}", f"{OFFICE} = 'security_admin'", f"starts_with(area_code, {SCOPE})")
OWN = f"{{column}} = {ACTOR}"

READ = (
    dict.fromkeys(
        (
            "unit", "area", "cell_code", "cell", "facility", "facility_serves", "residence", "landmark", "street_node",
            "street_edge", "service_build", "service_area", "service_coverage", "standard", "standard_limit", "check_run",
            "finding", "agency", "handling_rule", "parameter", "calendar_day", "duplicate_rule", "intake_rule",
            "ground_revision", "score_run", "retention_rule",
        ),
        SIGNED_IN,
    )
    | {"category": ANYBODY, "dispatch_run": EVERYTHING, "case_file": CASE, "worker": WORKER, "score": SCORE}
    | dict.fromkeys(("assignment", "leave"), OF_WORKER)
    | {"whistle_call": any_of("(SELECT true FROM whistle WHERE whistle.id = whistle_id)")}
    | {"account": ACCOUNTS, "sign_in_count": f"({DOOR} OR {KEEPER})", "request_count": DOOR, "personal_export": EXPORT}
    | dict.fromkeys(("account_grant", "account_password", "account_recovery", "account_session"), OF_ACCOUNT)
    | dict.fromkeys(("audit_line", "audit_seal"), f"{OFFICE} = 'audit_admin'")
    | {"retention_log": f"{OFFICE} IN ('security_admin', 'audit_admin')"}
    | {"upload": DISTRICT, "import_run": DISTRICT, "bulk_move": any_of(OF_DISTRICT, OWN.format(column="actor"))}
    | {"saved_view": OWN.format(column="owner"), "move_key": OWN.format(column="claimed_by")}
    | {
        table: OF_CASE.format(table=table, key=key)
        for table, key in (
            ("incident", "id"), ("case_event", "case_id"), ("case_photo", "case_id"), ("case_helper", "case_id"),
            ("case_follower", "case_id"), ("whistle", "case_id"), ("rating", "case_id"), ("exclusion", "case_id"),
            ("reporter_contact", "case_id"), ("case_whereabouts", "case_id"),
        )
    }
)  # fmt: skip
"""Which rows of a table are in sight."""
CLOSED = ("notice", "notice_address", "notice_cursor")
"""Nobody but the owner has business there."""
WRITTEN = (
    "case_event", "case_photo", "case_helper", "case_follower", "whistle", "rating", "exclusion", "bulk_move", "saved_view",
    "move_key", "case_whereabouts", "reporter_contact", "personal_export", "account", "account_grant", "account_password",
    "account_recovery", "account_session", "sign_in_count", "request_count",
    "upload",
)  # fmt: skip
"""What is written within the sight of the writer; a row that is written is one that he may read."""
MOVED = ("case_file", "incident")
"""What is written anew only where it is in sight; as it is written it may go out of sight. New ones come by a report alone."""
DERIVED = ("score_run", "score")
"""What is reckoned from everything."""

FUNCTIONS = {
    # What a session may learn beyond its sight. Each gives one small thing; none gives a row.
    "area_versions(digits text)": (
        "bigint[]",
        "-- The ids of all versions of the areas under a unit: communities for 12 digits, else streets.\n"
        "RETURN ARRAY(SELECT id FROM area WHERE starts_with(code, digits)\n"
        "AND level = CASE WHEN length(digits) = 12 THEN 'community' ELSE 'street' END)",
    ),
    "covers_all(digits text)": (
        "boolean",
        "-- Whether there is no street beside a unit.\n"
        "RETURN digits = '' OR length(digits) = 6\n"
        "AND NOT EXISTS (SELECT FROM area WHERE level = 'street' AND NOT starts_with(code, digits))",
    ),
    "cell_versions(codes text[])": (
        "bigint[]",
        "RETURN ARRAY(SELECT id FROM cell WHERE code = ANY (codes))",
    ),
    "cases_taken_part_in()": (
        "SETOF bigint",
        "-- The cases that the actor held once, was asked to help with, or was called to.\n"
        "RETURN QUERY SELECT case_id FROM case_event WHERE held_by = nullif(current_setting('wangge.actor', true), '')\n"
        "UNION ALL SELECT case_id FROM case_helper WHERE helper = nullif(current_setting('wangge.actor', true), '')\n"
        "UNION ALL SELECT case_id FROM whistle JOIN whistle_call ON whistle_id = whistle.id\n"
        "WHERE agency_id = CASE WHEN current_setting('wangge.actor', true) ~ '^agency:[0-9]{1,18}$'\n"
        "THEN split_part(current_setting('wangge.actor', true), ':', 2)::bigint END",
    ),
    "are_there(what text, keys bigint[])": (
        "SETOF bigint",
        "-- Which of these are there at all, so that what lies elsewhere is refused and not denied.\n"
        "RETURN QUERY SELECT id FROM case_file WHERE what = 'case' AND id = ANY (keys)\n"
        "UNION ALL SELECT id FROM bulk_move WHERE what = 'bulk' AND id = ANY (keys)\n"
        "UNION ALL SELECT id FROM worker WHERE what = 'worker' AND id = ANY (keys)",
    ),
    "case_of_photo(key bigint)": ("bigint", "RETURN (SELECT case_id FROM case_photo WHERE id = key)"),
    "actors_at_work(actors text[])": (
        "SETOF text",
        "-- Which of these actors are there today: a worker at work, a desk's unit, an agency that holds.\n"
        "RETURN QUERY SELECT actor FROM unnest(actors) AS actor,\n"
        "LATERAL (SELECT split_part(actor, ':', 1), split_part(actor, ':', 2)) AS part (kind, key),\n"
        "LATERAL (SELECT CASE WHEN key ~ '^[0-9]{1,18}$' THEN key::bigint END) AS told (number)\n"
        "WHERE CASE kind WHEN 'worker' THEN EXISTS (SELECT FROM worker WHERE id = number AND is_active)\n"
        "WHEN 'agency' THEN EXISTS (SELECT FROM agency WHERE id = number AND daterange(valid_from, valid_to) @> current_date)\n"
        "WHEN 'desk' THEN EXISTS (SELECT FROM unit WHERE code = key) ELSE false END",
    ),
    "word_is_met(part text, sample integer)": (
        "bigint",
        "-- In how many of the newest descriptions a word is met: by it a search is planned; it is told to nobody.\n"
        "RETURN (SELECT count(*) FROM (SELECT description FROM incident ORDER BY id DESC LIMIT sample) AS newest\n"
        "WHERE description LIKE part)",
    ),
    "newest_event()": ("bigint", "RETURN (SELECT coalesce(max(txid), 0) FROM case_event)"),
    "newest_import()": ("bigint", "RETURN (SELECT max(id) FROM import_run)"),
}
DEFINER = """
CREATE FUNCTION {signature} RETURNS {result} LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
{body};
END $$
"""
"""In plpgsql, which keeps its plans."""
LOOKED_AFTER = ("case_file_refers", "case_event_refers")
"""Triggers that look at what the writer may not see."""
CLOSED_AT = "(CASE WHEN closed_at IS NULL THEN filed_at ELSE closed_at END)"
CLOSED_BEFORE = "(coalesce(closed_at, filed_at))"
STATE_OPEN = "filed_at, dispatched_at, community_id, street_id, worker_id, desk_code, agency_id"
INDEXES = {
    "ix_case_event_held_by": "case_event (held_by, case_id) WHERE held_by IS NOT NULL",
    "ix_case_helper_helper": "case_helper (helper)",
    "ix_whistle_call_agency_id": "whistle_call (agency_id)",
}


def _index_cases(closed_at: str, included: str) -> None:
    """Under a policy an index serves a condition only when nothing in it may tell of rows; COALESCE counts as such, CASE does not.
    And what the policy asks for stands beside what is counted."""
    op.execute("DROP INDEX ix_case_file_closed")
    op.execute(
        f"CREATE INDEX ix_case_file_closed ON case_file ({closed_at}, id) WHERE state IN ('closed', 'evaluated')"
    )
    op.execute("DROP STATISTICS case_file_closed")
    op.execute(f"CREATE STATISTICS case_file_closed ON {closed_at} FROM case_file")
    op.execute("DROP INDEX ix_case_file_state_open")
    op.execute(
        f"CREATE INDEX ix_case_file_state_open ON case_file (state, due_at, id) INCLUDE ({included})"
        " WHERE state NOT IN ('closed', 'evaluated')"
    )


def upgrade() -> None:
    _index_cases(CLOSED_AT, f"{STATE_OPEN}, cell_id, lead, handler")
    for name, where in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {where}")
    op.execute(
        "ALTER TABLE move_key ADD COLUMN claimed_by varchar(40) DEFAULT nullif(current_setting('wangge.actor', true), '')"
    )
    for signature, (result, body) in FUNCTIONS.items():
        op.execute(DEFINER.format(signature=signature, result=result, body=body))
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC")
    for name in LOOKED_AFTER:
        op.execute(f"ALTER FUNCTION {name}() SECURITY DEFINER SET search_path = public, pg_temp")
    for table in (*READ, *CLOSED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for table, name, policy in policies():
        op.execute(f"CREATE POLICY {name} ON {table} {policy}")


def policies() -> Iterator[tuple[str, str, str]]:
    """Table, name and text of each policy. One that is for all commands lets nothing be written that its writer may not read."""
    for table, sight in READ.items():
        yield table, "sight", f"USING ({sight})" if table in WRITTEN else f"FOR SELECT USING ({sight})"
    for table in MOVED:
        yield table, "enter", f"FOR INSERT WITH CHECK ({EVERYTHING})"
        yield table, "move", f"FOR UPDATE USING ({READ[table]}) WITH CHECK (true)"
    yield "whistle_call", "enter", "FOR INSERT WITH CHECK (true)"  # with its whistle, by one statement
    yield "whistle_call", "report_in", f"FOR UPDATE USING ({READ['whistle_call']})"
    yield "audit_line", "record", "FOR INSERT WITH CHECK (true)"
    for table in DERIVED:
        yield table, "enter", f"FOR INSERT WITH CHECK ({EVERYTHING})"
        yield table, "remove", f"FOR DELETE USING ({EVERYTHING})"


def downgrade() -> None:
    for table, name, _ in policies():
        op.execute(f"DROP POLICY {name} ON {table}")
    for table in (*READ, *CLOSED):
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in LOOKED_AFTER:
        op.execute(f"ALTER FUNCTION {name}() SECURITY INVOKER RESET search_path")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("ALTER TABLE move_key DROP COLUMN claimed_by")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    _index_cases(CLOSED_BEFORE, STATE_OPEN)
