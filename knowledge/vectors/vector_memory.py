"""What was embedded lately is remembered: the same sentences come up again and again.

What every start needs, such as the examples that the coach listens by, is also kept in a file.
"""

from __future__ import annotations

import logging
import os
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

REMEMBERED_AT_ONCE = 500  # texts; more of them are an import, which would push out all the rest
KEY = 16  # bytes

log = logging.getLogger(__name__)


class VectorMemory:
    """The vectors of the last ``most`` texts; safe from any thread.

    ``file`` gives back at the first use what was ``collecting`` in an earlier process. What people
    type is never written to it.
    """

    def __init__(self, most: int, dimensions: int | None = None, file: Path | None = None) -> None:
        self._most, self._dimensions, self._file = most, dimensions, file
        self._lock = Lock()
        self._vectors: OrderedDict[bytes, Rows] = OrderedDict()
        self._kept: dict[bytes, Rows] | None = None  # what the file holds; None: not read yet
        self._here = threading.local()

    def through(self, texts: Sequence[str], make: Callable[[Sequence[str]], Rows]) -> Rows:
        """One row per text; ``make`` is asked once, for those not known. ``texts`` isn't empty."""
        keys = [_key(text) for text in texts]
        with self._lock:
            kept = self._read()
            known = {key: row for key in keys if (row := self._vectors.get(key)) is not None}
            for key in known:
                self._vectors.move_to_end(key)
            known |= {key: kept[key] for key in keys if key in kept}
        if fresh := {key: text for key, text in zip(keys, texts, strict=True) if key not in known}:
            made = dict(zip(fresh, make(list(fresh.values())), strict=True))
            known |= made
            if len(made) <= REMEMBERED_AT_ONCE:
                self._remember(made)
        if (collected := getattr(self._here, "collected", None)) is not None:
            collected.update(known)
        return np.stack([known[key] for key in keys])

    @contextmanager
    def collecting(self) -> Iterator[Callable[[], None]]:
        """What this thread asks for meanwhile, and nothing else, is in the file once the yielded
        function was called."""
        collected: dict[bytes, Rows] = {}
        self._here.collected = collected
        try:
            yield lambda: self._keep(collected)
        finally:
            self._here.collected = None

    def _keep(self, collected: dict[bytes, Rows]) -> None:
        with self._lock:
            if self._file and collected.keys() != self._read().keys():
                self._kept = dict(collected)
                self._write(self._file, self._kept)

    def _remember(self, made: dict[bytes, Rows]) -> None:
        with self._lock:
            self._vectors.update(made)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)

    def _read(self) -> dict[bytes, Rows]:
        if self._kept is None:
            self._kept = self._loaded(self._file) if self._file and self._file.exists() else {}
        return self._kept

    def _loaded(self, file: Path) -> dict[bytes, Rows]:
        """Whatever is wrong with the file costs time and nothing else: it is made anew."""
        try:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
                keys, rows = held["keys"], held["rows"]
            right = keys.dtype == np.uint8 and rows.dtype == np.float32
            if not right or keys.shape != (len(rows), KEY) or rows.shape[1:] != (self._dimensions,):
                raise ValueError("it holds something else")
            if not np.isfinite(rows).all():
                raise ValueError("it holds no vectors")
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.warning("%s is made anew: %s", file, error)
            return {}
        return dict(zip((bytes(key) for key in keys), rows, strict=True))

    def _write(self, file: Path, collected: dict[bytes, Rows]) -> None:
        """At once or not at all; a folder that can't be written costs time and nothing else."""
        unfinished = file.with_suffix(f".{os.getpid()}.npz")
        keys = np.frombuffer(b"".join(collected), dtype=np.uint8).reshape(-1, KEY)
        rows = np.array(list(collected.values()), dtype=np.float32).reshape(len(keys), -1)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(unfinished, keys=keys, rows=rows)
            unfinished.replace(file)
        except OSError as error:
            log.warning("%s can't be written (%s): the next start takes longer", file, error)
            with suppress(OSError):
                unfinished.unlink()


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY).digest()
