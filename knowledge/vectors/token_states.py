"""The states of the tokens whose means are the latest vectors: one run of a model gives both."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

States = NDArray[np.float32]

LATEST = 256  # texts: what is asked for is asked right after the vector
LONGEST = 64  # tokens: sentences, and no pages; with both no more than 13 MB


class LatestStates:
    """One array per text, tokens by dimensions, in half precision; safe from any thread."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, NDArray[np.float16]] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Iterable[str]) -> dict[str, States]:
        """Those that are remembered."""
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        return {text: states.astype(np.float32) for text, states in known.items()}

    def remember(self, text: str, states: States) -> None:
        """Keeps a copy of what isn't too long."""
        if len(states) > LONGEST:
            return
        copy = states.astype(np.float16)
        with self._lock:
            self._known[text] = copy
            while len(self._known) > LATEST:
                self._known.popitem(last=False)
