"""What sessions are played with: the ear, the ledger and the adviser of the product, remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Protocol

from coach.claims import Claim, ClaimChecker
from coach.fidelity.memory import RememberingEmbedder, RememberingRetriever
from coach.hints import situation_in, wanted_now
from coach.perception import Perceiver
from coach.suggestion.advisor import Advisor
from knowledge.chunking import sentences

if TYPE_CHECKING:
    from coach.buyer import BuyerState
    from coach.ports import Clock, Model, Retriever
    from coach.scenario import Persona, Scenario


class Check(Protocol):
    """What a ledger says to a text, to somebody who says ``heard``; ``plan`` as in ClaimChecker."""

    def __call__(self, text: str, heard: str, plan: bool, /) -> Sequence[Claim]: ...


@dataclass(frozen=True)
class Stage:
    """Everything a session needs besides its seller and its scenario.

    ``vendor`` is who the sellers sell for; ``model`` words the buyer's acts where there is one.
    ``ledger`` takes the place of the real one where given.
    """

    embedder: RememberingEmbedder
    retriever: Retriever
    clock: Clock
    vendor: str
    model: Model | None = None
    ledger: Check | None = field(default=None)

    @cached_property
    def perceiver(self) -> Perceiver:
        return Perceiver(self.embedder)

    def prepare(self, scenario: Scenario, said: Iterable[str]) -> None:
        """Learns what is said in ``scenario``: by the buyer, and by sellers who say ``said``."""
        lines = [line for line in scenario.spoken.splitlines() if "{" not in line]
        whole = [*lines, *said]
        parts = (text[start:end] for text in whole for start, end in sentences(text))
        self.embedder.learn([*whole, *parts])
        self.perceiver.warm(scenario)

    @cached_property
    def check(self) -> Check:
        if self.ledger:
            return self.ledger
        checker = ClaimChecker(self._remembered, self.embedder, self.clock, self.vendor, memory={})
        return cache(lambda text, heard, plan: tuple(checker.check(text, heard, plan)))

    @cached_property
    def _advisor(self) -> Advisor:
        return Advisor(self._remembered, self.embedder, self.clock)

    @cached_property
    def _remembered(self) -> RememberingRetriever:
        return RememberingRetriever(self.retriever)

    def hint(
        self, scenario: Scenario, persona: Persona, state: BuyerState, words: str
    ) -> tuple[str, ...]:
        """The suggestions of a level-3 hint after the buyer's ``words``, without a model."""
        advice = self._advisor.advise(
            words,
            situation_in(scenario, persona),
            kind=scenario.objection,
            wanted=wanted_now(scenario, state),
        )
        return tuple(suggestion.text for suggestion in advice.suggestions)
