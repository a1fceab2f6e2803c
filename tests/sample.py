"""The sample knowledge base as items, read as `coach ingest` reads it."""

from __future__ import annotations

from functools import cache

from knowledge.evidence import Evidence
from knowledge.ingesting.ingest import sample_paths
from knowledge.ingesting.sources import walk
from knowledge.reading.readers import read_file


@cache
def sample_items() -> tuple[Evidence, ...]:
    found = [item for one in walk(sample_paths()).sources for item in read_file(one.path)]
    assert all(isinstance(item, Evidence) for item in found)
    return tuple(item for item in found if isinstance(item, Evidence))
