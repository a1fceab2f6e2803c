"""What a message says beside the matter: about the person, or about the talk itself.

"Who am I speaking to?", "let me think", "goodbye": they answer nothing and earn nothing, and a
person answers them all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from re import Pattern

from coach.moves import Move, MoveKind
from coach.perception.cues import talking
from coach.perception.sentence import Sentence, words_of

#: Of these words at least, a sentence that stands in the other's own is said after them.
PARROTED = 5
#: Of so many words a message is about the matter, and nothing in it is looked for.
LONG = 60
#: What a question beside the matter is worth.
IDLY = 0.3
#: Beside an aside so few words say nothing else.
FEW = 3


class Aside(StrEnum):
    """What is said beside the matter; the buyer's answers stand in ``lines/asides.yaml``."""

    NAME = "name"
    ROLE = "role"
    SECTOR = "sector"
    REGION = "region"
    SIZE = "size"
    HEARS_ME = "hears_me"
    HOW_ARE_YOU = "how_are_you"
    INTRODUCES = "introduces"
    GREETS = "greets"
    BEGINS = "begins"  # asks where to begin
    MAY_I = "may_i"  # asks for leave to ask or show something
    AGAIN = "again"  # wants the question once more
    CLARIFY = "clarify"  # wants to know what was meant
    MORE = "more"  # wants to hear more of it
    THINKS = "thinks"
    LATER = "later"
    GOODBYE = "goodbye"
    FINDS_OUT = "finds_out"  # with no day named
    KNOWS_NOT = "knows_not"
    THANKS = "thanks"
    YES = "yes"
    NO = "no"
    NODS = "nods"
    SILENT = "silent"
    PARROTS = "parrots"  # says the other's own words


ABOUT_THEM = (Aside.NAME, Aside.ROLE, Aside.SECTOR, Aside.REGION, Aside.SIZE)
#: In their order: what comes first decides.
_CUES: tuple[tuple[Aside, Pattern[str]], ...] = tuple(
    (aside, getattr(talking, aside.name)) for aside in Aside if aside is not Aside.PARROTS
)
_GREETS = (Aside.INTRODUCES, Aside.HOW_ARE_YOU, Aside.GREETS)
_HARMLESS = (
    *(MoveKind.GREET, MoveKind.ASK, MoveKind.EXPLORE, MoveKind.REPEAT),
    *(MoveKind.NOISE, MoveKind.CLAIM, MoveKind.APOLOGISE),
)
#: The moves that a sentence keeps although it is an aside.
_KEPT = {
    Aside.CLARIFY: (MoveKind.EXPLORE, MoveKind.ASK),
    Aside.MORE: (MoveKind.EXPLORE, MoveKind.ASK),
    Aside.FINDS_OUT: (MoveKind.COMMIT,),
    Aside.THANKS: (MoveKind.ACKNOWLEDGE, MoveKind.GREET),
    Aside.SILENT: (MoveKind.NOISE,),
}


@dataclass(frozen=True)
class Beside:
    """What a message says beside the matter; ``alone`` when it says nothing else."""

    kind: Aside
    alone: bool = True


def aside_of(text: str, asks: bool, last_words: str) -> Aside | None:
    """What one sentence says beside the matter, if it does; ``asks`` whether it is a question."""
    for aside, cue in _CUES:
        if not cue.search(text) or (aside in ABOUT_THEM and not asks and "?" not in text):
            continue
        unasked = aside is Aside.YES and not last_words.rstrip().endswith("?")
        return Aside.NODS if unasked else aside
    return Aside.PARROTS if not asks and _parroted(text, last_words) else None


def _parroted(text: str, last_words: str) -> bool:
    said = words_of(text)
    return len(said) >= PARROTED and f" {' '.join(said)} " in f" {' '.join(words_of(last_words))} "


def beside(
    fresh: Sequence[Sentence], moves: Sequence[Move], last_words: str
) -> tuple[Beside | None, tuple[Move, ...]]:
    """What the message says beside the matter, and its moves without those that are none then.

    Asking for a name explores nothing, and the other's own words are no reflection.
    """
    if sum(len(s.words) for s in fresh) > LONG:
        return None, tuple(moves)
    found = {s.span: aside_of(s.text, s.question or s.open, last_words) for s in fresh}
    kinds = [kind for kind in found.values() if kind]
    if not kinds:
        return None, tuple(moves)
    left = [kept for m in moves if (kept := _as_aside(m, found.get(m.span)))]
    rest = [s for s in fresh if found[s.span] is None]
    says = any(len(s.words) > FEW for s in rest) or any(
        found.get(m.span) is None and m.kind is not MoveKind.GREET for m in left
    )
    harms = any(m.kind not in _HARMLESS for m in left)
    return Beside(_weightiest(kinds), alone=not says and not harms), tuple(left)


def _as_aside(move: Move, aside: Aside | None) -> Move | None:
    """The move as it counts in a sentence that is that aside; None when it is none there."""
    if aside is None or move.kind in _KEPT.get(aside, ()):
        return move
    if aside is Aside.PARROTS or move.kind is MoveKind.REFLECT:
        return None
    asks = move.kind in (MoveKind.EXPLORE, MoveKind.ASK, MoveKind.CHECK)
    return replace(move, kind=MoveKind.ASK, strength=IDLY) if asks else move


def _weightiest(kinds: Sequence[Aside]) -> Aside:
    """The one that wants an answer most: in the order of ``Aside``, courtesies last."""
    order = list(Aside)
    return min(kinds, key=lambda kind: (kind in _GREETS, order.index(kind)))
