"""Rounds of grid workers: duty, track, streets walked, places to visit with check-ins; and the elements of their cells"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ACTOR = "(SELECT nullif(current_setting('wangge.actor', true), ''))"
CELLS = "(SELECT nullif(current_setting('wangge.cells', true), '')::bigint[])::bigint[]"
OWN = f"'worker:' || worker_id = {ACTOR}"
"""What tells where a worker was is his alone: not even who sees all cases sees it."""
HIS_CELLS = (
    "cell_code = ANY ((SELECT array_agg(cell_code) FROM assignment"  # noqa: S608
    f" WHERE {OWN} AND during @> now())::varchar[])"
    f" AND ({CELLS} IS NULL OR cell_code IN (SELECT code FROM cell WHERE id = ANY ({CELLS})))"
)
"""The cells that he looks after today; of a worker who is restricted to some, those of them."""
SIGHT = {
    "duty": OWN,
    "duty_track": "(SELECT true FROM duty WHERE duty.id = duty_id)",
    "street_walked": OWN,
    "visit_place": HIS_CELLS,
    "check_in": f"{OWN} AND (SELECT true FROM visit_place WHERE visit_place.id = place_id)",  # noqa: S608
    "element": HIS_CELLS,
}
"""Which rows are in sight, to be read and to be written."""


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_duty_order")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_duty_worker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_running", "duty", ["worker_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_duty_worker_id", "duty", ["worker_id", "began_at"], unique=False)
    op.create_table(
        "element",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cell_code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("label", sa.String(), server_default="", nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_digests", sa.ARRAY(sa.LargeBinary()), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_digests", sa.ARRAY(sa.LargeBinary()), nullable=True),
        sa.Column("home", sa.String(), nullable=True),
        sa.Column("home_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("home_digests", sa.ARRAY(sa.LargeBinary()), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(kind = 'people') = (title IS NULL)", name=op.f("ck_element_title")),
        sa.CheckConstraint("home IN ('', '****')", name=op.f("ck_element_home_masked")),
        sa.CheckConstraint("kind <> 'people' OR geom IS NULL", name=op.f("ck_element_home")),
        sa.CheckConstraint(
            "kind IN ('people', 'places', 'things', 'events', 'organisations')", name=op.f("ck_element_kind")
        ),
        sa.CheckConstraint("name ~ '^(.[*])?$'", name=op.f("ck_element_name_masked")),
        sa.CheckConstraint("phone = '' OR phone LIKE '%****%'", name=op.f("ck_element_phone_masked")),
        sa.ForeignKeyConstraint(["cell_code"], ["cell_code.code"], name=op.f("fk_element_cell_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_element_idempotency_key")),
    )
    op.create_index(
        "ix_element_cell_code",
        "element",
        ["cell_code", "kind", "id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_element_name_digests", "element", ["name_digests"], unique=False, postgresql_using="gin")
    op.create_index("ix_element_phone_digests", "element", ["phone_digests"], unique=False, postgresql_using="gin")
    op.create_table(
        "street_walked",
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("edge_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["edge_id"], ["street_edge.id"], name=op.f("fk_street_walked_edge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_street_walked_worker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("worker_id", "day", "edge_id", name=op.f("pk_street_walked")),
    )
    op.create_index("ix_street_walked_day", "street_walked", ["day"], unique=False)
    op.create_index("ix_street_walked_edge_id", "street_walked", ["edge_id"], unique=False)
    op.create_table(
        "visit_place",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cell_code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("listed_on", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=False,
        ),
        sa.CheckConstraint("every_days > 0", name=op.f("ck_visit_place_every_days")),
        sa.ForeignKeyConstraint(["cell_code"], ["cell_code.code"], name=op.f("fk_visit_place_cell_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_place")),
    )
    op.create_index(
        "ix_visit_place_cell_code",
        "visit_place",
        ["cell_code"],
        unique=False,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "check_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["visit_place.id"], name=op.f("fk_check_in_place_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_check_in_worker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index("ix_check_in_at", "check_in", ["at"], unique=False)
    op.create_index("ix_check_in_place_id", "check_in", ["place_id"], unique=False)
    op.create_table(
        "duty_track",
        sa.Column("duty_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_track_duty_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("duty_id", "at", "lon", "lat", name=op.f("pk_duty_track")),
    )
    op.create_index("ix_duty_track_at", "duty_track", ["at"], unique=False)
    for table, sight in SIGHT.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY sight ON {table} USING ({sight})")


def downgrade() -> None:
    for table in ("duty_track", "check_in", "visit_place", "street_walked", "element", "duty"):
        op.drop_table(table)
