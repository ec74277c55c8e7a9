"""People's data sealed at rest, contacts of reporters, how long data stays, exports that another person decides on"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from data import sealing
from geo.persons import Kind

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SEALED = (
    ("worker", ("id",), "name", Kind.NAME),
    ("worker", ("id",), "phone", Kind.PHONE),
    ("agency", ("id",), "phone", Kind.PHONE),
    ("notice_address", ("id",), "url", Kind.ADDRESS),
    ("whistle_call", ("whistle_id", "agency_id"), "signature", Kind.NAME),
)
NAME, PHONE = "{} ~ '^(.[*])?$'", "{0} = '' OR {0} LIKE '%****%'"
CHECKS = {
    ("worker", "name"): NAME,
    ("worker", "phone"): PHONE,
    ("agency", "phone"): PHONE,
    ("notice_address", "url"): "{0} = '' OR {0} LIKE '%://****'",
    ("whistle_call", "signature"): NAME,
}
COARSE = """
ALTER TABLE case_event DISABLE TRIGGER case_event_append_only;
UPDATE case_event SET lon = round(lon::numeric, 3), lat = round(lat::numeric, 3)
WHERE lon IS NOT NULL;
ALTER TABLE case_event ENABLE ALWAYS TRIGGER case_event_append_only;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
# The owner alone may take out of the ledger what is past its days, and only when he says that this is what he is doing.
FORGETTING = """
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'case_event' AND current_setting('wangge.forgetting', true) = 'on'
       AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NULL;
    END IF;
"""
ONLY_FORGETS = """
CREATE FUNCTION case_event_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{lon,lat,reason}'::text[] <> to_jsonb(OLD) - '{lon,lat,reason}'::text[]
       OR NOT (NEW.lon IS NULL OR NEW.lon IS NOT DISTINCT FROM OLD.lon)
       OR NOT (NEW.lat IS NULL OR NEW.lat IS NOT DISTINCT FROM OLD.lat)
       OR NOT (NEW.reason IS NULL OR NEW.reason IS NOT DISTINCT FROM OLD.reason) THEN
        RAISE EXCEPTION 'of case_event only whereabouts and reasons are taken out' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_event_only_forgets BEFORE UPDATE ON case_event
    FOR EACH ROW EXECUTE FUNCTION case_event_only_forgets()
"""


