"""A team's goals with their numbers, the answers it shares, and its webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _goals()
    _answers()
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_tenant_created_at_id", "webhooks", ["tenant", "created_at", "id"])


def _goals() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("tenant", "name", "name_key", "unit", "horizon", "counting", "direction")
        ),
        sa.Column("target", sa.Float),
        sa.Column("since", sa.Date),
        sa.Column("due", sa.Date),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
    )
    op.create_index("ix_goals_tenant_name_key", "goals", ["tenant", "name_key"], unique=True)
    op.create_table(
        "goal_numbers",
        sa.Column("goal_id", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("goal_id", "ref", name="pk_goal_numbers"),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goals.id"], name="fk_goal_numbers_goal_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_goal_numbers_goal_id_day", "goal_numbers", ["goal_id", "day"])


def _answers() -> None:
    texts = ("scenario", "kind", "objection", "said", "wording", "note", "status", "reason")
    op.create_table(
        "answers",
        sa.Column("id", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("tenant", "author", "signature", "session")
        ),
        sa.Column("turn", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*texts, "decided_by")),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index(
        "ix_answers_tenant_session_turn", "answers", ["tenant", "session", "turn"], unique=True
    )
    op.create_index(
        "ix_answers_tenant_status_created_at_id",
        "answers",
        ["tenant", "status", "created_at", "id"],
    )


def downgrade() -> None:
    for table in ("webhooks", "answers", "goal_numbers", "goals"):
        op.drop_table(table)
