"""Which of several processes on one Chroma server does a work that one of them is enough for."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from uuid import uuid4

from knowledge.indexing.notes import Notes

HELD = 60.0  # seconds after the last sign of life
SETTLES = 0.5  # seconds in which another may have written the same note


@dataclass(frozen=True)
class _Held:
    by: str
    until: float  # seconds since 1970: the processes may run on different machines
    done: int = 0
    total: int = 0


class Lease:
    """A note that says who works, until when, and how far it is.

    Chroma can't compare and set, so two may rarely both hold it: the work must bear that.
    """

    def __init__(self, notes: Notes, key: str) -> None:
        self._notes, self._key = notes, key
        self._me = uuid4().hex

    def take(self) -> bool:
        """True when it is ours now."""
        if self._other():
            return False
        self.renew()
        time.sleep(SETTLES)
        return self._other() is None

    def renew(self, done: int = 0, total: int = 0) -> None:
        held = _Held(self._me, time.time() + HELD, done, total)
        self._notes.put(self._key, json.dumps(asdict(held)))

    def leave(self) -> None:
        """Unless another has taken it meanwhile."""
        if not self._other():
            self._notes.drop([self._key])

    @property
    def told(self) -> tuple[int, int]:
        """How far the other one is: done, of."""
        other = self._other()
        return (other.done, other.total) if other else (0, 0)

    def _other(self) -> _Held | None:
        text = self._notes.get(self._key)
        held = _Held(**json.loads(text)) if text else None
        return held if held and held.by != self._me and held.until > time.time() else None
