"""SQLite stores for tests: the migrations are run once, then their file is copied."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from coach.store import SqlStore, open_store


@cache
def _template() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="coach-sqlite-"))
    open_store(f"sqlite:///{folder / 'coach.db'}").close()
    content = (folder / "coach.db").read_bytes()
    shutil.rmtree(folder)
    return content


def fresh_store(folder: Path) -> SqlStore:
    """A store in ``folder``, at the last step of the migrations."""
    file = folder / "coach.db"
    file.write_bytes(_template())
    return open_store(f"sqlite:///{file}")
