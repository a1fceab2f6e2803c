"""What was embedded lately is remembered: the same sentences come up again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

REMEMBERED_AT_ONCE = 1_000  # texts; a larger batch is an import, which would push out all the rest


class VectorMemory:
    """The vectors of the last ``most`` texts; safe from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._vectors: OrderedDict[str, Rows] = OrderedDict()

    def through(self, texts: Sequence[str], make: Callable[[Sequence[str]], Rows]) -> Rows:
        """One row per text; ``make`` is asked once, for those not known. ``texts`` isn't empty."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in known:
                self._vectors.move_to_end(text)
        if fresh := [text for text in dict.fromkeys(texts) if text not in known]:
            made = dict(zip(fresh, make(fresh), strict=True))
            known |= made
            if len(fresh) <= REMEMBERED_AT_ONCE:
                self._keep(made)
        return np.stack([known[text] for text in texts])

    def _keep(self, made: dict[str, Rows]) -> None:
        with self._lock:
            self._vectors.update(made)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
