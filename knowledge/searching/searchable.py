"""One state of the index and its words, ready to be searched. Pure.

It is made from what was made of the state before: only items that are new or changed are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.evidence import Evidence
from knowledge.indexing.contents import Contents
from knowledge.searching.bm25 import Bm25, Scores
from knowledge.searching.word_table import Numbers, Vocabulary, WordTable, per_owner, taken_over

NEW = -1
# Of the lexical score: an item that has the words is better when the very passage has them.
PASSAGE_SHARE = 0.15
# A best match worth less than this share of the query's words (by rarity) doesn't count as a full
# one: a short question that shares hardly a word with anything is judged by its meaning.
WEAK_MATCH = 0.4


@dataclass(frozen=True)
class Searchable:
    """``contents`` made ready. ``keys`` number its passages for ever: one that stays the same
    keeps its key in later states, and no other gets it."""

    contents: Contents
    vocabulary: Vocabulary
    about: WordTable  # title, customer and the like, per item
    passages: WordTable
    keys: Numbers
    next_key: int
    by_item: Bm25
    by_passage: Bm25

    def __len__(self) -> int:
        return len(self.contents)

    def shared_words(self, words: Sequence[str]) -> Scores:
        """From 0 to 1 per passage: how well its item, and itself, match the words of a query."""
        shared = (1 - PASSAGE_SHARE) * _share(self.by_item, words)[self.contents.owners]
        shared += PASSAGE_SHARE * _share(self.by_passage, words)
        return shared


def made_searchable(contents: Contents, before: Searchable | None = None) -> Searchable:
    """``contents`` made ready; one thread at a time for one line of ``before``."""
    vocabulary = before.vocabulary if before else Vocabulary()
    items, passages = _unchanged(contents, before)
    new_items, new_passages = np.flatnonzero(items == NEW), np.flatnonzero(passages == NEW)
    about = _taken_over(
        items,
        before.about if before else None,
        vocabulary.table(_about(contents.item_list[at]) for at in new_items),
    )
    words = _taken_over(
        passages,
        before.passages if before else None,
        vocabulary.table(contents.passage(int(at)).text for at in new_passages),
    )
    next_key = before.next_key if before else 0
    keys = np.where(passages == NEW, 0, before.keys[passages] if before else 0)
    keys[new_passages] = np.arange(next_key, next_key + len(new_passages))
    return Searchable(
        contents=contents,
        vocabulary=vocabulary,
        about=about,
        passages=words,
        keys=keys,
        next_key=next_key + len(new_passages),
        by_item=Bm25(_whole_items(contents, about, words), vocabulary),
        by_passage=Bm25(words, vocabulary),
    )


def _unchanged(contents: Contents, before: Searchable | None) -> tuple[Numbers, Numbers]:
    """The number that each item, and each passage, had before, or NEW."""
    if before is None or not len(before):
        return np.full(len(contents.items), NEW), np.full(len(contents), NEW)
    old = before.contents
    places = {key: place for place, key in enumerate(old.items)}
    kept = (places[key] if contents.same_item(key, old) else NEW for key in contents.items)
    items = np.fromiter(kept, dtype=np.int64, count=len(contents.items))
    passages = np.array([old.numbers.get(row, NEW) for row in contents.rows], dtype=np.int64)
    same = passages != NEW
    same &= items[contents.owners] == old.owners[passages]
    same &= (contents.spans == old.spans[passages]).all(axis=1)
    return items, np.where(same, passages, NEW)


def _taken_over(kept: Numbers, before: WordTable | None, new: WordTable) -> WordTable:
    return new if before is None else taken_over(kept, before, new)


def _whole_items(contents: Contents, about: WordTable, words: WordTable) -> WordTable:
    """Per item: what stands about it, and the words of its passages."""
    own = np.arange(len(about), dtype=np.int32)
    return per_owner([(about, own), (words, contents.owners)], len(about))


def _about(item: Evidence) -> str:
    about = (item.title, item.customer, item.sector, item.region, item.competitor, item.criterion)
    return "\n".join(part for part in about if part)


def _share(index: Bm25, words: Sequence[str]) -> Scores:
    scores = index.scores(words)
    best = max(float(scores.max(initial=0.0)), WEAK_MATCH * index.weight(words))
    if best > 0:
        scores /= best
    return scores
