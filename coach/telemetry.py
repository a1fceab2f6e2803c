"""What the coach tells of itself while it works: counts, durations, calls of a model.

Nothing is recorded until a door calls ``record_with``; until then each call here is one
comparison. The recorder knows the vendor, this file doesn't. Names are OpenTelemetry's where it
has one. Attributes are few fixed words: never an id, a text or a name of a person.

==============================  =====================================  =======================
name                            attributes                             told by
==============================  =====================================  =======================
coach.turns             count   outcome, voice                         coach.practice.running
coach.turn.duration   seconds   stage: whole, perception, claims,      coach.turn
                                buyer, voice, assessment, store
coach.turns.regenerated count   reason (of the first wording's fault)  coach.voice
coach.turns.replaced    count   reason (why the embedded line stands)  coach.voice
coach.model.fallbacks   count   job, reason                            whoever steps in
gen_ai.client.*                 by ``model_call``                      coach.llm
coach.index.search.duration s   -                                      coach.suggestion, claims
==============================  =====================================  =======================

``job`` is ``voice``, ``suggest`` or ``judge``; ``reason`` a word with underscores, such as
``role_flip`` or ``rate_limited``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol

Attributes = Mapping[str, str]


class Call(Protocol):
    """One question to a model, as it went: the receipt of ``coach.models``."""

    prompt: str
    template_hash: str
    model: str
    provider: str
    tokens_in: int
    tokens_out: int
    seconds: float
    first_token_seconds: float | None
    tries: int
    failure: str


class Recorder(Protocol):
    """Where it goes. Must be thread-safe, quick, and never raise."""

    def count(self, name: str, attributes: Attributes, by: int) -> None: ...

    def took(self, name: str, seconds: float, attributes: Attributes) -> None:
        """A duration that has just ended."""

    def within(self, name: str, attributes: Attributes) -> AbstractContextManager[None]:
        """Around work whose parts tell of themselves too."""

    def called(self, call: Call, job: str, fault: str) -> None: ...


_recorder: Recorder | None = None
_before: list[Recorder] = []


def record_with(recorder: Recorder) -> None:
    """From now on, until it stops. It holds for the whole process."""
    global _recorder  # noqa: PLW0603  # one process has one telemetry, as it has one log
    if _recorder is not None:
        _before.append(_recorder)
    _recorder = recorder


def stop_recording(recorder: Recorder) -> None:
    """The one that recorded before goes on."""
    global _recorder  # noqa: PLW0603  # as above
    if _recorder is recorder:
        _recorder = _before.pop() if _before else None
    elif recorder in _before:
        _before.remove(recorder)


def counted(name: str, by: int = 1, **attributes: str) -> None:
    if _recorder is not None:
        _recorder.count(name, attributes, by)


def took(name: str, seconds: float, **attributes: str) -> None:
    """For what a ``with`` can't stand around, such as a generator that yields in between."""
    if _recorder is not None:
        _recorder.took(name, seconds, attributes)


@contextmanager
def timed(name: str, **attributes: str) -> Iterator[None]:
    """Counts the seconds of what stands in it, also when that raises."""
    since = time.perf_counter()
    try:
        yield
    finally:
        took(name, time.perf_counter() - since, **attributes)


def within(name: str, **attributes: str) -> AbstractContextManager[None]:
    """As ``timed``, and what is told inside belongs to it. Nothing inside may ``yield``."""
    return _recorder.within(name, attributes) if _recorder is not None else nullcontext()


def model_call(call: Call, job: str, fault: str = "") -> None:
    """One question to a model, answered or not; ``fault`` is the word for why not."""
    if _recorder is not None:
        _recorder.called(call, job, fault)


#: Whose work this is, for the lines of the log: request, session, user, job.
_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


@contextmanager
def told_apart(**facts: str) -> Iterator[dict[str, str]]:
    """Lines of the log that are written within say so; what is learnt inside is added to it."""
    found = dict(facts)
    token = _about.set(found)
    try:
        yield found
    finally:
        _about.reset(token)


def about(**facts: str) -> None:
    """Adds what was learnt about the work at hand, ids only: ``about(session=..., user=...)``."""
    found = _about.get()
    if found is not None:
        found.update(facts)


def whereabouts() -> Attributes:
    return _about.get() or {}
