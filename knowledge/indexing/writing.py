"""Embed and store at the same time: two threads, and a bounded way between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from knowledge.indexing.rows import Row
from knowledge.vectors.embedding import Embedder, Vectors

# Rows embedded and stored at a time: what a kill can cost. The embedder sorts them by length, and
# the more there are the less it pads. The first few come sooner, so that a bar begins to move.
FIRST, BATCH = 64, 512
AHEAD = 2  # batches that wait to be stored

Store = Callable[[Sequence[Row], Vectors], None]


def embed_and_store(rows: Iterable[Row], embedder: Embedder, store: Store) -> Iterator[None]:
    """Run ``store`` on a thread of its own, in order, while the next rows are embedded here.

    Yields now and then, for the caller to look how far ``store`` came. What ``store`` raises is
    raised here, and nothing is stored after it.
    """
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="index-writer") as thread:
        for batch in _batches(rows):
            vectors = embedder.embed([row.embedded for row in batch])
            before = waiting[-1] if waiting else None
            waiting.append(thread.submit(_after, before, store, batch, vectors))
            while len(waiting) > AHEAD:
                waiting.popleft().result()
            yield
        while waiting:
            waiting.popleft().result()
            yield


def _after(
    before: Future[None] | None, store: Store, rows: Sequence[Row], vectors: Vectors
) -> None:
    if before:
        before.result()  # done, as there is one thread; raises when that one failed
    store(rows, vectors)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    size, batch = FIRST, list[Row]()
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            size, batch = min(2 * size, BATCH), []
    if batch:
        yield batch
