"""Whether two competitive facts are about the same thing, however it is written. Pure."""

from __future__ import annotations

from knowledge.evidence import Evidence
from knowledge.searching.lexical import content_words

Topic = tuple[str, frozenset[str]]


def same_name(name: str | None) -> str:
    """``name`` without case and spare white space; empty for none."""
    return " ".join((name or "").casefold().split())


def topic_of(item: Evidence) -> Topic:
    """Competitor and criterion: "Contract terms" and "term of contract" are one criterion.

    Without a criterion the title stands for it.
    """
    criterion = item.criterion or item.title
    words = frozenset(content_words(criterion)) or frozenset({same_name(criterion)})
    return same_name(item.competitor), words
