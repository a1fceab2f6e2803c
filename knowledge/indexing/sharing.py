"""How one process keeps up with the others on a Chroma server."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock, Thread

from knowledge.errors import KnowledgeError
from knowledge.indexing.journal import Journal

LOOK_EVERY = 1.0  # seconds between two looks at what others did
log = logging.getLogger(__name__)


class Sharing:
    """Looks now and then whether others changed the index, and has ``read`` called if so.

    ``read(ids)`` reads these items anew, ``read(None)`` all of them. ``rows()`` is how many rows
    there are and how many there should be: a process that was killed told nobody what it did, but
    it shows there.
    """

    def __init__(
        self,
        journal: Journal,
        read: Callable[[set[str] | None], None],
        rows: Callable[[], tuple[int, int]],
    ) -> None:
        self._journal, self._read, self._rows = journal, read, rows
        self._looking = Lock()  # held by who looks or reads
        self._next_look = 0.0
        self._behind = False
        self._odd: tuple[int, int] | None = None  # rows that didn't add up at the last look
        self._borne: tuple[int, int] | None = None  # and still didn't after all was read

    def start(self) -> None:
        """To be called before everything is read for the first time."""
        self._journal.start()
        self._next_look = time.monotonic() + LOOK_EVERY

    def look(self) -> None:
        """Take in what others did, at most once a second.

        Few items are read at once. Where all must be, that is done in the background.
        """
        if time.monotonic() < self._next_look or not self._looking.acquire(blocking=False):
            return
        try:
            everything = self._looked()
        except BaseException:
            self._looking.release()
            raise
        if everything:  # it holds the lock until it is done
            Thread(target=self._read_in_background, name="index-reader", daemon=True).start()
        else:
            self._looking.release()

    def catch_up(self, ids: set[str] | None) -> None:
        """Take in what others did, now, and read ``ids`` (None: all) in any case.

        To be called before a change of them, which must know how they stand.
        """
        with self._looking:
            if self._looked() or ids is None:
                self._read_everything()
            elif ids:
                self._read(ids)

    def wait(self) -> None:
        """Until nothing is being read."""
        with self._looking:
            pass

    def _looked(self) -> bool:
        """True when everything must be read."""
        self._next_look = time.monotonic() + LOOK_EVERY
        news = self._journal.news()
        self._behind |= news is None or self._rows_are_missing(bool(news))
        if news and not self._behind:
            self._behind = True  # until it is read: it won't be told again
            self._read(news)
            self._behind = False
        return self._behind

    def _rows_are_missing(self, news: bool) -> bool:
        """True when the rows don't add up twice in the same way, with no news in between."""
        there, expected = found = self._rows()
        twice = found == self._odd and found != self._borne and not news
        self._odd = found if there != expected else None
        if twice:
            self._borne = found
        return twice and self._odd is not None

    def _read_everything(self) -> None:
        self._behind = True
        self._journal.start()
        self._read(None)
        self._behind = False

    def _read_in_background(self) -> None:
        try:
            self._read_everything()
        except KnowledgeError as error:
            log.warning("%s", error)  # the next look tries again
        finally:
            self._looking.release()
