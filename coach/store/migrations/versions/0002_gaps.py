"""Objections met without evidence, and in which sessions each was counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("lack", sa.Text, nullable=False),
        sa.Column("objection", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("competitor", sa.Text),
        sa.Column("competitor_key", sa.Text, nullable=False),
        sa.Column("sector", sa.Text),
        sa.Column("sector_key", sa.Text, nullable=False),
        sa.Column("live", sa.Integer, nullable=False),
        sa.Column("practice", sa.Integer, nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("examples", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_tenant_live_practice_id", "gaps", ["tenant", "live", "practice", "id"])
    op.create_table(
        "gap_occasions",
        sa.Column("gap_id", sa.Text, nullable=False),
        sa.Column("occasion", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("gap_id", "occasion", name="pk_gap_occasions"),
        sa.ForeignKeyConstraint(
            ["gap_id"], ["gaps.id"], name="fk_gap_occasions_gap_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("gap_occasions")
    op.drop_table("gaps")
