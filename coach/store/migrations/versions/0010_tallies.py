"""Indexes by which metrics count without reading rows."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_sessions_status_created_at", "sessions", ["status", "created_at"])
    op.create_index("ix_jobs_state_kind", "jobs", ["state", "kind"])


def downgrade() -> None:
    op.drop_index("ix_jobs_state_kind", "jobs")
    op.drop_index("ix_sessions_status_created_at", "sessions")
