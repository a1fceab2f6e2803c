"""Words that the coach put into the seller's mouth: they bring facts, and nothing for listening."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from coach.moves import Move, MoveKind
from coach.perception.sentence import Sentence, alike, words_of
from knowledge.chunking import sentences

MOSTLY = 0.6  # of a message's words; with fewer it is the seller's own message
FEWEST = 4  # words of a sentence that is anybody's own: "Thanks for asking"
#: What earns nothing when it is read out. Facts stay facts, and what hurts still hurts.
_EARNS = frozenset(
    {
        MoveKind.GREET,
        MoveKind.ACKNOWLEDGE,
        MoveKind.EXPLORE,
        MoveKind.ASK,
        MoveKind.REFLECT,
        MoveKind.ADMIT,
        MoveKind.OWN,
        MoveKind.CORRECT,
        MoveKind.COMMIT,
        MoveKind.CHECK,
        MoveKind.NEXT_STEP,
        MoveKind.DISQUALIFY,
    }
)


def read_out(heard: Sequence[Sentence], coached: Sequence[str]) -> list[Sentence]:
    """The sentences that stand in ``coached`` texts, as they are or nearly, where they make up
    most of what was ``heard``; else none."""
    known = [words for text in coached for words in _sentences_of(text)]
    taken = [s for s in heard if any(alike(frozenset(s.words), words) for words in known)]
    total = sum(len(s.words) for s in heard)
    telling = sum(len(s.words) for s in taken if len(s.words) >= FEWEST)
    return taken if telling >= MOSTLY * max(total, FEWEST) else []


def facts_only(moves: Sequence[Move], recited: Sequence[Sentence]) -> list[Move]:
    """``moves`` without what ``recited`` sentences would earn, and with a RECITE for them."""
    if not recited:
        return list(moves)
    spans = {s.span for s in recited}
    kept = [move for move in moves if move.span not in spans or move.kind not in _EARNS]
    return [*kept, recited[0].move(MoveKind.RECITE)]


@lru_cache(maxsize=256)  # a hint is held against every message that comes after it
def _sentences_of(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words_of(text[start:end])) for start, end in sentences(text))
