"""Leaves a model server that keeps failing alone for a while, so that nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from coach.errors import ModelFailed
from coach.llm.faults import ServerFailed

FAILURES = 3  # answers in a row, each with its retries
REST = 15.0  # seconds; twice as long after each failed probe
LONGEST_REST = 240.0  # seconds


@dataclass
class Breaker:
    """Closed, open, or half open: after a rest one question is let through to probe.

    ``clock`` counts seconds. Belongs to one event loop.
    """

    clock: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _rest: float = field(default=REST, init=False)
    _shut_until: float | None = field(default=None, init=False)
    _probing: bool = field(default=False, init=False)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around one question. ModelFailed where it must not be asked.

        A ServerFailed counts against the server, any other end of an answer doesn't; only a whole
        answer counts for it.
        """
        probe = self._enter()
        try:
            yield
        except ServerFailed:
            self._failed(probe)
            raise
        else:
            self._succeeded()
        finally:
            self._probing = self._probing and not probe

    def condition(self) -> str:
        """ "ok", or why nothing is asked."""
        if self._shut_until is None:
            return "ok"
        seconds = max(0.0, self._shut_until - self.clock())
        if seconds:
            return (
                f"left alone for another {seconds:.0f} s after {self._failures} failures in a row"
            )
        return f"to be tried again after {self._failures} failures in a row"

    def _enter(self) -> bool:
        """True for the one that probes."""
        if self._shut_until is None:
            return False
        if self._probing or self.clock() < self._shut_until:
            raise ModelFailed("the model server failed several times and is left alone for a while")
        self._probing = True
        return True

    def _failed(self, probe: bool) -> None:
        self._failures += 1
        if probe:
            self._rest = min(2 * self._rest, LONGEST_REST)
        if self._failures >= FAILURES:
            self._shut_until = self.clock() + self._rest

    def _succeeded(self) -> None:
        self._failures, self._rest, self._shut_until = 0, REST, None