def upgrade() -> None:
    for table, _, column, _ in SEALED:
        _add_forms(table, column)
    op.add_column("notice_address", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE notice_address SET ended_at = now() WHERE NOT is_active")
    op.drop_constraint(op.f("uq_notice_address_recipient_url"), "notice_address")
    for table, key, column, kind in SEALED:
        _seal(table, key, column, kind)
    for (table, column), condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_{table}_{column}_masked"), table, condition.format(column))
    unique = op.f("uq_notice_address_recipient_url_digests")
    op.create_unique_constraint(unique, "notice_address", ["recipient", "url_digests"])
    op.create_index("ix_worker_name_digests", "worker", ["name_digests"], postgresql_using="gin")
    op.add_column("case_file", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    _create_contacts()
    _create_retention()
    _create_exports()
    op.execute(COARSE)
    op.execute("CREATE INDEX ix_case_event_whereabouts ON case_event (at) WHERE lon IS NOT NULL")
    op.execute(REFUSE.format(unless=FORGETTING))
    op.execute(ONLY_FORGETS)


def downgrade() -> None:
    op.execute("DROP TRIGGER case_event_only_forgets ON case_event")
    op.execute("DROP FUNCTION case_event_only_forgets")
    op.execute(REFUSE.format(unless=""))
    op.execute("DROP INDEX ix_case_event_whereabouts")
    for table in ("personal_export", "retention_log", "retention_rule", "reporter_contact"):
        op.drop_table(table)
    op.drop_column("case_file", "forgotten_at")
    op.drop_constraint(op.f("uq_notice_address_recipient_url_digests"), "notice_address")
    for table, column in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{column}_masked"), table)
    for table, key, column, kind in SEALED:
        _open(table, key, column, kind)
        op.drop_column(table, f"{column}_sealed")
        op.drop_column(table, f"{column}_digests")
    op.create_unique_constraint(op.f("uq_notice_address_recipient_url"), "notice_address", ["recipient", "url"])
    op.drop_column("notice_address", "ended_at")


def _add_forms(table: str, column: str) -> None:
    op.add_column(table, sa.Column(f"{column}_sealed", sa.LargeBinary(), nullable=True))
    op.add_column(table, sa.Column(f"{column}_digests", postgresql.ARRAY(sa.LargeBinary()), nullable=True))


def _seal(table: str, key: tuple[str, ...], column: str, kind: Kind) -> None:
    found = _rows(table, (*key, column), f"{column} <> ''")
    _write(
        table,
        key,
        [dict(zip(key, row[:-1], strict=True)) | sealing.seal(kind, row[-1]).columns(column) for row in found],
    )


def _open(table: str, key: tuple[str, ...], column: str, kind: Kind) -> None:
    found = _rows(table, (*key, f"{column}_sealed"), f"{column}_sealed IS NOT NULL")
    _write(
        table, key, [dict(zip(key, row[:-1], strict=True)) | {column: sealing.open_(kind, row[-1])} for row in found]
    )


def _rows(table: str, columns: tuple[str, ...], condition: str) -> list[tuple[Any, ...]]:
    found = sa.select(*map(sa.column, columns)).select_from(sa.table(table)).where(sa.text(condition))
    return [tuple(row) for row in op.get_bind().execute(found)]


def _write(table: str, key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """By their keys, whatever other columns the rows have."""
    if not rows:
        return
    told = sa.table(table, *map(sa.column, rows[0]))
    same = [told.c[name] == sa.bindparam(f"its_{name}") for name in key]
    changed = {name: sa.bindparam(f"new_{name}") for name in rows[0] if name not in key}
    given = [{f"{'its' if name in key else 'new'}_{name}": value for name, value in row.items()} for row in rows]
    op.get_bind().execute(sa.update(told).where(*same).values(changed), given)


def _create_contacts() -> None:
    op.create_table(
        "reporter_contact",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(part for name in ("name", "phone", "home") for part in _forms(name)),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(NAME.format("name"), name=op.f("ck_reporter_contact_name_masked")),
        sa.CheckConstraint(PHONE.format("phone"), name=op.f("ck_reporter_contact_phone_masked")),
        sa.CheckConstraint("home IN ('', '****')", name=op.f("ck_reporter_contact_home_masked")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_reporter_contact_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_reporter_contact")),
    )
    for name in ("name_digests", "phone_digests"):
        op.create_index(f"ix_reporter_contact_{name}", "reporter_contact", [name], postgresql_using="gin")


def _forms(name: str) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(name, sa.String(), nullable=True),
        sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(f"{name}_digests", postgresql.ARRAY(sa.LargeBinary()), nullable=True),
    )


def _create_retention() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_retention_rule_days")),
        sa.PrimaryKeyConstraint("name", "valid_from", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "retention_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_log")),
    )
    op.create_index("ix_retention_log_rule", "retention_log", ["rule", "at"])


def _create_exports() -> None:
    op.create_table(
        "personal_export",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("wanted", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_as", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.CheckConstraint("what IN ('reporters', 'workers')", name=op.f("ck_personal_export_what")),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_personal_export_second_person")),
        sa.CheckConstraint(
            "num_nulls(decided_by, decided_at, is_approved) IN (0, 3)", name=op.f("ck_personal_export_decided")
        ),
        sa.CheckConstraint("taken_at IS NULL OR is_approved", name=op.f("ck_personal_export_taken")),
        sa.ForeignKeyConstraint(["area_code"], ["unit.code"], name=op.f("fk_personal_export_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_export")),
    )
    op.create_index("ix_personal_export_asked_at", "personal_export", ["asked_at"])
