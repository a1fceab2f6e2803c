"""An objection, and all that is known about who raises it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.perception import content_words
from coach.suggestion.objections import ObjectionGuess, Wording
from knowledge.evidence import Evidence, Kind, Peer

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """``wanted`` are sentences that say what a good proof would say, ``seek`` their vectors, one
    per row; ``places`` as in ``Advisor.advise``."""

    text: str
    vector: Vectors
    guess: ObjectionGuess
    wording: Wording
    competitor: str | None
    near: Peer
    wanted: tuple[str, ...]
    seek: Vectors
    places: tuple[str, ...] = ()

    @property
    def other_kinds(self) -> tuple[Kind, ...]:
        """Kinds of proof that are looked for beside comparisons and the rumour itself."""
        apart = (Kind.COMPETITIVE_FACT, Kind.RUMOUR)
        return tuple(kind for kind in self.wording.kinds if kind not in apart)

    def is_own_rumour(self, item: Evidence) -> bool:
        """True for the item of the rumour that the words are about."""
        return self.guess.rumour is not None and item.id == self.guess.rumour.evidence.id

    def raised(self, item: Evidence) -> bool:
        """True when the customer raised the very point that ``item`` compares."""
        better = self.guess.type == "superior_competitor"
        point = f"{item.criterion} {item.us} {item.them}" if better else item.criterion or ""
        return bool(_stems(point, self.competitor) & _stems(self.text, self.competitor))

    def holds(self, item: Evidence) -> bool:
        """False for what is known of another region only; what names none holds everywhere."""
        return (
            not self.places
            or not item.region
            or any(same(item.region, place) or mentions(item.text, place) for place in self.places)
        )


#: Words of any comparison, which show no point that was raised.
ANYWHERE = frozenset(
    """team people work works working running time times week weeks month months year years product
    products system systems company companies better best good great much many more most while with
    without than have been over only just""".split()  # noqa: SIM905  a word list
)


def _stems(text: str, but: str | None) -> set[str]:
    apart = {*ANYWHERE, (but or "").casefold()}
    return {word[:6] for word in content_words(text) - apart}


def _named(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"


def mentions(text: str, name: str) -> bool:
    return bool(re.search(_named(name), text, re.IGNORECASE))


def replaced(text: str, name: str, by: str) -> str:
    return re.sub(_named(name), by, text, flags=re.IGNORECASE)


def first_mentioned(text: str, names: Sequence[str]) -> str | None:
    return next((name for name in names if mentions(text, name)), None)


def same(a: str | None, b: str | None) -> bool:
    """Equal apart from case; nothing equals nothing."""
    return bool(a and b) and str(a).casefold() == str(b).casefold()
