"""Guesses taken: graded, counted, kept with the session. No guess ever reaches the buyer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.buyer import Standing
from coach.diagnosis.closeness import Closeness
from coach.diagnosis.matching import Match, Matcher, hides
from coach.errors import Conflict
from coach.sent_text import checked_text
from coach.session import Caller, Guess, Session, Status

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Embedder, Store
    from coach.scenario import Scenario

MOST = 3  # guesses in a session, its branches included: more would be reading it off
LONGEST = 300  # characters: a guess names one worry, and a list of all of them none


@dataclass(frozen=True)
class Card:
    """A hidden worry, shown once the session has ended."""

    id: str
    label: str
    card: str
    told: bool  # whether the buyer came to tell it


@dataclass(frozen=True)
class Diagnosis:
    """``concern`` names the worry that was met, if the buyer has told it already; ``cards`` are
    empty while the session runs. ``left`` counts the guesses that remain."""

    level: Closeness
    concern: str
    left: int
    cards: tuple[Card, ...] = ()


class Diagnoses:
    """Reached as ``service.diagnoses``."""

    def __init__(self, store: Store, shelf: Shelf, embedder: Embedder) -> None:
        self._store, self._shelf = store, shelf
        self._matcher = Matcher(embedder, shelf.book.all())

    def warm(self) -> None:
        """So that the first guess is as quick as the others; call it on a thread."""
        self._matcher.warm()

    async def guess(self, caller: Caller, session_id: str, text: str) -> Diagnosis:
        """Grades ``text``; Conflict when no guess is left, or when there is nothing to guess."""
        return await asyncio.to_thread(self._guess, caller, session_id, text)

    def _guess(self, caller: Caller, session_id: str, text: str) -> Diagnosis:
        text = checked_text(text, "guess", LONGEST)
        session = self._store.load(caller, session_id)
        scenario = self._shelf.played(session)
        ended = session.status is not Status.ACTIVE
        if not hides(scenario, session.state):
            raise Conflict("this buyer hides nothing: what worries them is said openly")
        if not ended and len(session.guesses) >= MOST:
            raise Conflict(f"all {MOST} guesses are used; end the session to see what it was")
        match = self._matcher.match(text, scenario, session.state)
        concern = _known(scenario, session, match)
        if len(session.guesses) < MOST:
            guess = Guess(session.turn_count - 1, text, match.level, concern)
            self._store.add_guess(caller, session_id, guess, MOST)
        left = max(0, MOST - len(session.guesses) - 1)
        return Diagnosis(match.level, concern, left, cards_of(scenario, session) if ended else ())


def cards_of(scenario: Scenario, session: Session) -> tuple[Card, ...]:
    """The hidden cards of the session; only for one that has ended."""
    return tuple(
        Card(c.id, c.short, c.card, session.state.concerns[c.id].standing is not Standing.HIDDEN)
        for c in hides(scenario, session.state)
    )


def _known(scenario: Scenario, session: Session, match: Match) -> str:
    """The label of what was met; "" while it is hidden."""
    if match.concern is None:
        return ""
    if session.state.concerns[match.concern].standing is Standing.HIDDEN:
        return ""
    return next(c.short for c in scenario.concerns if c.id == match.concern)
