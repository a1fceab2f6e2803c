"""Words: what counts as one in any script, tables of them, and BM25 over those."""

from __future__ import annotations

import unicodedata

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.searching.bm25 import Bm25
from knowledge.searching.lexical import content_words
from knowledge.searching.word_table import Vocabulary, WordTable, per_owner, taken_over

TEXTS = [
    "The clinic moved its lines to us, and no line was lost.",
    "Lines, lines, lines: nothing but lines.",
    "",
    "the of",
    "A forwarder moved 1,200 numbers in 9 weeks; its clinic saw 99.95% uptime.",
]


def test_numbers_and_names_are_words() -> None:
    """Figures stay as written, plurals meet their singular, filler goes."""
    assert content_words("The clinics' 99.95% SLA, and ZX-81s of Söhne") == [
        "clinic", "99.95", "sla", "zx", "81s", "söhne",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("价格保证。", ["价格", "格保", "保证"]),
        ("我们的CRM系统 v2", ["我们", "们的", "crm", "系统", "v2"]),
        ("価", ["価"]),
        ("コールセンター", ["コー", "ール", "ルセ", "セン", "ンタ", "ター"]),
        ("ราคา", ["รา", "าค", "คา"]),
        ("가격 보장", ["가격", "보장"]),
        ("ضمان السعر", ["ضمان", "السعر"]),
        ("कीमत की गारंटी", ["कीमत", "की", "गारंटी"]),
        ("ΤΙΜΈΣ τιμές", ["τιμέσ", "τιμέσ"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("２４", ["24"]),
    ],
)
def test_words_of_any_script(text: str, words: list[str]) -> None:
    """Scripts without spaces are read as pairs of characters; vowel signs cut no word in two."""
    assert content_words(text) == words


def test_an_accent_written_apart_is_the_same_letter() -> None:
    """Some keyboards compose é of two characters."""
    assert content_words(unicodedata.normalize("NFD", "Élysée")) == content_words("élysée")


def test_it_scores_as_the_reference_does() -> None:
    """BM25 in Lucene's form, word for word, with repeated words of the query."""
    ours, reference = Bm25.of(TEXTS), bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    reference.index([content_words(text) for text in TEXTS], show_progress=False)
    for query in (["line"], ["clinic", "moved", "clinic"], ["99.95", "uptime", "1,200"]):
        assert ours.scores(query) == pytest.approx(reference.get_scores(query), rel=1e-5)


@pytest.mark.parametrize("texts", [[], [""], ["the of"], ["one word", ""]])
def test_words_of_little_or_nothing_still_score(texts: list[str]) -> None:
    """One score per text, whatever is in it."""
    index = Bm25.of(texts)
    assert len(index.scores(["word"])) == len(texts)
    assert len(index.scores([])) == len(texts)


def of_unique(numbers: list[int]) -> bool:
    """Nothing is taken over twice."""
    old = [number for number in numbers if number >= 0]
    return len(old) == len(set(old))


def words_of(table: WordTable) -> list[tuple[list[int], list[int]]]:
    parts = [table.part(at, at + 1) for at in range(len(table))]
    return [(part.words.tolist(), part.times.tolist()) for part in parts]


@given(st.lists(st.sampled_from([-1, 0, 1, 2, 3, 4]), max_size=9).filter(of_unique))
def test_a_table_put_together_is_the_table_of_all(kept: list[int]) -> None:
    """What didn't change is taken over, in any order and with anything new between."""
    vocabulary = Vocabulary()
    new = [f"quokka {number} lines" for number in range(kept.count(-1))]
    coming = iter(new)
    expected = [TEXTS[at] if at >= 0 else next(coming) for at in kept]
    found = taken_over(
        np.array(kept, dtype=np.int64), vocabulary.table(TEXTS), vocabulary.table(new)
    )
    assert words_of(found) == words_of(vocabulary.table(expected))
    assert found.sums().tolist() == [len(content_words(text)) for text in expected]


def test_texts_of_one_owner_are_counted_together() -> None:
    """An item has the words of all its passages; an owner without texts has none."""
    vocabulary = Vocabulary()
    some, others = vocabulary.table(TEXTS[:2]), vocabulary.table(TEXTS[2:])
    owners = [np.array(numbers, dtype=np.int32) for numbers in ([0, 2], [0, 0, 2])]
    found = per_owner(list(zip([some, others], owners, strict=True)), 4)
    expected = ["\n".join([TEXTS[0], *TEXTS[2:4]]), "", "\n".join([TEXTS[1], TEXTS[4]]), ""]
    assert words_of(found) == words_of(vocabulary.table(expected))


def test_a_later_word_is_in_no_earlier_text() -> None:
    """The vocabulary grows under an index that is still being asked."""
    vocabulary = Vocabulary()
    index = Bm25(vocabulary.table(["lines"]), vocabulary)
    vocabulary.table(["quokkas"])
    assert index.scores(["quokka"]).tolist() == [0]
    assert index.weight(["quokka"]) == pytest.approx(index.weight(["unheard"]))
