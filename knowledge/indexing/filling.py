"""Copying the records of one collection into another, which embeds them its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from knowledge.indexing.contents import Contents
from knowledge.indexing.index import KnowledgeIndex
from knowledge.indexing.rows import content_hash

#: Told (done, of) in items at the start and after each batch; may raise to stop.
Tell = Callable[[int, int], None]


def bring_over(source: KnowledgeIndex, target: KnowledgeIndex, tell: Tell) -> Contents:
    """Copies until nothing differs; the contents of ``source`` that ``target`` then has.

    An item that is there with the same content costs no embedding.
    """
    while True:
        source.refresh()
        seen, have = source.contents(), target.contents()
        wanted = _hashes(seen)
        target.remove([key for key in have.items if key not in wanted])
        todo = [item for key, item in seen.items.items() if have.hashes.get(key) != wanted[key]]
        if not todo:
            return seen
        there = len(wanted) - len(todo)
        tell(there, len(wanted))
        target.upsert(todo, lambda done, _: tell(there + done, len(wanted)))  # noqa: B023  at once


def bring_late(before: Contents, after: Contents, target: KnowledgeIndex) -> None:
    """Copies what changed in the source from ``before``, which ``target`` had, to ``after``.

    What changed in ``target`` itself since is newer, and stays.
    """
    was, now, have = _hashes(before), _hashes(after), target.contents().hashes
    changed = [key for key in was.keys() | now.keys() if was.get(key) != now.get(key)]
    ours = [key for key in changed if have.get(key) == was.get(key)]
    target.upsert([after.items[key] for key in ours if key in now])
    target.remove([key for key in ours if key not in now])


def _hashes(contents: Contents) -> Mapping[str, str]:
    """Of all items, also of those whose rows are incomplete."""
    return {
        key: contents.hashes.get(key) or content_hash(item) for key, item in contents.items.items()
    }
