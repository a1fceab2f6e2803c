"""Who may change the index: one at a time, and a person before a program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock


class Gate:
    """An import holds it for one batch after the other; an editor goes before the next batch."""

    def __init__(self) -> None:
        self._held = Lock()
        self._queue = Condition()
        self._editors = 0

    @contextmanager
    def editing(self) -> Iterator[None]:
        with self._queue:
            self._editors += 1
        try:
            with self._held:
                yield
        finally:
            with self._queue:
                self._editors -= 1
                self._queue.notify_all()

    @contextmanager
    def importing(self) -> Iterator[None]:
        with self._queue:
            self._queue.wait_for(lambda: not self._editors)
        with self._held:
            yield
