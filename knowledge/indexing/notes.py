"""Notes beside the index, in the same Chroma: what must live and move with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import numpy as np

from knowledge.indexing.chroma import PAGE, Table


class Notes:
    """Texts by key; the keys are any strings. Safe from any thread, and shared on a server.

    Chroma stores vectors and can't do without one, so each note has one of a single number.
    The text stands in the metadata: Chroma would full-text index a document. It stands there as
    ASCII, since names of files may hold what isn't Unicode.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def all(self) -> dict[str, str]:
        """Every note, by key."""
        return dict(sorted(json.loads(row["note"]) for _, row in self._table.metadatas()))

    def get(self, key: str) -> str | None:
        found = next(self._table.metadatas([_id(key)]), None)
        return None if found is None else str(json.loads(found[1]["note"])[1])

    def put(self, key: str, text: str) -> None:
        self.put_many({key: text})

    def put_many(self, notes: Mapping[str, str]) -> None:
        """Add or replace; killed in the middle, some are as they were before."""
        rows = list(notes.items())
        for start in range(0, len(rows), PAGE):
            page = rows[start : start + PAGE]
            ids = [_id(key) for key, _ in page]
            self._table.put(
                ids,
                np.array([[_number(one)] for one in ids], dtype=np.float32),
                [{"note": json.dumps(note)} for note in page],
            )

    def drop(self, keys: Iterable[str]) -> None:
        """Forget these; a key without a note is no error."""
        self._table.delete([_id(key) for key in keys])


def _id(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _number(digest: str) -> float:
    """Spread over 0 to 1, so that the graph Chroma builds of the vectors is no single heap."""
    return int(digest[:6], 16) / 16**6
