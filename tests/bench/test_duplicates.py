"""What it costs to find what says nearly the same, and how much of it is found.

Run: pytest -m bench -s tests/bench/test_duplicates.py
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from random import Random

import pytest

from knowledge.checking.duplicates import alike
from knowledge.evidence import Evidence
from knowledge.searching.lexical import content_words
from tests.corpora import made_up, vocabulary

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

PLANTED = 100  # of each sort
LIGHTLY, HEAVILY = 0.05, 0.4  # of its words are others
MOST_TIMES, MOST_TIMES_OF_ONE = 5.0, 0.5  # of the time to split the same texts into words
LEAST_FOUND = 0.98


def cpu_seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def edited(item: Evidence, key: str, share: float, random: Random, words: list[str]) -> Evidence:
    """A copy in which so many of the words are others."""
    said = item.text.split()
    for at in random.sample(range(len(said)), round(share * len(said))):
        said[at] = random.choice(words)
    return item.model_copy(update={"id": f"{key}-{item.id}", "text": " ".join(said)})


def planted(items: Sequence[Evidence]) -> tuple[list[Evidence], set[frozenset[str]]]:
    """Copies of some items, and the pairs of them that are to be found.

    Of another customer, or with two of five words changed, nothing is to be found.
    """
    random, words = Random(5), vocabulary()
    copied: list[Evidence] = []
    wanted = set()
    for item in random.sample(list(items), PLANTED):
        near, far = (
            edited(item, k, s, random, words) for k, s in (("near", LIGHTLY), ("far", HEAVILY))
        )
        other = near.model_copy(update={"id": f"other-{item.id}", "customer": "somebody else"})
        copied += near, far, other
        wanted.add(frozenset((item.id, near.id)))
    return copied, wanted


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_near_duplicates_are_found_soon(count: int) -> None:
    """In a few times what it takes to split the texts into words; of one new item, in a part."""
    items = list(made_up(count))
    copied, wanted = planted(items)
    everything = [*items, *copied]
    splitting = cpu_seconds(lambda: [content_words(item.text) for item in everything])
    found: set[frozenset[str]] = set()
    whole = cpu_seconds(
        lambda: found.update(frozenset(o.id for o in one.items) for one in alike(everything))
    )
    new = copied[0].id
    of_new = cpu_seconds(lambda: list(alike(everything, {new})))
    recall, precision = len(found & wanted) / len(wanted), len(found & wanted) / len(found)
    print(f"\n{len(everything):,} items of 80 words, split into words in {splitting:.2f} s")
    print(f"every near-duplicate {whole / splitting:6.2f} times that")
    print(f"those of one new item {of_new / splitting:5.2f} times that")
    print(f"of {len(wanted)} pairs planted {recall:.0%} found; {precision:.0%} of what was found")
    assert whole / splitting < MOST_TIMES
    assert of_new / splitting < MOST_TIMES_OF_ONE
    assert recall >= LEAST_FOUND
    assert precision == 1
