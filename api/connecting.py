"""How a command reaches the coach. The client loads when it is used: ``--help`` stays quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api import terminal
from api.progress import progress_bar
from coach.settings import load_settings

if TYPE_CHECKING:
    from api.client import ApiClient

BUILDING = "Building the knowledge index, this once"


@contextmanager
def client_of(home: Path | None) -> Iterator[ApiClient]:
    with ExitStack() as opened:
        progress = opened.enter_context(progress_bar(BUILDING))
        with terminal.waiting("Starting the coach"):
            from api.client import open_client  # noqa: PLC0415

            client = opened.enter_context(open_client(load_settings(home), progress))
        yield client
