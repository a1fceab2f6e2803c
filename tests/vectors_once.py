"""What one test embedded, no other embeds again: vectors by text, in a file for all processes.

The real model makes every vector. The file is named for all that decides what it makes, so that
vectors of another version are never taken for this one's.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import numpy as np

from knowledge.vectors import embedding
from knowledge.vectors.embedding import DIMENSIONS, MODEL, TOKENIZER, MiniLMEmbedder, Vectors

AT_ONCE = 500  # texts looked up in one query

Make = Callable[[Sequence[str]], Vectors]


class VectorsOnce:
    """Rows by text in ``file``; safe from any thread and from processes beside each other."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._opened: tuple[int, sqlite3.Connection] | None = None
        self.wanted = True  # False while a test asks what embedding itself does or costs

    def through(self, texts: Sequence[str], make: Make) -> Vectors:
        """One row per text; ``make`` is asked once, for those that no process had."""
        keys = [_key(text) for text in texts]
        known = self._known(keys)
        if fresh := {k: text for k, text in zip(keys, texts, strict=True) if k not in known}:
            made = dict(zip(fresh, make(list(fresh.values())), strict=True))
            self._keep(made)
            known |= made
        return np.stack([known[key] for key in keys])

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        with self._lock:
            for start in range(0, len(keys), AT_ONCE):
                some = keys[start : start + AT_ONCE]
                asked = f"SELECT text, vector FROM once WHERE text IN ({','.join('?' * len(some))})"  # noqa: S608  # only marks
                for key, row in self._connection().execute(asked, some):
                    found[key] = np.frombuffer(row, dtype=np.float32)
        return found

    def _keep(self, made: dict[bytes, Vectors]) -> None:
        rows = [(key, row.tobytes()) for key, row in made.items()]
        with self._lock, self._connection() as open_:
            open_.executemany("INSERT OR IGNORE INTO once VALUES (?, ?)", rows)

    def _connection(self) -> sqlite3.Connection:
        """One per process: a forked one must not go on with its parent's."""
        if self._opened is None or self._opened[0] != os.getpid():
            made = sqlite3.connect(self._file, timeout=60, check_same_thread=False)
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("PRAGMA synchronous=OFF")  # what a lost machine loses is made again
            made.execute("CREATE TABLE IF NOT EXISTS once (text BLOB PRIMARY KEY, vector BLOB)")
            self._opened = os.getpid(), made
        return self._opened[1]


def embed_once(folder: Path) -> VectorsOnce:
    """From now on every embedder of this process looks into a file in ``folder`` first."""
    once = VectorsOnce(folder / f"{_made_by()}.db")
    real = MiniLMEmbedder._fresh

    def looked_up(self: MiniLMEmbedder, texts: Sequence[str]) -> Vectors:
        make = partial(real, self)
        return once.through(texts, make) if once.wanted else make(texts)

    MiniLMEmbedder._fresh = looked_up  # type: ignore[method-assign]
    return once


def _made_by() -> str:
    """The model, the code around it and the libraries under it, as a short name."""
    code = Path(embedding.__file__).read_bytes()
    told = (MODEL.sha256, TOKENIZER.sha256, version("onnxruntime"), version("tokenizers"))
    return blake2b(code + repr((told, DIMENSIONS)).encode(), digest_size=8).hexdigest()


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
