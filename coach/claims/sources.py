"""Which item of evidence a sentence names as its source: by title, publication or customer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from knowledge.evidence import Evidence

#: Only a sentence that speaks of something to read names a source.
DOCUMENT = re.compile(
    r"\b(?:case stud(?:y|ies)|stud(?:y|ies)|reports?|surveys?|audits?|accounts|interviews?"
    r"|statements?|certificates?|testimonials?|papers?|summar(?:y|ies)|pages?|notes?|published"
    r"|sources?|articles?|statistics|data sheets?|white papers?)\b",
    re.IGNORECASE,
)
FEWEST_WORDS = 2  # of a title or publication, before it names anything
MOST_ITEMS = 3  # that a name without a number may stand for
_WORD = re.compile(r"[^\W_]+")
_IDLE = re.compile("with|from|that|their|this|what|into|over|about|published|example|customer")


class Sources:
    """The titles, publications and customers of ``items``, looked up by their rarest word."""

    def __init__(self, items: Sequence[Evidence], vendor: str) -> None:
        self._items, self._vendor = items, _words(vendor)

    def named_in(self, sentence: str) -> str:
        """The id of the item that ``sentence`` names, or ""."""
        if not DOCUMENT.search(sentence):
            return ""
        said = _words(sentence)
        found = [
            (len(phrase), item_id)
            for word in said
            for phrase, item_id in self._by_word.get(word, ())
            if phrase <= said
        ]
        return max(found, default=(0, ""))[1]

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[frozenset[str], str]]]:
        titles = [(p, item.id) for item in self._items for p in self._titles(item)]
        items = Counter(phrase for phrase, _ in titles)
        phrases = [
            (phrase, item_id)
            for phrase, item_id in titles
            if items[phrase] <= MOST_ITEMS or any(word.isdigit() for word in phrase)
        ]
        phrases += [(name, i.id) for i in self._items if (name := _words(i.customer or ""))]
        frequency = Counter(word for phrase, _ in phrases for word in phrase)
        found: dict[str, list[tuple[frozenset[str], str]]] = {}
        for phrase, item_id in phrases:
            rarest = min(phrase, key=lambda word: (frequency[word], word))
            found.setdefault(rarest, []).append((phrase, item_id))
        return found

    def _titles(self, item: Evidence) -> Iterator[frozenset[str]]:
        """What an item is called and where it was published."""
        for part in {item.title, *re.split(r"[,;]", item.source or "")}:
            if len(words := _words(part) - self._vendor) >= FEWEST_WORDS:
                yield words


def _words(text: str) -> frozenset[str]:
    found = (word.casefold() for word in _WORD.findall(text))
    return frozenset(w for w in found if (len(w) > 3 or w.isdigit()) and not _IDLE.fullmatch(w))
