"""Workshops, who is in them, their sessions, and votes on replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "workshops",
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("id", "tenant", "trainer", "title", "join_code")
        ),
        sa.Column("scenarios", sa.JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True)),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("pass_mark", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("difficulty", sa.Text),
        sa.Column("seed", sa.BigInteger),
        sa.Column("guests", sa.Boolean, nullable=False),
        sa.Column("names_hidden", sa.Boolean, nullable=False),
        sa.Column("invited_only", sa.Boolean, nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workshops"),
    )
    op.create_index("ix_workshops_join_code", "workshops", ["join_code"], unique=True)
    op.create_index(
        "ix_workshops_tenant_trainer_created_at_id",
        "workshops",
        ["tenant", "trainer", "created_at", "id"],
    )
    _people()
    _votes()


def _people() -> None:
    op.create_table(
        "workshop_members",
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("workshop_id", "owner", "tenant", "name")
        ),
        sa.Column("is_guest", sa.Boolean, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True)),
        sa.Column("digest", sa.Text),
        sa.PrimaryKeyConstraint("workshop_id", "owner", name="pk_workshop_members"),
        _part_of("workshop_members", "workshop_id", "workshops"),
    )
    op.create_index("ix_workshop_members_tenant_owner", "workshop_members", ["tenant", "owner"])
    op.create_index("ix_workshop_members_digest", "workshop_members", ["digest"], unique=True)
    op.create_table(
        "workshop_sessions",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("workshop_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_workshop_sessions"),
        _part_of("workshop_sessions", "session_id", "sessions"),
        _part_of("workshop_sessions", "workshop_id", "workshops"),
    )
    op.create_index("ix_workshop_sessions_workshop_id", "workshop_sessions", ["workshop_id"])


def _votes() -> None:
    op.create_table(
        "workshop_rounds",
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("id", "workshop_id", "scenario", "act")
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_rounds"),
        _part_of("workshop_rounds", "workshop_id", "workshops"),
    )
    op.create_index(
        "ix_workshop_rounds_workshop_id_opened_at", "workshop_rounds", ["workshop_id", "opened_at"]
    )
    op.create_table(
        "workshop_options",
        sa.Column("round_id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "position", name="pk_workshop_options"),
        _part_of("workshop_options", "round_id", "workshop_rounds"),
        _part_of("workshop_options", "session_id", "sessions"),
    )
    op.create_index("ix_workshop_options_session_id", "workshop_options", ["session_id"])
    op.create_table(
        "workshop_votes",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("round_id", "owner", "tenant")),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "owner", name="pk_workshop_votes"),
        _part_of("workshop_votes", "round_id", "workshop_rounds"),
    )
    op.create_index("ix_workshop_votes_tenant_owner", "workshop_votes", ["tenant", "owner"])


def _part_of(table: str, column: str, whole: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{whole}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("votes", "options", "rounds", "sessions", "members"):
        op.drop_table(f"workshop_{table}")
    op.drop_table("workshops")
