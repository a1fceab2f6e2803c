"""What messengers sent, the workspaces the coach was added to, their people and talks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coach.store.tables import RECORD, UtcDateTime

revision = "0015"
down_revision = "0014"


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def upgrade() -> None:
    _inbox()
    op.create_table(
        "installations",
        *map(_text, ("workspace", "tenant", "title", "bot", "scopes", "secret")),
        sa.Column("installed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_installations"),
    )
    op.create_table(
        "messenger_people",
        *map(_text, ("workspace", "user", "tenant", "owner", "zone", "cadence")),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("next_at", UtcDateTime),
        sa.PrimaryKeyConstraint("workspace", "user", name="pk_messenger_people"),
    )
    op.create_index("ix_messenger_people_next_at", "messenger_people", ["next_at"])
    op.create_index("ix_messenger_people_tenant_owner", "messenger_people", ["tenant", "owner"])
    op.create_table(
        "talks",
        *map(_text, ("workspace", "channel", "thread", "tenant", "owner", "session")),
        sa.PrimaryKeyConstraint("workspace", "channel", "thread", name="pk_talks"),
    )
    op.create_index("ix_talks_tenant_owner", "talks", ["tenant", "owner"])
    op.create_table(
        "passes",
        *map(_text, ("digest", "kind", "tenant", "workspace", "user")),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_passes"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        _text("id"),
        _text("lane"),
        sa.Column("body", RECORD),
        sa.Column("progress", RECORD, nullable=False),
        _text("reason"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _text("worker", nullable=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("settled_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_lane_due_at", "inbox", ["lane", "due_at"])
    op.create_index("ix_inbox_due_at", "inbox", ["due_at"])
    op.create_index("ix_inbox_settled_at", "inbox", ["settled_at"])


def downgrade() -> None:
    for table in ("passes", "talks", "messenger_people", "installations", "inbox"):
        op.drop_table(table)
