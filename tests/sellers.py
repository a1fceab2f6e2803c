"""A ledger that knows what the scripted sellers say, and one ear for all tests of a run."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from coach.claims import Claim, ClaimStatus
from coach.fidelity.memory import RememberingEmbedder
from coach.fidelity.playing import Played
from coach.fidelity.playing import play as play_on
from coach.fidelity.sellers import SELLERS, Seller, lines
from coach.fidelity.stage import Check, Stage
from coach.perception import Perceiver
from coach.ports import Retriever
from coach.scenario import Difficulty, Persona, Scenario
from coach.suggestion.grounding import figures
from knowledge.chunking import sentences
from knowledge.vectors.embedding import DIMENSIONS, MiniLMEmbedder

__all__ = [
    "NOW",
    "SELLERS",
    "PerfectLedger",
    "Played",
    "embedder",
    "lines",
    "perceiver",
    "play",
    "stage",
]

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@cache
def embedder() -> RememberingEmbedder:
    return RememberingEmbedder(MiniLMEmbedder(), DIMENSIONS)


@cache
def perceiver() -> Perceiver:
    """One for all tests of a run; what it embedded once isn't embedded again."""
    return Perceiver(embedder())


@cache
def stage(retriever: Retriever | None = None, ledger: Check | None = None) -> Stage:
    """What sessions are played with; a ``ledger`` takes the place of the real one, which needs a
    ``retriever``."""
    return Stage(embedder(), retriever, lambda: NOW, "Corvane", ledger=ledger)  # type: ignore[arg-type]


def play(
    seller: Seller,
    scenario: Scenario,
    difficulty: Difficulty,
    seed: int,
    check: Check,
    persona: Persona | None = None,
) -> Played:
    """A session judged by ``check``, for tests that don't wait for anything."""
    where = stage(ledger=check)
    return asyncio.run(play_on(seller, scenario, difficulty, seed, where, persona))


class PerfectLedger:
    """Knows which of the scripted sentences are true: the buyer alone, not how claims are read.

    A true sentence is supported when it holds a figure or the name of a customer.
    """

    def __init__(self) -> None:
        said = lines()
        self._status = {
            **dict.fromkeys(_sentences(said["strong"]), ClaimStatus.SUPPORTED),
            **dict.fromkeys(_sentences(said["liar"]["contradicted"]), ClaimStatus.CONTRADICTED),
            **dict.fromkeys(_sentences(said["liar"]["about"]), ClaimStatus.CONTRADICTED),
            **dict.fromkeys(_sentences(said["liar"]["invented"]), ClaimStatus.UNSUPPORTED),
            **dict.fromkeys(_sentences(said["weak"]["invent"]), ClaimStatus.UNSUPPORTED),
        }

    def __call__(self, text: str, heard: str = "", plan: bool = False) -> list[Claim]:
        found = []
        for start, end in sentences(text):
            sentence = text[start:end]
            status = self._status.get(sentence, ClaimStatus.NOT_A_CLAIM)
            if status is ClaimStatus.SUPPORTED and not (figures(sentence) or _CUSTOMER(sentence)):
                status = ClaimStatus.NOT_A_CLAIM
            found.append(Claim(sentence, (start, end), status))
        return found


_CUSTOMER = re.compile(
    r"Nordhavn|Hollin|Rottach|Tullavane|Strandby|Delmotte|Caixa|Alpenrast"
).search


def _sentences(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield from (said[start:end] for start, end in sentences(said))
    else:
        for part in said.values() if isinstance(said, dict) else said:
            yield from _sentences(part)
