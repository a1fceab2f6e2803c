"""Statements beside the facts that fit them best, as the nets read them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Ground
from coach.claims.inference import network
from coach.claims.inference.pairing import signals
from coach.claims.ledger import ClaimStatus as S
from coach.claims.opposition import fit
from coach.claims.statement import Statement
from coach.claims.verdict import QUOTED

States = NDArray[np.float32]
Halves = NDArray[np.float16]

COMPARED = 4  # facts per statement
REMEMBERED = 4_096  # texts, 6 KB each
BACKED = frozenset({S.SUPPORTED, S.STALE})
#: What each column of the scores stands for; of the last, that a fact has nothing to say.
STATUSES = (S.SUPPORTED, S.CONTRADICTED, S.OVERSTATED, S.UNSUPPORTED)


@runtime_checkable
class TokenReader(Protocol):
    """An embedder that also gives the states of a text's tokens, of which its vector is the mean;
    the nets are trained on those of one model."""

    def token_states(self, texts: Sequence[str]) -> list[States]:
        """One row per token, of each text."""


@dataclass(frozen=True)
class Reading:
    """How likely each of ``STATUSES`` is, in sum 1, and the fact that speaks most for each."""

    shares: dict[S, float]
    facts: dict[S, Fact]

    @property
    def status(self) -> S:
        return max(self.shares, key=lambda status: self.shares[status])


class Inference:
    """Reads statements beside facts; what the texts are made of is remembered. Any thread."""

    def __init__(self, reader: TokenReader) -> None:
        self._reader = reader
        self._known: OrderedDict[str, Halves] = OrderedDict()
        self._lock = Lock()

    def may_change(self, said: Statement, found: Finding) -> bool:
        """False where no reading would hold against what the rules found."""
        if found.note == QUOTED:
            return False
        if found.status in BACKED and said.figures and not said.reaches:
            return False
        return not (found.status is S.UNSUPPORTED and found.facts)  # a rumour nobody knows of

    def read(self, pairs: Sequence[tuple[Statement, Sequence[Ground]]]) -> list[Reading | None]:
        """For each statement with its grounds a reading, or None where there is no ground."""
        chosen = [sorted(grounds, key=lambda g: -fit(g))[:COMPARED] for _, grounds in pairs]
        known = self._states(
            text
            for (said, _), grounds in zip(pairs, chosen, strict=True)
            for text in (said.normal, *(ground.fact.said.text for ground in grounds))
            if grounds
        )
        return [
            self._reading(said, grounds, known) if grounds else None
            for (said, _), grounds in zip(pairs, chosen, strict=True)
        ]

    def warm(self, texts: Sequence[str]) -> None:
        """Makes ``texts`` known before they are needed."""
        self._states(texts)

    def _reading(
        self, said: Statement, grounds: Sequence[Ground], known: dict[str, Halves]
    ) -> Reading:
        seen = np.stack([signals(said, ground, rank) for rank, ground in enumerate(grounds)])
        stated = known[said.normal].astype(np.float32)
        facts = [known[g.fact.said.text].astype(np.float32) for g in grounds]
        scores = [network.scores(stated, facts, seen, net) for net in network.nets()]
        over = [found[:, :3] - found[:, 3:] for found in scores]
        shares = np.mean([_shares(net) for net in over], axis=0)
        places = np.mean(over, axis=0).argmax(axis=0)
        nearest = {s: grounds[place].fact for s, place in zip(STATUSES, places, strict=False)}
        return Reading(dict(zip(STATUSES, map(float, shares), strict=True)), nearest)

    def _states(self, texts: Iterable[str]) -> dict[str, Halves]:
        wanted = dict.fromkeys(texts)
        with self._lock:
            have = {text: self._known[text] for text in wanted if text in self._known}
        missing = [text for text in wanted if text not in have]
        for text, states in zip(missing, self._reader.token_states(missing), strict=True):
            have[text] = network.reduced(states).astype(np.float16)
        with self._lock:
            for text in wanted:
                self._known[text] = have[text]
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return have


def _shares(over: network.Array) -> network.Array:
    """Of all facts together: any may speak, and none is worth 0."""
    told = np.append(np.logaddexp.reduce(over, axis=0), 0.0)
    raised = np.exp(told - told.max())
    shares: network.Array = raised / raised.sum()
    return shares
