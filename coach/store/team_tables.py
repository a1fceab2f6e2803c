"""The tables of a team: its goals and their numbers, shared answers, webhooks."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, Table, Text

from coach.store.tables import RECORD, UtcDateTime, metadata

goals = Table(
    "goals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # the form by which names are told apart
    Column("unit", Text, nullable=False),
    Column("horizon", Text, nullable=False),
    Column("counting", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("target", Float),
    Column("since", Date),
    Column("due", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "tenant", "name_key", unique=True),
)

goal_numbers = Table(
    "goal_numbers",
    metadata,
    Column("goal_id", Text, ForeignKey(goals.c.id, ondelete="CASCADE"), primary_key=True),
    # What the number is of: a day, or a deal. Sent again, it takes the old one's place.
    Column("ref", Text, primary_key=True),
    Column("day", Date, nullable=False),
    Column("value", Float, nullable=False),
    Index(None, "goal_id", "day"),
)

answers = Table(
    "answers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("signature", Text, nullable=False),
    # No foreign key: the answer outlives the session it was given in.
    Column("session", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("objection", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("warnings", RECORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Index(None, "tenant", "session", "turn", unique=True),
    Index(None, "tenant", "status", "created_at", "id"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "tenant", "created_at", "id"),
)
