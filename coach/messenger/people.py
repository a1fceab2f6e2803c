"""Workspaces, people and talks as a messenger knows them, and where that is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from coach.messenger.reminding import Cadence


@dataclass(frozen=True)
class Installation:
    """A workspace that the coach was added to, and whose tenant's that is. ``token`` opens it."""

    workspace: str
    tenant: str
    title: str
    bot: str  # the coach's own user there
    scopes: str
    installed_at: datetime
    token: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """A workspace's user as a user of the coach; ``owner`` is the name of that one.

    ``next_at`` is when they are next reminded of a drill, None for never.
    """

    workspace: str
    user: str
    tenant: str
    owner: str
    zone: str = "UTC"
    cadence: Cadence = Cadence.OFF
    hour: int = 9
    next_at: datetime | None = None


@dataclass(frozen=True)
class Talk:
    """A thread in which a session is held."""

    workspace: str
    channel: str
    thread: str
    tenant: str
    owner: str
    session: str


@dataclass(frozen=True)
class Pass:
    """What lets somebody back in once: a workspace being added, or a person being linked.

    ``digest`` is of the secret that they were sent away with.
    """

    digest: str
    kind: str  # "install" or "link"
    tenant: str
    workspace: str
    user: str
    created_at: datetime


class MessengerStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction."""

    def install(self, made: Installation) -> None:
        """In place of an earlier one of that workspace."""

    def installation(self, workspace: str) -> Installation | None: ...

    def installations(self) -> list[Installation]: ...

    def uninstall(self, workspace: str) -> None:
        """Forgets its token, its people and its talks; sessions are the people's own and stay."""

    def keep_person(self, person: Person) -> None: ...

    def person(self, workspace: str, user: str) -> Person | None: ...

    def due(self, now: datetime) -> list[Person]:
        """Who is to be reminded."""

    def remind(self, person: Person, again: datetime | None) -> bool:
        """False when somebody else did: then it mustn't be done twice."""

    def keep_talk(self, talk: Talk) -> None: ...

    def talk(self, workspace: str, channel: str, thread: str) -> Talk | None: ...

    def add_pass(self, given: Pass) -> None: ...

    def take_pass(self, digest: str) -> Pass | None:
        """Once: then it is gone."""
