"""What the domain needs from outside, as small protocols. One contract test runs over each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coach.authoring.versions import ScenarioStore
from coach.budget import SpendingStore
from coach.calibration import AgreementStore
from coach.gaps import Gap, GapsWanted, Sighting
from coach.jobs.job import Job, Key, Record
from coach.models import Receipt
from coach.overruling import OverrulingStore
from coach.practice.accepted import AcceptedTurns
from coach.practice.allowance import Allowances
from coach.practice.conversations import Conversations
from coach.progress.practised import PractisedStore
from coach.session import Caller, Exchange, Guess, HintUse, Session, Status
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

    def size(self) -> tuple[int, int]:
        """Items of evidence, and the passages they were split into."""

    def condition(self) -> str:
        """How meaning is searched now: "ok", or what is missing or going on."""

    def get(self, evidence_id: str) -> Evidence | None: ...

    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        """Items that ``filters`` allow, by id."""

    def values(self, field: str) -> list[str]:
        """The distinct values of a field of text, by the alphabet."""


class Store(
    AcceptedTurns,
    Allowances,
    Conversations,
    ScenarioStore,
    PractisedStore,
    OverrulingStore,
    AgreementStore,
    SpendingStore,
    Protocol,
):
    """All that is stored. Synchronous, thread-safe; each method is one transaction.

    A session that isn't ``caller``'s raises NotFound, like one that doesn't exist.
    """

    def create(self, session: Session) -> None: ...

    def load(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        """With ``last``, only that many of the latest turns, and no guesses."""

    def look(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        """As ``load``, also of a member of a team that ``caller`` trains: to be read only."""

    def sessions(
        self, caller: Caller, limit: int, cursor: str | None
    ) -> tuple[list[Session], str | None]:
        """Newest first, without turns; and the cursor of the next page."""

    def append(
        self, caller: Caller, session_id: str, exchange: Exchange, worker: str | None = None
    ) -> None:
        """Both turns, state and status, or nothing; Conflict if the session moved on.

        The turn that ``worker`` holds is complete with it; Conflict where it holds none.
        """

    def add_hint(self, caller: Caller, session_id: str, hint: HintUse) -> None: ...

    def finish(
        self, caller: Caller, session_id: str, status: Status, debrief: Mapping[str, Any]
    ) -> None:
        """Sets the status (unless it already ended) and stores the debrief."""

    def delete(self, caller: Caller, session_id: str) -> None: ...

    def attempts(self, caller: Caller, family: str) -> list[Session]:
        """The session of that id and all branches that go back to it, oldest first, without
        turns."""

    def add_guess(self, caller: Caller, session_id: str, guess: Guess, most: int) -> None:
        """Conflict when the session has ``most`` already."""

    # Keys of requests belong to who sent them.

    def take_key(self, caller: Caller, key: Key, now: datetime, lost: timedelta) -> Record | None:
        """The answer kept under ``key``; None, and the key is taken, when there is none.

        BadInput when it came with something else; Conflict while it is taken, unless ``lost`` ago.
        """

    def keep_answer(self, caller: Caller, key: Key, answer: Record) -> None: ...

    def drop_key(self, caller: Caller, key: Key) -> None:
        """Frees a key whose request failed; an answer that is kept stays."""

    # Gaps belong to the whole tenant.

    def count_gaps(self, tenant: str, sightings: Sequence[Sighting]) -> None:
        """All or none; the same occasion counts once for one gap."""

    def gaps(
        self, tenant: str, wanted: GapsWanted, limit: int, cursor: str | None
    ) -> tuple[list[Gap], str | None]:
        """Most frequent first, live before practice; and the cursor of the next page."""

    def gap(self, tenant: str, gap_id: str) -> Gap:
        """NotFound where it isn't the tenant's."""

    def dismiss_gap(self, tenant: str, gap_id: str) -> None: ...

    def ping(self) -> None:
        """Raises Unavailable when the database doesn't answer."""


class Jobs(Protocol):
    """Work that outlives a request. Synchronous and thread-safe; each method is one transaction.

    The methods of a worker return False, and change nothing, when the job isn't its own any more.
    """

    def add(self, job: Job, files: Sequence[Iterable[bytes]] = (), key: Key | None = None) -> Job:
        """Stores the job and its files, or returns the job that ``key`` made before.

        BadInput when ``key`` came with something else then.
        """

    def load(self, caller: Caller, kind: str, job_id: str) -> Job:
        """NotFound where ``caller`` has none such."""

    def listing(
        self, caller: Caller, kind: str, limit: int, cursor: str | None
    ) -> tuple[list[Job], str | None]:
        """Newest first, and the cursor of the next page."""

    def content(self, job_id: str, number: int) -> bytes:
        """File ``number`` of a job that hasn't ended."""

    def claim(
        self, kinds: Sequence[str], worker: str, now: datetime, lease: timedelta
    ) -> Job | None:
        """The job longest due; one that was begun too often and never ended fails instead."""

    def renew(
        self, job_id: str, worker: str, until: datetime, progress: Mapping[str, Any]
    ) -> bool: ...

    def finish(self, job_id: str, worker: str, now: datetime, result: Mapping[str, Any]) -> bool:
        """Keeps the result and forgets the files."""

    def fail(self, job_id: str, worker: str, now: datetime, reason: str) -> bool: ...

    def put_back(
        self,
        job_id: str,
        worker: str,
        due: datetime,
        progress: Mapping[str, Any],
        reason: str = "",
    ) -> bool:
        """For another try from ``due`` on; this one isn't counted."""

    def retry(self, job_id: str, worker: str, now: datetime) -> bool:
        """For another try, and this one counts."""


class Model(Protocol):
    """A language model. Any failure is a ModelFailed with a reason a person can read.

    A ``receipt`` that is handed in gets filled, whatever becomes of the answer.
    """

    @property
    def name(self) -> str: ...

    def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        """Words of the rendered prompt's answer, as they come.

        Who stops listening closes it (``aclosing``): that hangs up on the server.
        """

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        """An answer that fits the JSON schema."""

    def condition(self) -> str:
        """ "ok", or why the model isn't asked at present."""
