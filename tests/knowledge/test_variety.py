"""Variety: what was nearly said already isn't said again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.searching.variety import SAYS_THE_SAME, Said

texts = st.lists(st.sets(st.integers(0, 12)).map(sorted), max_size=12)
# Long texts that differ in a few words: near the border on both sides.
near = st.lists(
    st.sets(st.integers(0, 40), max_size=5).map(lambda gone: sorted(set(range(40)) - gone)),
    max_size=8,
)


@given(texts | near)
def test_it_knows_what_comparing_each_with_all_would_show(given_texts: list[list[int]]) -> None:
    """The short cut by rare words misses nothing and invents nothing."""
    said, kept = Said(), []
    for words in map(set, given_texts):
        same = any(
            len(words & other) >= SAYS_THE_SAME * len(words | other) for other in kept if words
        )
        assert said.is_new(sorted(words)) is not same
        if not same:
            kept.append(words)


def test_texts_without_words_never_say_the_same() -> None:
    """There is nothing to tell them apart by, and nothing to throw away."""
    said = Said()
    assert said.is_new([])
    assert said.is_new([])
