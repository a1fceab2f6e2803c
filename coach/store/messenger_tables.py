"""The tables of messengers: what they sent, who added the coach where, people, talks."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from coach.store.tables import RECORD, UtcDateTime, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lane", Text, nullable=False),
    Column("body", RECORD),  # none where it is done
    Column("progress", RECORD, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # the end of the lease while it is worked on; none once settled
    Column("settled_at", UtcDateTime),
    Index(None, "lane", "due_at"),
    Index(None, "due_at"),
    Index(None, "settled_at"),
)

installations = Table(
    "installations",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret", Text, nullable=False),  # the token, sealed
    Column("installed_at", UtcDateTime, nullable=False),
)

messenger_people = Table(
    "messenger_people",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Index(None, "next_at"),
    Index(None, "tenant", "owner"),
)

talks = Table(
    "talks",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("thread", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("session", Text, nullable=False),
    Index(None, "tenant", "owner"),
)

passes = Table(
    "passes",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
