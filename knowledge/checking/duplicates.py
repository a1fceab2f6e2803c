"""Items that say nearly the same. Pure.

Exact for equal texts. Pairs of nearly equal ones are proposed by MinHash and then counted word by
word; of a large heap of texts that are all alike not every pair is named, but every text is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.checking.finding import Code, Finding, Severity
from knowledge.checking.minhash import Vocabulary, Words, WordSets, candidates
from knowledge.checking.quantities import differing
from knowledge.checking.reach import within_reach
from knowledge.checking.topic import same_name
from knowledge.evidence import Evidence

NEARLY_THE_SAME = 0.8  # shared words of all words (Jaccard)
MOST_NAMED = 10  # ids of one set of equal texts
MOST_FOUND = 1_000  # findings; the rest are counted


@dataclass(frozen=True)
class Alike:
    """Items that share this part of their words; all of them where ``shared`` is 1."""

    items: tuple[Evidence, ...]
    shared: float

    @property
    def finding(self) -> Finding:
        ids = tuple(item.id for item in self.items)
        said = self._equal(ids) if self.shared == 1 else self._nearly(ids)
        return Finding(Code.NEAR_DUPLICATE, Severity.WARNING, said, ids)

    def _equal(self, ids: Sequence[str]) -> str:
        named = ", ".join(ids[:MOST_NAMED]) + (" and others" if len(ids) > MOST_NAMED else "")
        return f"{len(ids)} items have the same words ({named}); keep one"

    def _nearly(self, ids: Sequence[str]) -> str:
        some, other = self.items
        figures = " but give other figures" if differing(some.text, other.text) else ""
        return (
            f"{ids[0]} and {ids[1]} share {self.shared:.0%} of their words{figures}; keep one, "
            "or say what sets them apart"
        )


def near_duplicates(items: Iterable[Evidence]) -> Iterator[Finding]:
    """One finding for each set of equal texts, and one for each pair of nearly equal ones."""
    more = 0
    for number, found in enumerate(alike(items)):
        if number < MOST_FOUND:
            yield found.finding
        else:
            more += 1
    if more:
        said = f"{more:,} more pairs or sets of items say nearly the same: mend those named first"
        yield Finding(Code.NEAR_DUPLICATE, Severity.WARNING, said)


def alike(items: Iterable[Evidence], only: Collection[str] | None = None) -> Iterator[Alike]:
    """The same without words about it; with ``only``, what has one of these ids in it.

    Items about different competitors or customers are never duplicates of each other.
    """
    if only is not None:
        items = within_reach(list(items), only, NEARLY_THE_SAME)
    groups: defaultdict[tuple[str, str, bytes], list[Evidence]] = defaultdict(list)
    vocabulary = Vocabulary()
    firsts: list[Words] = []
    for item in sorted(items, key=lambda item: item.id):
        words = vocabulary.numbers(item.text)
        if not len(words):
            continue
        same = groups[(same_name(item.competitor), same_name(item.customer), words.tobytes())]
        if not same:
            firsts.append(words)
        same.append(item)
    for same in groups.values():
        if len(same) > 1 and (only is None or any(item.id in only for item in same)):
            yield Alike(tuple(same), 1.0)
    yield from _nearly([same[0] for same in groups.values()], WordSets.of(firsts), only)


def _nearly(
    items: Sequence[Evidence], sets: WordSets, only: Collection[str] | None
) -> Iterator[Alike]:
    for some, other in sets.could_share(candidates(sets), NEARLY_THE_SAME):
        pair = items[some], items[other]
        if only is not None and not any(item.id in only for item in pair):
            continue
        if _about_the_same(*pair) and (shared := sets.shared(some, other)) >= NEARLY_THE_SAME:
            yield Alike(pair, shared)


def _about_the_same(some: Evidence, other: Evidence) -> bool:
    customers = {same_name(some.customer), same_name(other.customer)} - {""}
    return same_name(some.competitor) == same_name(other.competitor) and len(customers) < 2
