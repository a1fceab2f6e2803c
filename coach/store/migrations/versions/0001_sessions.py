"""Sessions, their turns, and the hints asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("scenario", sa.Text, nullable=False),
        sa.Column("scenario_version", sa.Integer, nullable=False),
        sa.Column("persona", sa.Text, nullable=False),
        sa.Column("difficulty", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("engine", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parent_session", sa.Text),
        sa.Column("parent_turn", sa.Integer),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("turn_count", sa.Integer, nullable=False),
        sa.Column("debrief", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index(
        "ix_sessions_tenant_owner_created_at_id",
        "sessions",
        ["tenant", "owner", "created_at", "id"],
    )
    op.create_table(
        "turns",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("index", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("assessment", sa.JSON),
        sa.Column("provenance", sa.JSON),
        sa.Column("state", sa.JSON),
        sa.PrimaryKeyConstraint("session_id", "index", name="pk_turns"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_turns_session_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "hints",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hints"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_hints_session_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_hints_session_id_turn_id", "hints", ["session_id", "turn", "id"])


def downgrade() -> None:
    op.drop_table("hints")
    op.drop_table("turns")
    op.drop_table("sessions")
