"""What the domain needs from outside, as small protocols. One contract test runs over each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coach.session import Caller, Exchange, HintUse, Session, Status
from knowledge.evidence import Evidence, Filters, Passage, Peer


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC."""


class Embedder(Protocol):
    """The coach's hearing: its thresholds are cosines of one model, whatever the index uses."""

    name: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row per text."""


class Retriever(Protocol):
    """Synchronous and thread-safe; call it on a thread."""

    def search(
        self,
        query: str,
        *,
        limit: int = 8,
        filters: Filters = ...,
        near: Peer | None = None,
    ) -> list[Passage]: ...

    def prepare(self, queries: Sequence[str]) -> None:
        """Embed queries that are searched next, in one go; never fails."""

    def condition(self) -> str:
        """How meaning is searched now: "ok", or what is missing or going on."""

    def get(self, evidence_id: str) -> Evidence | None: ...

    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        """Items that ``filters`` allow, by id."""

    def values(self, field: str) -> list[str]:
        """The distinct values of a field of text, by the alphabet."""


class Store(Protocol):
    """Sessions and turns. Synchronous and thread-safe; each method is one transaction.

    A session that isn't ``caller``'s raises NotFound, like one that doesn't exist.
    """

    def create(self, session: Session) -> None: ...

    def load(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        """With ``last``, only that many of the latest turns."""

    def sessions(
        self, caller: Caller, limit: int, cursor: str | None
    ) -> tuple[list[Session], str | None]:
        """Newest first, without turns; and the cursor of the next page."""

    def append(self, caller: Caller, session_id: str, exchange: Exchange) -> None:
        """Both turns, state and status, or nothing; Conflict if the session moved on."""

    def add_hint(self, caller: Caller, session_id: str, hint: HintUse) -> None: ...

    def finish(
        self, caller: Caller, session_id: str, status: Status, debrief: Mapping[str, Any]
    ) -> None:
        """Sets the status (unless it already ended) and stores the debrief."""

    def delete(self, caller: Caller, session_id: str) -> None: ...

    def ping(self) -> None:
        """Raises Unavailable when the database doesn't answer."""


class Model(Protocol):
    """A language model. Any failure is a ModelFailed with a reason a person can read."""

    name: str

    def stream(self, prompt: str, variables: Mapping[str, Any]) -> AsyncIterator[str]:
        """Words of the rendered prompt's answer, as they come."""

    async def structured(
        self, prompt: str, variables: Mapping[str, Any], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """An answer that fits the JSON schema."""
