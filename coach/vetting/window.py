"""The safety window: a sentence is held back until it is whole, so that it can be looked at."""

from __future__ import annotations

import re

#: White space behind what may end a sentence. "Mr. Hale" is cut too, and only looked at in parts.
_END = re.compile(r"(?:[.!?…]+[\"'”’)\]]*|\n)\s+")


class Window:
    """Takes a stream of pieces and gives whole sentences back; at most one is kept waiting.

    What was taken comes back to the letter: ``"".join`` of all that was given is the stream.
    """

    def __init__(self) -> None:
        self._held = ""

    def add(self, piece: str) -> list[str]:
        """The sentences that are whole now, each with the white space behind it."""
        self._held += piece
        ends = [match.end() for match in _END.finditer(self._held)]
        # white space may go on in the next piece: it then leads the next sentence
        found = [self._held[a:b] for a, b in zip([0, *ends], ends, strict=False)]
        self._held = self._held[ends[-1] :] if ends else self._held
        return found

    @property
    def held(self) -> int:
        """Characters that wait."""
        return len(self._held)

    def rest(self) -> str:
        """What is left at the end of the stream."""
        held, self._held = self._held, ""
        return held
