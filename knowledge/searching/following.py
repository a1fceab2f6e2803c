"""Keeps up with the index: small changes at once, large states beside the searches."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from knowledge.indexing.contents import Contents
from knowledge.searching.searchable import Searchable, made_searchable

AT_ONCE = 5_000  # passages up to which a search waits, some hundredths of a second


class Following:
    """The searchable form of what ``contents()`` gives; safe from any thread.

    A search never waits for a large index to be made ready again: until it is, it gets the state
    before. The very first state is waited for.
    """

    def __init__(self, contents: Callable[[], Contents]) -> None:
        self._contents = contents
        self._ready: Searchable | None = None
        self._making, self._starting = Lock(), Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="searchable")
        self._behind: Future[Searchable] | None = None

    def state(self) -> Searchable:
        """The newest that is ready. What went wrong while one was made is raised here."""
        contents, ready = self._contents(), self._ready
        if ready is not None and ready.contents is contents:
            return ready
        if ready is None or len(contents) <= AT_ONCE:
            return self._made(contents)
        self._start(contents)
        return ready

    def catch_up(self) -> None:
        """Returns when the newest state is ready."""
        self._made(self._contents())

    def _made(self, contents: Contents) -> Searchable:
        with self._making:
            if self._ready is None or self._ready.contents is not contents:
                self._ready = made_searchable(contents, self._ready)
            return self._ready

    def _start(self, contents: Contents) -> None:
        """``contents`` is handed over: a closed index must not be opened again from behind."""
        with self._starting:
            if self._behind is not None and self._behind.done():
                done, self._behind = self._behind, None
                done.result()
            if self._behind is None:
                self._behind = self._worker.submit(self._made, contents)
