"""Branches that know where they began, guesses, and answers kept under a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("root", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_sessions_root", "sessions", ["root"])
    op.add_column("idempotency", sa.Column("answer", sa.JSON))
    op.create_table(
        "guesses",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("concern", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guesses"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_guesses_session_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_guesses_session_id", "guesses", ["session_id"])


def downgrade() -> None:
    op.drop_table("guesses")
    op.drop_column("idempotency", "answer")
    op.drop_index("ix_sessions_root", "sessions")
    op.drop_column("sessions", "root")
