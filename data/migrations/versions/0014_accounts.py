"""Accounts with their grants, sessions and past passwords, and how often signing in has failed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("oidc_subject", sa.String(length=300), nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sa.UniqueConstraint("oidc_subject", name=op.f("uq_account_oidc_subject")),
    )
    op.create_table(
        "sign_in_count",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_count")),
    )
    op.create_table(
        "account_password",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_password_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_password")),
    )
    op.create_index("ix_account_password_account_id", "account_password", ["account_id", "id"], unique=False)
    op.create_table(
        "account_recovery",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_recovery_account_id")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_account_recovery")),
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("has_second_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_session_digest")),
    )
    op.create_index(
        "ix_account_session_open",
        "account_session",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "account_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("unit_code", sa.String(length=12), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("facility_id", sa.BigInteger(), nullable=True),
        sa.Column("cells", postgresql.ARRAY(sa.String(length=20)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("granted_by", sa.String(length=64), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("actor"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_account_grant_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (
                sa.text(
                    "(CASE WHEN office IN ('audit_admin', 'security_admin', 'system_admin') THEN office ELSE '' END)"
                ),
                "<>",
            ),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_account_grant_separate",
        ),
        sa.CheckConstraint("cells = '{}' OR office = 'worker'", name=op.f("ck_account_grant_cells")),
        sa.CheckConstraint(
            "num_nonnulls(unit_code, worker_id, agency_id, facility_id) = CASE WHEN office IN ('audit_admin', 'security_admin', 'system_admin') THEN 0 ELSE 1 END",
            name=op.f("ck_account_grant_ground"),
        ),
        sa.CheckConstraint(
            "office IN ('worker', 'community', 'station', 'street', 'department', 'planner', 'district', 'system_admin', 'security_admin', 'audit_admin')",
            name=op.f("ck_account_grant_office"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_account_grant_validity")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_account_grant_agency_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_account_grant_facility_id")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_account_grant_unit_code")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_account_grant_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
    )
    op.create_index("ix_account_grant_account_id", "account_grant", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_account_grant_account_id", table_name="account_grant")
    op.drop_table("account_grant")
    op.drop_index("ix_account_session_open", table_name="account_session", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("account_session")
    op.drop_table("account_recovery")
    op.drop_index("ix_account_password_account_id", table_name="account_password")
    op.drop_table("account_password")
    op.drop_table("sign_in_count")
    op.drop_table("account")
