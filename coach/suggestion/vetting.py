"""What of a model's suggestion may be shown: sentences that their evidence covers, and talk."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coach.claims import Claim, ClaimStatus
from coach.perception import content_words
from coach.suggestion import CitedClaim, Style, Suggestion
from coach.suggestion.grounding import figures, uncovered
from coach.suggestion.proof import Proof, concedes
from coach.vetting.language import is_foreign
from coach.vetting.markup import LINK, is_marked
from coach.vetting.talk import is_speakable
from knowledge.chunking import sentences
from knowledge.evidence import Advantage, Passage

#: Holds each sentence of a text against the evidence.
Ledger = Callable[[str], Sequence[Claim]]

COVERED = 0.5  # share of a cited sentence's words that stand in its quote or were said before
_TALK = frozenset({ClaimStatus.NOT_A_CLAIM})
_TOLD = _TALK | {ClaimStatus.SUPPORTED}


@dataclass(frozen=True)
class Vetting:
    """Keeps what is covered. ``asks`` is the question that settles what is meant, or "";
    ``prompt`` names what the model was asked with: its own words are no reply."""

    passages: Mapping[str, Passage]
    objection: str
    asks: str
    ledger: Ledger
    prompt: str

    def suggestion(self, raw: Mapping[str, Any]) -> Suggestion | None:
        """The suggestion without the sentences that aren't covered by what they cite; None if
        none is left, or if the question or the step tells something."""
        kept: list[str] = []
        claims: list[CitedClaim] = []
        for given in raw["sentences"]:
            text = plain(given["text"])
            cited = self._covered(text, self.passages.get(given["evidence_id"]))
            if text and cited is not None and not LINK.search(given["text"]):
                kept.append(text)
                claims += cited
        question, step = self.asks or plain(raw["question"]), plain(raw["next_step"])
        told = [claim.quote for claim in claims]
        if not kept or not self._is_talk(question, told) or not self._is_talk(step, told):
            return None
        if self.asks and self.asks not in kept:
            kept.append(self.asks)
        return Suggestion(Style(raw["style"]), " ".join(kept), tuple(claims), question, step)

    def _covered(self, text: str, passage: Passage | None) -> tuple[CitedClaim, ...] | None:
        """What ``text`` cites; None when it may not be said."""
        if passage is None:
            return () if self._is_talk(text, ()) and not _WIN.search(text) else None
        if is_marked(text, passage.text) or is_foreign(text):
            return None
        proof = _best_quote(text, passage)
        if (
            proof is None
            or uncovered(text, [proof.quote], self.objection)
            or _claims_a_win(text, proof)
            or any(phrase.casefold() in text.casefold() for phrase in proof.item.do_not_say)
            or not self._rests_on(text, proof.quote)
            or not self._stands(text, _TOLD)
        ):
            return None
        return proof.cited(text)

    def _is_talk(self, text: str, quotes: Sequence[str]) -> bool:
        """True where nothing is told that would need a source, and nothing is beside the matter."""
        known = f"{self.objection} {' '.join(quotes)}"
        return (
            not uncovered(text, quotes, self.objection)
            and is_speakable(text, self.prompt, known)
            and self._stands(text, _TALK)
        )

    def _stands(self, text: str, allowed: frozenset[ClaimStatus]) -> bool:
        return all(claim.status in allowed for claim in self.ledger(text))

    def _rests_on(self, text: str, quote: str) -> bool:
        words = _stems(text)
        return len(words & (_stems(quote) | _stems(self.objection))) >= COVERED * len(words)


def plain(text: str) -> str:
    """A model's words without the marks of emphasis; other markup stays, to be found."""
    return re.sub(r"\s+", " ", re.sub(r"[`*_]", "", text)).strip()


def _claims_a_win(text: str, proof: Proof) -> bool:
    """True where we are put ahead by words that don't say so, or of a point that isn't ours."""
    if _WIN.search(text) and proof.item.advantage is not Advantage.US:
        return True
    more = _COMPARES.search(text) and not _COMPARES.search(proof.quote)
    return concedes(proof.item) and bool(more)


def _stems(text: str) -> set[str]:
    return {word[:5] for word in content_words(text)}


def _best_quote(text: str, passage: Passage) -> Proof | None:
    """The sentence of the passage that covers the model's sentence best."""
    item, wanted = passage.evidence, content_words(text)
    spans = sentences(passage.text)
    if not spans:
        return None
    start, end = max(
        spans,
        key=lambda s: (
            len(figures(text) & figures(passage.text[s[0] : s[1]])),
            len(wanted & content_words(passage.text[s[0] : s[1]])),
        ),
    )
    base = passage.span[0]
    return Proof(item, passage.text[start:end], (base + start, base + end), 1.0)


_US = r"\b(?:we|ours?|us)\b"
_AHEAD = (
    r"\b(?:better|ahead|stronger|superior|faster|cheaper|quicker|safer|easier|simpler|best|leading"
    r"|leaders?|beats?|outperform\w*|outdo\w*|unbeaten|unmatched|unrivalled|unlike|no match)\b"
)
_WIN = re.compile(rf"{_US}[^.;]*{_AHEAD}|{_AHEAD}[^.;]*{_US}", re.IGNORECASE)
_COMPARES = re.compile(rf"{_AHEAD}|\bmore\b[^.;]*\bthan\b|\badvantage\b", re.IGNORECASE)
