"""Notes beside the index: what must live and move with it."""

from __future__ import annotations

import pytest

from knowledge.indexing.index import KnowledgeIndex


def test_notes_are_kept_with_the_index(index: KnowledgeIndex) -> None:
    """Written, replaced and dropped by key, and there again when the folder is reopened."""
    notes = index.notes("files")
    notes.put_many({"b": "two", "a": "one", "c": "three"})
    notes.put("b", "two again")
    notes.drop(["c", "never was"])
    index.close()
    assert notes.all() == {"a": "one", "b": "two again"}
    assert notes.get("b") == "two again"
    assert notes.get("c") is None


def test_notes_of_two_names_and_the_evidence_never_meet(index: KnowledgeIndex) -> None:
    """A name is a collection of its own."""
    index.notes("files").put("a", "one")
    assert index.notes("models").all() == {}
    assert index.count() == 0


@pytest.mark.parametrize("key", ["", "naïve/Übersicht.md", "caf\udce9.md", "a\x00b\n", "k" * 5_000])
def test_any_string_is_a_key(index: KnowledgeIndex, key: str) -> None:
    """Also names of files that aren't Unicode, and texts of that kind."""
    index.notes("files").put(key, key + "!")
    assert index.notes("files").all() == {key: key + "!"}


def test_many_notes_are_read_in_pages(index: KnowledgeIndex) -> None:
    """More than one page of them, none twice and none left out."""
    many = {f"file {n}": str(n) for n in range(4_500)}
    index.notes("files").put_many(many)
    assert index.notes("files").all() == many
    index.notes("files").drop(many)
    assert index.notes("files").all() == {}
