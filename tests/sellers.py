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
from coach.fidelity.playing import Played, play
from coach.fidelity.sellers import Seller, lines
from coach.fidelity.stage import Check, Stage
from coach.perception import Perceiver
from coach.ports import Retriever
from coach.scenario import Difficulty, Persona, Scenario
from coach.suggestion.grounding import figures
from knowledge.chunking import sentences
from knowledge.vectors.embedding import DIMENSIONS, MiniLMEmbedder

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@cache
def embedder() -> RememberingEmbedder:
    return RememberingEmbedder(MiniLMEmbedder(), DIMENSIONS)


@cache
def perceiver() -> Perceiver:
    """One for all tests of a run; what it embedded once isn't embedded again."""
    return Perceiver(embedder())


def stage(retriever: Retriever, ledger: Check | None = None) -> Stage:
    """What sessions are played with; ``ledger`` in place of the real one."""
    return Stage(embedder(), retriever, lambda: NOW, "Corvane", ledger=ledger)


def played(
    seller: Seller,
    scenario: Scenario,
    difficulty: Difficulty,
    seed: int,
    where: Stage,
    persona: Persona | None = None,
) -> Played:
    """``play`` for tests that don't wait for anything."""
    return asyncio.run(play(seller, scenario, difficulty, seed, where, persona))


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
