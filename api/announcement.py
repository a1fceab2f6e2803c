"""How a command finds the server that already runs on its home: the file ``server.json`` in it.

Only one process may hold the index of a home, so the others become clients of that process.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

NAME = "server.json"


@dataclass(frozen=True)
class Announcement:
    """``instance`` is what that server's ``/healthz`` tells: a stale file names nobody."""

    pid: int
    url: str
    instance: str


def announce(home: Path, url: str, instance: str) -> None:
    """Writes the file, whole or not at all."""
    draft = home / f".{NAME}.{uuid4().hex}"
    draft.write_text(json.dumps(asdict(Announcement(os.getpid(), url, instance))))
    draft.replace(home / NAME)


def announced(home: Path) -> Announcement | None:
    """What the file says, or None when there is none that makes sense."""
    try:
        return Announcement(**json.loads((home / NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def withdraw(home: Path, instance: str) -> None:
    """Removes the file if it is still that server's own."""
    found = announced(home)
    if found and found.instance == instance:
        with suppress(OSError):
            (home / NAME).unlink()
