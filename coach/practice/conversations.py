"""Talks of clients that send the whole talk each time, found again by what was said so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coach.session import Caller


@dataclass(frozen=True)
class Place:
    """How far the talk had come in a session: before the turn at index ``turn_count``."""

    session: str
    turn_count: int


class Conversations(Protocol):
    """This part of the ``Store`` port. A digest belongs to who sent it."""

    def place_of(self, caller: Caller, digest: str) -> Place | None: ...

    def keep_place(self, caller: Caller, digest: str, place: Place, at: datetime) -> None:
        """The latest place counts, where several talks began with the same words."""
