"""The tables of workshops. Sessions are their owners' and outlive the workshop."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from coach.store.tables import RECORD, UtcDateTime, metadata, sessions

workshops = Table(
    "workshops",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("trainer", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("join_code", Text, nullable=False),
    Column("scenarios", RECORD, nullable=False),
    Column("starts_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("pass_mark", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("difficulty", Text),
    Column("seed", BigInteger),
    Column("guests", Boolean, nullable=False),
    Column("names_hidden", Boolean, nullable=False),
    Column("invited_only", Boolean, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "join_code", unique=True),
    Index(None, "tenant", "trainer", "created_at", "id"),
)

workshop_members = Table(
    "workshop_members",
    metadata,
    Column("workshop_id", Text, ForeignKey(workshops.c.id, ondelete="CASCADE"), primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("joined_at", UtcDateTime),  # NULL: invited, and not come yet
    Column("digest", Text),  # of the secret in a guest's browser
    Index(None, "tenant", "owner"),
    Index(None, "digest", unique=True),
)

workshop_sessions = Table(
    "workshop_sessions",
    metadata,
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("workshop_id", Text, ForeignKey(workshops.c.id, ondelete="CASCADE"), nullable=False),
    Index(None, "workshop_id"),
)

workshop_rounds = Table(
    "workshop_rounds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("workshop_id", Text, ForeignKey(workshops.c.id, ondelete="CASCADE"), nullable=False),
    Column("scenario", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("revealed_at", UtcDateTime),
    Index(None, "workshop_id", "opened_at"),
)

workshop_options = Table(
    "workshop_options",
    metadata,
    Column(
        "round_id", Text, ForeignKey(workshop_rounds.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Index(None, "session_id"),
)

workshop_votes = Table(
    "workshop_votes",
    metadata,
    Column(
        "round_id", Text, ForeignKey(workshop_rounds.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("owner", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Index(None, "tenant", "owner"),
)
