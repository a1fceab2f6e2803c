"""Accounts: tenants, users, teams, tokens, visits by browser, sign-ins under way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def upgrade() -> None:
    _tenants_and_users()
    _teams()
    _tokens()
    _visits()


def _tenants_and_users() -> None:
    tenants = op.create_table(
        "tenants",
        *_text("id", "title"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
    )
    op.bulk_insert(tenants, [{"id": "local", "title": "", "created_at": datetime.now(UTC)}])
    op.create_table(
        "users",
        *_text("id", "tenant", "name"),
        sa.Column("roles", sa.JSON, nullable=False),
        _time("created_at"),
        _time("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("ix_users_tenant_name", "users", ["tenant", "name"], unique=True)
    op.create_index("ix_users_name", "users", ["name"])


def _teams() -> None:
    op.create_table(
        "teams",
        *_text("id", "tenant", "name"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_index("ix_teams_tenant_name", "teams", ["tenant", "name"], unique=True)
    op.create_table(
        "team_members",
        *_text("team_id", "user_id", "tenant"),
        sa.Column("trains", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", name="pk_team_members"),
        _belongs("team_members", "team_id", "teams"),
        _belongs("team_members", "user_id", "users"),
    )
    op.create_index("ix_team_members_user_id", "team_members", ["user_id"])


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        *_text("id", "tenant", "user_id", "label", "prefix", "digest"),
        _time("created_at"),
        *(_time(name, nullable=True) for name in ("expires_at", "last_used_at", "revoked_at")),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        _belongs("api_tokens", "user_id", "users"),
    )
    op.create_index("ix_api_tokens_prefix", "api_tokens", ["prefix"])
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])


def _visits() -> None:
    op.create_table(
        "visits",
        *_text("digest", "tenant", "user_id"),
        sa.Column("token_id", sa.Text),
        _time("created_at"),
        _time("expires_at"),
        sa.PrimaryKeyConstraint("digest", name="pk_visits"),
        _belongs("visits", "user_id", "users"),
        _belongs("visits", "token_id", "api_tokens"),
    )
    op.create_index("ix_visits_user_id", "visits", ["user_id"])
    op.create_index("ix_visits_expires_at", "visits", ["expires_at"])
    op.create_table(
        "sign_ins",
        *_text("digest", "nonce", "verifier", "after"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_ins"),
    )


def downgrade() -> None:
    for table in (
        "sign_ins",
        "visits",
        "api_tokens",
        "team_members",
        "teams",
        "users",
        "tenants",
    ):
        op.drop_table(table)
