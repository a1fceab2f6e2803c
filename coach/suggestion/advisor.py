"""What do I say to this? The embedded engine's advice, put together from quotable evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coach.suggestion import Advice, Situation
from coach.suggestion.asked import Asked, Vectors, first_mentioned, mentions, replaced
from coach.suggestion.lacks import missing, unanswered
from coach.suggestion.objections import NONE, ObjectionGuess, wordings
from coach.suggestion.proof import Proof
from coach.suggestion.proof_search import ProofSearch
from coach.suggestion.recognition import RUMOURS, Recogniser
from coach.suggestion.replies import Brief, assemble, clarifying
from knowledge.evidence import Passage, Peer
from knowledge.searching.peers import reference_warning

if TYPE_CHECKING:
    from coach.ports import Clock, Embedder, Retriever

#: What comes up beside the objection of a scenario, and the confidence that settles it.
ASIDE, PLAIN = ("price", "authority"), 0.7
HEARD = 0.5  # confidence from which words in the scenario of a rumour are about that rumour


class Advisor:
    """Answers "what do I say to this?"; synchronous parts run on a thread of the caller."""

    def __init__(
        self, retriever: Retriever, embedder: Embedder, clock: Clock, vendor: str = ""
    ) -> None:
        """``vendor`` is the company that the replies speak for; "" where it isn't known."""
        self._retriever, self._embedder, self._vendor = retriever, embedder, vendor
        self._recogniser = Recogniser(embedder, retriever)
        self._proof = ProofSearch(retriever, embedder, clock)

    def warm(self) -> None:
        """Prepares examples and names, so that the first answer is as quick as the others."""
        for wording in wordings().values():
            self._embedder.embed([*wording.seek, *wording.question])
        self.advise("We are happy with what we have.", Situation(), 1)

    def advise(
        self,
        objection: str,
        situation: Situation,
        count: int = 3,
        kind: str | None = None,
        wanted: Sequence[str] = (),
        places: Sequence[str] = (),
    ) -> Advice:
        """The embedded engine's advice; ``kind``, ``wanted`` and ``places`` as in ``hear``."""
        return self.answered(self.hear(objection, situation, kind, wanted, places), count)

    def hear(
        self,
        objection: str,
        situation: Situation,
        kind: str | None = None,
        wanted: Sequence[str] = (),
        places: Sequence[str] = (),
    ) -> Asked:
        """What is objected, before any proof is looked for. ``kind`` is the type of objection
        where it is known, ``wanted`` are sentences that say what a good answer would bring here,
        and ``places`` the names of the country that a plan is about: what holds elsewhere proves
        nothing there."""
        vector = self._embedder.embed([objection])[0]
        named = first_mentioned(objection, self.competitors())
        guess = self.recognised(objection, vector, named, kind)
        return self._asked(objection, vector, guess, named, situation, tuple(wanted), tuple(places))

    def answered(self, asked: Asked, count: int) -> Advice:
        """Replies to what was recognised; to what wasn't, only from quotes that answer it."""
        if not asked.guess.answerable:
            return self._answered_directly(asked, count)
        passages = self._proof.passages(asked)
        proofs = self._proof.proofs(passages, asked)
        return Advice(
            asked.guess,
            tuple(assemble(self._brief(asked, proofs), count)),
            _used(passages, proofs) or tuple(passages[:4]),
            tuple(missing(asked, asked.near.sector, proofs)),
            warning=_warning(proofs, asked.near),
        )

    def _answered_directly(self, asked: Asked, count: int) -> Advice:
        proofs = self._proof.direct(asked)
        if not proofs:
            idle = asked.guess.sure and asked.guess.type == NONE
            lacks = () if idle else tuple(unanswered(asked.text))
            return Advice(asked.guess, tuple(clarifying(asked.text, asked.guess)), missing=lacks)
        used = tuple(Passage(p.item, p.quote, p.span) for p in proofs)
        found = assemble(self._brief(asked, proofs), count)
        return Advice(asked.guess, tuple(found), used, warning=_warning(proofs, asked.near))

    def recognised(
        self, objection: str, vector: Vectors, named: str | None, kind: str | None
    ) -> ObjectionGuess:
        """The type of objection. In a scenario it is the scenario's, but for a rumour that we know
        of, and for what comes up in any talk."""
        known = wordings().get(kind or "")
        if known and not known.live:
            return ObjectionGuess(str(kind), known.scenario, 1.0)
        guess = self._recogniser.recognise(*self._spoken_to(objection, vector), named)
        if known is None:
            return guess
        plain = guess.sure and guess.confidence >= PLAIN
        told = guess.rumour and guess.confidence >= (HEARD if guess.type == kind else PLAIN)
        if told or (guess.type == kind and not guess.rumour) or (plain and guess.type in ASIDE):
            return replace(guess, sure=True)
        if kind in RUMOURS:  # of other worries than the rumour nothing is owned or corrected
            kind = "trust_after_rumour"
        return ObjectionGuess(str(kind), known.scenario, 1.0)

    def _spoken_to(self, objection: str, vector: Vectors) -> tuple[str, Vectors]:
        """The words as they are said to our face: who asks what our company can do asks "you"."""
        if not self._vendor or not mentions(objection, self._vendor):
            return objection, vector
        said = replaced(objection, self._vendor, "you")
        return said, self._embedder.embed([said])[0]

    def competitors(self) -> list[str]:
        """Names of competitors that the knowledge base has anything on."""
        return sorted(self._retriever.values("competitor"), key=lambda name: (-len(name), name))

    def _asked(
        self,
        objection: str,
        vector: Vectors,
        guess: ObjectionGuess,
        named: str | None,
        situation: Situation,
        wanted: tuple[str, ...],
        places: tuple[str, ...],
    ) -> Asked:
        wording = wordings()[guess.type if guess.answerable else NONE]
        texts = wanted or wording.seek
        return Asked(
            objection,
            vector,
            guess,
            wording,
            situation.competitor or named,
            Peer(situation.sector, situation.region, situation.customer_size),
            texts,
            self._embedder.embed(texts) if texts else vector[None],
            places,
        )

    def _brief(self, asked: Asked, proofs: Sequence[Proof]) -> Brief:
        """With the questions of the wording in the order in which they fit the objection."""
        questions = asked.wording.question
        likeness = self._embedder.embed(questions) @ asked.vector
        ranked = sorted(zip(likeness.tolist(), questions, strict=True), reverse=True)
        return Brief(
            asked.text, asked.wording, proofs, [text for _, text in ranked], asked.guess.asks
        )


def _used(passages: Sequence[Passage], proofs: Sequence[Proof]) -> tuple[Passage, ...]:
    quoted = {proof.item.id for proof in proofs}
    return tuple(p for p in passages if p.evidence.id in quoted)


def _warning(proofs: Sequence[Proof], near: Peer) -> str:
    """What to know before a customer is named who is unlike this one; "" when there is nothing."""
    stories = [Passage(p.item, p.quote, p.span) for p in proofs if p.is_story]
    return (reference_warning(stories, near) or "") if stories else ""
