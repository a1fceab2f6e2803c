"""Where sessions are kept: a relational database, SQLite on one machine."""

from coach.store.repository import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
