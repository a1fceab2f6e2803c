"""Scenarios written here with all their versions, and what each session was played with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "scenarios",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("scenario", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "scenario", "version", name="pk_scenarios"),
    )
    op.create_index("ix_scenarios_tenant_change", "scenarios", ["tenant", "change"])
    op.create_table(
        "played_scenarios",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "fingerprint", name="pk_played_scenarios"),
    )
    op.add_column(
        "sessions",
        sa.Column("scenario_fingerprint", sa.Text, nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("sessions", "scenario_fingerprint")
    op.drop_table("played_scenarios")
    op.drop_table("scenarios")
