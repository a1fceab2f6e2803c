"""A typed client of the coach's HTTP API, for programs in Python.

Answers are the models of ``api.schemas*``; what the server refuses is raised as a ``Problem``,
a server that can't be reached as ``Unavailable``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
from pydantic import BaseModel, TypeAdapter

from api.following import Following, Problem, problem_in
from api.schemas import (
    Assessment,
    Debrief,
    Hint,
    Scenario,
    Scenarios,
    Session,
    Sessions,
    SessionState,
    Turn,
    TurnAnswer,
)
from api.schemas_attempts import Diagnosis
from api.schemas_evidence import Advice, Claim, Claims, EvidenceItem, Passages
from api.schemas_progress import Choice, Progress
from coach.errors import Unavailable

__all__ = ["CoachClient", "Problem", "TurnEvent", "Unavailable"]

HERE = "http://127.0.0.1:8000"
Shape = TypeVar("Shape", bound=BaseModel)


class TurnEvent(BaseModel):
    """What happened: ``name`` as in the API; set is what belongs to it."""

    name: str
    id: str
    text: str = ""  # words of a reply.delta
    note: str | None = None  # of a reply.reset: the words so far are withdrawn
    turn: Turn | None = None
    assessment: Assessment | None = None
    session: SessionState | None = None


class CoachClient:
    """Practice, suggestions, evidence and progress.

    What creates something is sent under a key: tried again after a broken connection, it is
    still done once.
    """

    def __init__(self, url: str = HERE, token: str | None = None, timeout: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # trust_env=False: a proxy of the environment has no business before a local coach
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, trust_env="127.0.0.1" not in url
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # --- practice ---

    def scenarios(self, kind: str | None = None) -> list[Scenario]:
        return self._get(Scenarios, "/v1/scenarios", kind=kind).items

    def start(
        self,
        scenario: str,
        *,
        difficulty: str | None = None,
        persona: str | None = None,
        seed: int | None = None,
    ) -> Session:
        """A new session; its first turn is the buyer's opening."""
        body = {"scenario": scenario, "difficulty": difficulty, "persona": persona, "seed": seed}
        return self._post(Session, "/v1/sessions", body)

    def session(self, session_id: str) -> Session:
        return self._get(Session, _session(session_id))

    def sessions(self) -> Iterator[Session]:
        """All of them, newest first, without their turns."""
        cursor: str | None = None
        while True:
            page = self._get(Sessions, "/v1/sessions", limit=200, cursor=cursor)
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def delete(self, session_id: str) -> None:
        self._answer("DELETE", _session(session_id))

    def turn(self, session_id: str, text: str) -> Iterator[TurnEvent]:
        """The turn's events as they come, to its end: a broken stream is resumed."""
        for event in Following(lambda: self._http, quote(session_id, safe="")).take(text):
            yield _event(event.name, event.id, event.content)

    def follow(self, session_id: str, index: int, seen: str = "") -> Iterator[TurnEvent]:
        """The events of a turn begun elsewhere, from after the one with the id ``seen``."""
        following = Following(lambda: self._http, quote(session_id, safe=""))
        for event in following.rest(index, seen):
            yield _event(event.name, event.id, event.content)

    def say(self, session_id: str, text: str) -> TurnAnswer:
        """One turn, with the whole answer."""
        return self._post(TurnAnswer, f"{_session(session_id)}/turns", {"text": text})

    def cancel(self, session_id: str, index: int) -> None:
        """Of a turn that runs nothing is stored."""
        self._answer("DELETE", f"{_session(session_id)}/turns/{index}")

    def hint(self, session_id: str, level: int | None = None) -> Hint:
        return self._post(Hint, f"{_session(session_id)}/hint", {"level": level})

    def guess(self, session_id: str, text: str) -> Diagnosis:
        """How close ``text`` is to what the buyer hides."""
        return self._post(Diagnosis, f"{_session(session_id)}/diagnosis", {"text": text})

    def branch(self, session_id: str, turn: int) -> Session:
        return self._post(Session, f"{_session(session_id)}/branch", {"turn": turn})

    def end(self, session_id: str) -> Debrief:
        return self._post(Debrief, f"{_session(session_id)}/end", {})

    def debrief(self, session_id: str) -> Debrief:
        return self._get(Debrief, f"{_session(session_id)}/debrief")

    # --- without a session ---

    def suggest(
        self, objection: str, context: Mapping[str, Any] | None = None, count: int = 3
    ) -> Advice:
        """``context`` may say sector, region, competitor and customer_size."""
        body = {"objection": objection, "context": dict(context or {}), "count": count}
        return self._post(Advice, "/v1/suggestions", body)

    def check(self, text: str) -> list[Claim]:
        return self._post(Claims, "/v1/claims/check", {"text": text}).claims

    def evidence(self, query: str | None = None, **filters: Any) -> Passages:
        """The best passages for ``query``, or a page of all items."""
        return self._get(Passages, "/v1/evidence", q=query, **filters)

    def evidence_item(self, evidence_id: str) -> EvidenceItem:
        return self._get(EvidenceItem, f"/v1/evidence/{quote(evidence_id)}")

    def progress(self) -> Progress:
        return self._get(Progress, "/v1/me/progress")

    def next(self) -> Choice:
        """What to practise next, and why."""
        return self._get(Choice, "/v1/me/next")

    # --- the wire ---

    def _get(self, shape: type[Shape], path: str, **query: Any) -> Shape:
        asked = {name: value for name, value in query.items() if value is not None}
        return self._shaped(shape, self._answer("GET", path, params=asked))

    def _post(self, shape: type[Shape], path: str, body: Mapping[str, Any]) -> Shape:
        sent = {name: value for name, value in body.items() if value is not None}
        headers = {"Idempotency-Key": uuid4().hex}
        return self._shaped(shape, self._answer("POST", path, json=sent, headers=headers))

    def _answer(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            try:
                response = self._http.request(method, path, **more)
            except httpx.TransportError:  # once more: what creates has a key, the rest may repeat
                response = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Unavailable(
                f"the coach at {self._http.base_url} can't be reached ({reason})"
            ) from error
        if response.is_error:
            raise problem_in(response)
        return response

    @staticmethod
    def _shaped(shape: type[Shape], response: httpx.Response) -> Shape:
        return TypeAdapter(shape).validate_json(response.content, by_alias=False, by_name=True)


def _session(session_id: str) -> str:
    return f"/v1/sessions/{quote(session_id, safe='')}"


def _event(name: str, mark: str, content: Mapping[str, Any]) -> TurnEvent:
    told = {"assessment": content} if name == "assessment" else dict(content)
    return TurnEvent.model_validate(
        {"name": name, "id": mark, **told}, by_alias=False, by_name=True
    )
