"""How a command reaches the coach. The client loads when it is used: ``--help`` stays quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api import terminal
from coach.settings import load_settings

if TYPE_CHECKING:
    from api.client import ApiClient

BUILDING = "Building the knowledge index, this once"


@contextmanager
def client_of(home: Path | None) -> Iterator[ApiClient]:
    from api.client import open_client  # noqa: PLC0415

    with (
        terminal.progress_bar(BUILDING) as progress,
        open_client(load_settings(home), progress) as client,
    ):
        yield client
