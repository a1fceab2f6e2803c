"""What says nearly the same is found among many, without holding each against each."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from knowledge.checking.duplicates import MOST_FOUND, NEARLY_THE_SAME, alike, near_duplicates
from knowledge.evidence import Evidence, Kind
from knowledge.searching.lexical import content_words


def item(key: str, text: str) -> Evidence:
    return Evidence(id=key, kind=Kind.PRODUCT_FACT, title="T", text=text)


def corpus(count: int, chance: random.Random) -> list[Evidence]:
    """Texts of words as common as in speech, every tenth an edited copy of an earlier one."""
    words = [f"word{n}" for n in range(4_000)]
    weights = [1 / (n + 5) for n in range(4_000)]
    texts: list[list[str]] = []
    for number in range(count):
        said = chance.choices(words, weights, k=chance.randint(20, 120))
        if number % 10 == 9:
            said = list(chance.choice(texts))
            for _ in range(chance.randrange(len(said) // 4)):
                said[chance.randrange(len(said))] = chance.choice(words)
        texts.append(said)
    return [item(f"i{n:05}", " ".join(said)) for n, said in enumerate(texts)]


def by_hand(items: list[Evidence]) -> dict[tuple[str, str], float]:
    """Of texts with the same words only the first is held against others."""
    first: dict[frozenset[str], str] = {}
    for one in items:
        first.setdefault(frozenset(content_words(one.text)), one.id)
    shares = {
        (a, b): len(some & other) / len(some | other)
        for (some, a), (other, b) in combinations(first.items(), 2)
    }
    return {pair: share for pair, share in shares.items() if share >= NEARLY_THE_SAME}


def test_what_counting_every_pair_finds_is_found() -> None:
    """With the same shares; a pair in a hundred may be missed, and none is invented."""
    items = corpus(700, random.Random(7))
    wanted = by_hand(items)
    found = {(a.items[0].id, a.items[1].id): a.shared for a in alike(items) if a.shared < 1}
    assert found.items() <= wanted.items()
    assert len(wanted) > 25
    assert len(found) >= 0.99 * len(wanted)


def test_only_what_is_new_is_told_when_that_is_asked() -> None:
    """An old pair was told when it came in."""
    old = "answers nine of ten calls within a minute since the spring of last year in Porto"
    items = [item("a", old), item("b", f"{old} city"), item("c", f"{old} region"), item("d", old)]
    assert {found.items[-1].id for found in alike(items, {"d"})} == {"d"}
    assert list(alike(items, {"x"})) == []


@pytest.mark.parametrize("new", [1, 9, 200])
def test_of_a_few_new_items_the_same_is_found(new: int) -> None:
    """Most of the others aren't even split into words, and nothing is lost by it."""
    items = corpus(700, random.Random(7))
    only = {item.id for item in items[9::10][:new]}
    every = {tuple(o.id for o in one.items) for one in alike(items) if not only.isdisjoint(
        o.id for o in one.items
    )}  # fmt: skip
    assert {tuple(o.id for o in one.items) for one in alike(items, only)} == every


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("company policies and losses", "Companies: policy & loss"),
        ("Ｆｕｌｌ width ﬁrm", "full WIDTH firm"),
        ("呼叫中心恢复", "呼叫中心恢复。"),
        ("Straße", "STRASSE"),
    ],
)
def test_a_word_is_found_in_any_of_its_forms(one: str, other: str) -> None:
    """As they count as the same word."""
    items = [item("a", one), item("b", other), item("c", "Something else.")]
    for new in ("a", "b"):
        (found,) = alike(items, {new})
        assert [each.id for each in found.items] == ["a", "b"]


def test_a_heap_of_the_same_is_named_in_part_and_counted() -> None:
    """Rows that differ by a number would make a million pairs; each is in at least one."""
    said = "saved a third of all the costs of calls from its old sites within one year of the start"
    items = [item(f"i{n}", f"Customer {n} {said}") for n in range(1_500)]
    named = {one.id for found in alike(items) for one in found.items}
    assert len(named) == len(items)
    findings = list(near_duplicates(items))
    assert len(findings) == MOST_FOUND + 1
    assert "more pairs or sets of items say nearly the same" in findings[-1].message


@pytest.mark.parametrize("items", [[], [item("a", "One.")], [item("a", "..."), item("b", "...")]])
def test_few_or_wordless_items_have_no_duplicates(items: list[Evidence]) -> None:
    """Nothing to compare is nothing to find."""
    assert list(alike(items)) == []
