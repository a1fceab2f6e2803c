"""Nobody says the same sentence twice in a talk, or the seller's sentence as their own."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from coach.vetting.fault import Fault
from coach.vetting.words import unquoted, words_of
from knowledge.chunking import sentences

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

NOTICED = 4  # words from which a sentence that comes again is noticed
ALIKE = 0.85  # share of the words of both
PARROTED = 8  # words of the seller's in a row that are no answer


def repeated(text: str, ground: Ground) -> Fault | None:
    """A sentence that the buyer has said in this session, or much of what the seller just said."""
    for said in _noticed(text):
        if _print(said) in ground.moment.state.used or _again(said, ground):
            return Fault.REPEATED
    heard, own = words_of(ground.moment.said), words_of(unquoted(text))
    return Fault.REPEATED if _longest_shared(own, heard) >= PARROTED else None


def prints(text: str) -> frozenset[str]:
    """Ids of the sentences of ``text``; they are kept with the session among the lines spoken."""
    return frozenset(_print(said) for said in _noticed(text))


def _print(words: tuple[str, ...]) -> str:
    return f"said.{sha256(' '.join(words).encode()).hexdigest()[:10]}"


def _noticed(text: str) -> list[tuple[str, ...]]:
    found = (tuple(words_of(unquoted(text[a:b]))) for a, b in sentences(text))
    return [words for words in found if len(words) >= NOTICED]


def _again(said: tuple[str, ...], ground: Ground) -> bool:
    """Whether the buyer said nearly this lately."""
    mine = set(said)
    before = (set(words) for text in ground.by_buyer for words in _noticed(text))
    return any(len(mine & other) >= ALIKE * len(mine | other) for other in before)


def _longest_shared(own: list[str], heard: list[str]) -> int:
    """The longest run of words that stands in both."""
    longest, before = 0, [0] * (len(heard) + 1)
    for word in own:
        now = [0] * (len(heard) + 1)
        for at, other in enumerate(heard, start=1):
            if word == other:
                now[at] = before[at - 1] + 1
                longest = max(longest, now[at])
        before = now
    return longest
