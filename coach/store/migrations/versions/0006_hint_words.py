"""The replies that a hint suggested, so that a paste of them is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("hints", sa.Column("words", sa.JSON))


def downgrade() -> None:
    op.drop_column("hints", "words")
