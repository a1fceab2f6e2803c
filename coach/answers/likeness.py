"""Which shared answers fit an objection: of its type, and met by words like these."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coach.answers.answer import SharedAnswer
    from coach.ports import Embedder

MOST = 2
#: Cosines of the embedded model. Of two labelled objections of one type 38% are as alike as the
#: first, of two types 0.06% as the second: the type tells more than the words do.
SAME_TYPE, ANY_TYPE = 0.20, 0.55


class Likeness:
    """Keeps the vectors of the objections that were answered; threads may share one."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}
        self._lock = Lock()

    def best(
        self, answers: Sequence[SharedAnswer], objection: str, kind: str | None
    ) -> tuple[SharedAnswer, ...]:
        """The few that fit best, best first; none rather than one that doesn't fit."""
        if not answers:
            return ()
        wanted, rows = self._vectors(objection, [answer.objection for answer in answers])
        likeness = rows @ wanted
        fitting = [
            (float(likeness[place]), answer)
            for place, answer in enumerate(answers)
            if likeness[place] >= (SAME_TYPE if answer.kind == kind else ANY_TYPE)
        ]
        fitting.sort(key=lambda pair: -pair[0])
        return tuple(answer for _, answer in fitting[:MOST])

    def _vectors(
        self, objection: str, answered: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        with self._lock:
            new = [text for text in dict.fromkeys(answered) if text not in self._known]
            vectors = self._embedder.embed([objection, *new])
            self._known = {
                text: vector
                for text, vector in (*self._known.items(), *zip(new, vectors[1:], strict=True))
                if text in answered  # what was withdrawn is forgotten
            }
            return vectors[0], np.stack([self._known[text] for text in answered])
