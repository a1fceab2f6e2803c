"""The tables. What hangs on a session, a job or a gap is deleted with it.

Nothing here is particular to one database. ``migrations/`` makes the same tables step by step,
and a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC, also where the database keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: which instant it is can't be known")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


RECORD = JSON(none_as_null=True)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("scenario_version", Integer, nullable=False),
    Column("persona", Text, nullable=False),
    Column("difficulty", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("engine", RECORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # No foreign key: a branch outlives the session it was taken from.
    Column("parent_session", Text),
    Column("parent_turn", Integer),
    Column("state", RECORD, nullable=False),
    Column("turn_count", Integer, nullable=False),
    Column("debrief", RECORD),
    Column("scenario_fingerprint", Text, nullable=False, server_default=""),
    # Of a branch, the session that its whole family began with; no foreign key, as above.
    Column("root", Text, nullable=False, server_default=""),
    Index(None, "root"),
    Index(None, "tenant", "owner", "created_at", "id"),  # a page of one owner, newest first
    Index(None, "status", "created_at"),  # metrics count by it
)

turns = Table(
    "turns",
    metadata,
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("speaker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("act", Text),
    Column("reason", Text),
    Column("assessment", RECORD),
    Column("provenance", RECORD),
    Column("state", RECORD),
)

accepted_turns = Table(
    "accepted_turns",
    metadata,
    # One at a time in a session; gone when the turn is stored, cancelled or failed.
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("index", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("worker", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    # Of all that was said so far: by it a client that sends the whole talk finds its session.
    Column("digest", Text, primary_key=True),
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False),
    Column("turn_count", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "session_id"),
)

allowances = Table(
    "allowances",
    metadata,
    Column("holder", Text, primary_key=True),  # who is limited, and in what
    # The instant (seconds since 1970) at which all of it may be used again.
    Column("full_at", Float, nullable=False),
    Index(None, "full_at"),
)

hints = Table(
    "hints",
    metadata,
    Column("id", Integer, primary_key=True),  # never shown; keeps hints in the order of asking
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", RECORD),  # the replies that were suggested; older hints lack them
    Column("at", UtcDateTime, nullable=False),
    Index(None, "session_id", "turn", "id"),
)

guesses = Table(
    "guesses",
    metadata,
    Column("id", Integer, primary_key=True),  # never shown; keeps guesses in their order
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("concern", Text, nullable=False),
    Index(None, "session_id"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Text, primary_key=True),  # made of the tenant and of what is lacking
    Column("tenant", Text, nullable=False),
    Column("lack", Text, nullable=False),
    Column("objection", Text, nullable=False),
    Column("topic", Text, nullable=False),
    # As first written, and in the form by which names are told apart.
    Column("competitor", Text),
    Column("competitor_key", Text, nullable=False),
    Column("sector", Text),
    Column("sector_key", Text, nullable=False),
    Column("live", Integer, nullable=False),
    Column("practice", Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("examples", RECORD, nullable=False),
    Index(None, "tenant", "live", "practice", "id"),  # a page, most frequent first
)

gap_occasions = Table(
    "gap_occasions",
    metadata,
    Column("gap_id", Text, ForeignKey(gaps.c.id, ondelete="CASCADE"), primary_key=True),
    Column("occasion", Text, primary_key=True),  # a session in which it was counted already
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("request", RECORD, nullable=False),
    Column("progress", RECORD, nullable=False),
    Column("result", RECORD),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", Text),
    # From when a worker may take it: while one runs it, the end of its lease; NULL once it ended.
    Column("due_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "kind", "due_at", "id"),
    Index(None, "tenant", "owner", "kind", "created_at", "id"),
    Index(None, "state", "kind"),  # metrics count by it
)

job_files = Table(
    "job_files",
    metadata,
    Column("job_id", Text, ForeignKey(jobs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("file", Integer, primary_key=True, autoincrement=False),
    # In pieces, so that a large file is never in memory as a whole while it is stored.
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("made", Text, nullable=False),  # the id of the job that the first request made, or ""
    Column("answer", RECORD),  # of a request that is answered at once; NULL while it is under way
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "created_at"),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("scenario", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # Counts on with every change of the tenant: by it other processes see that there was one.
    Column("change", Integer, nullable=False),
    Column("source", Text),  # NULL: withdrawn with this version
    Column("author", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "tenant", "change"),
)

played_scenarios = Table(
    "played_scenarios",
    metadata,
    Column("tenant", Text, primary_key=True),
    # Of the content: a session finds what it was played with, whatever became of it since.
    Column("fingerprint", Text, primary_key=True),
    Column("source", Text, nullable=False),
)

overrulings = Table(
    "overrulings",
    metadata,
    Column("session_id", Text, ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("check_id", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("machine", Text, nullable=False),  # the verdict that it stands in place of
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

agreements = Table(
    "agreements",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("check_id", Text, primary_key=True),
    Column("record", RECORD, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("day", Date, primary_key=True),  # of UTC
    # No foreign key: what was spent stays spent when the session is deleted. "": outside of one.
    Column("session", Text, primary_key=True),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("answers", Integer, nullable=False),
    Index(None, "tenant", "session"),
)
