"""The sample knowledge base as items, read as `coach ingest` reads it."""

from __future__ import annotations

from functools import cache

from knowledge.evidence import Evidence
from knowledge.ingest import sample_paths
from knowledge.readers import read_file, read_paths


@cache
def sample_items() -> tuple[Evidence, ...]:
    found = [item for path in read_paths(sample_paths()) for item in read_file(path)]
    assert all(isinstance(item, Evidence) for item in found)
    return tuple(item for item in found if isinstance(item, Evidence))
