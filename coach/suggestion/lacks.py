"""What an answer had to do without, said instead of papered over. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from coach.suggestion import Lack, Missing
from coach.suggestion.asked import Asked, same
from coach.suggestion.proof import Proof
from knowledge.evidence import Kind
from knowledge.searching.peers import REFERENCES


def missing(asked: Asked, sector: str | None, proofs: Sequence[Proof]) -> list[Missing]:
    """No comparison or reference is missed where the objection doesn't call for one."""
    competitor, kinds, found = asked.competitor, set(asked.wording.kinds), []
    items = [proof.item for proof in proofs]
    if not items:
        words = f"Nothing that may be quoted answers this objection ({asked.guess.type})."
        found.append(Missing(Lack.PROOF, words))
    compares = not competitor or any(same(item.competitor, competitor) for item in items)
    if competitor and Kind.COMPETITIVE_FACT in kinds and not compares:
        words = f"No quotable fact compares us with {competitor} on this."
        found.append(Missing(Lack.COMPARISON, words, competitor))
    refers = not sector or any(item.customer and same(item.sector, sector) for item in items)
    if sector and kinds & set(REFERENCES) and not refers:
        words = f"No reference from the sector {sector} was found for this."
        found.append(Missing(Lack.REFERENCE, words, sector))
    return found


def unanswered(words: str) -> list[Missing]:
    """For a question to which nothing was found; a doubt without its reason lacks no proof yet."""
    if not words.rstrip(" \"'”’)").endswith("?"):
        return []
    return [Missing(Lack.PROOF, "Nothing that may be quoted answers this question.")]
