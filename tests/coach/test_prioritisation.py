"""Whom to engage first: a ranking that shows its working and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from coach.errors import BadInput
from coach.prioritisation import Better, Criterion, Customer, Priorities, prioritise

CUSTOMERS = [
    Customer("Alba Hotels", {"revenue": 300, "market": 100, "fit": 2}),
    Customer("Quent Logistik", {"revenue": 80, "market": 1_200, "fit": 5}),
    Customer("Nordhafen Kliniken", {"revenue": 120, "market": 900, "fit": 4}),
]
CRITERIA = [Criterion("revenue", 5), Criterion("market", 3), Criterion("fit", 2, low=1, high=5)]


def names(found: Priorities) -> list[str]:
    return [place.name for place in found.places]


def test_a_score_is_the_sum_of_what_each_criterion_brings() -> None:
    """Worked by hand: revenue 1.0 x 50%, market 0, fit (2-1)/4 x 20%."""
    first = prioritise(CUSTOMERS, CRITERIA).places[0]
    assert (first.name, first.rank) == ("Alba Hotels", 1)
    assert first.parts == pytest.approx({"revenue": 50.0, "market": 0.0, "fit": 5.0})
    assert first.score == pytest.approx(55.0)


def test_where_less_is_better_the_lowest_gets_the_most() -> None:
    found = prioritise(
        [Customer("far", {"days": 90}), Customer("near", {"days": 20})],
        [Criterion("days", better=Better.LOWER)],
    )
    assert names(found) == ["near", "far"]


def test_what_is_missing_counts_as_the_worst_and_is_told() -> None:
    found = prioritise([*CUSTOMERS, Customer("Zeta", {"revenue": 80, "fit": 1})], CRITERIA)
    last = found.places[-1]
    assert (last.name, last.missing, last.score) == ("Zeta", ("market",), 0.0)


def test_a_criterion_in_which_all_are_alike_decides_nothing() -> None:
    alike = [Customer(one.name, {**one.values, "fit": 3}) for one in CUSTOMERS]
    found = prioritise(alike, [*CRITERIA[:2], Criterion("fit", 2)])
    assert found.flat == ("fit",)
    assert names(found) == names(prioritise(alike, [*CRITERIA[:2], Criterion("fit", 0)]))


def test_equal_scores_share_a_place_and_the_summary_says_so() -> None:
    found = prioritise([Customer(name, {"revenue": 1}) for name in "ab"], [Criterion("revenue")])
    assert [place.rank for place in found.places] == [1, 1]
    assert "share the first place" in found.summary
    assert not found.tipping


def test_who_leads_everywhere_stays_first_whatever_the_weights() -> None:
    top = Customer("Top", {"revenue": 400, "market": 2_000, "fit": 5})
    found = prioritise([*CUSTOMERS, top], CRITERIA)
    assert found.places[0].first == 1.0
    assert (found.places[0].best, found.places[0].worst) == (1, 1)
    assert "No change of a single weight" in found.summary


@pytest.mark.parametrize(
    ("customers", "criteria", "words"),
    [
        (CUSTOMERS[:1], CRITERIA, "2 to 5,000 customers"),
        (CUSTOMERS, [], "1 to 20 criteria"),
        (CUSTOMERS + CUSTOMERS[:1], CRITERIA, "'Alba Hotels' is there twice"),
        (CUSTOMERS, [*CRITERIA, Criterion("fit")], "'fit' is there twice"),
        (CUSTOMERS, [*CRITERIA, Criterion("growth")], "no customer has a value for 'growth'"),
        (CUSTOMERS, CRITERIA[:2], "'fit', which is no criterion"),
        (CUSTOMERS, [Criterion(c.id, -1) for c in CRITERIA], "from 0 up"),
        (CUSTOMERS, [Criterion(c.id, 0) for c in CRITERIA], "above 0"),
        (CUSTOMERS, [Criterion(c.id, 1e308) for c in CRITERIA], "above 0"),
        (CUSTOMERS, [*CRITERIA[:2], Criterion("fit", low=5, high=1)], "low below high"),
        ([*CUSTOMERS, Customer(" ", {})], CRITERIA, "has no name"),
        ([*CUSTOMERS, Customer("x", {"fit": float("nan")})], CRITERIA, "isn't a number"),
    ],
)
def test_bad_input_is_refused_by_name(
    customers: list[Customer], criteria: list[Criterion], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        prioritise(customers, criteria)


NUMBERS = some.floats(-1e6, 1e6, allow_nan=False)
TABLES = some.lists(some.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=8)
WEIGHTS = some.tuples(*[some.floats(0.01, 10)] * 3)


def ranked(table: list[tuple[float, ...]], weights: tuple[float, ...]) -> Priorities:
    rows = [Customer(f"c{n}", dict(zip("xyz", row, strict=True))) for n, row in enumerate(table)]
    return prioritise(rows, [Criterion(c, w) for c, w in zip("xyz", weights, strict=True)])


@settings(max_examples=60, deadline=None)
@given(TABLES, WEIGHTS)
def test_ranks_follow_scores_and_only_proportions_of_weights_count(
    table: list[tuple[float, ...]], weights: tuple[float, ...]
) -> None:
    found = ranked(table, weights)
    assert [p.score for p in found.places] == pytest.approx(
        sorted((p.score for p in found.places), reverse=True), abs=1e-6
    )
    for place in found.places:
        assert sum(place.parts.values()) == pytest.approx(place.score)
        assert 1 <= place.best <= place.worst <= len(table)
    doubled = ranked(table, tuple(2 * weight for weight in weights))
    assert sorted(names(doubled)) == sorted(names(found))
    assert [p.score for p in doubled.places] == pytest.approx([p.score for p in found.places])


def moved(
    table: list[tuple[float, ...]], found: Priorities, criterion: str, share: float
) -> dict[str, float]:
    """The scores when ``criterion`` weighs ``share`` and the others keep their proportions."""
    whole = 1 - found.weights[criterion]
    weights = {c: (1 - share) * weight / whole for c, weight in found.weights.items()}
    weights[criterion] = share
    again = ranked(table, tuple(weights[c] for c in "xyz"))
    return {place.name: place.score for place in again.places}


@settings(max_examples=100, deadline=None)
@given(TABLES, WEIGHTS)
def test_a_tipping_point_is_one(table: list[tuple[float, ...]], weights: tuple[float, ...]) -> None:
    """At that share the leader and the other are level, and just before it the leader leads."""
    found = ranked(table, weights)
    leader = found.places[0].name
    for tip in found.tipping:
        level = moved(table, found, tip.criterion, tip.share)
        assert level[tip.name] == pytest.approx(level[leader], abs=1e-6)
        between = moved(table, found, tip.criterion, (tip.now + tip.share) / 2)
        assert between[leader] >= max(between.values()) - 1e-6


def test_the_same_table_gives_the_same_answer() -> None:
    assert prioritise(CUSTOMERS, CRITERIA) == prioritise(CUSTOMERS, CRITERIA)
    turned = prioritise(CUSTOMERS[::-1], CRITERIA)
    assert turned.places == prioritise(CUSTOMERS, CRITERIA).places


def test_five_thousand_customers_are_ranked() -> None:
    rng = np.random.default_rng(7)
    rows = [Customer(f"c{n}", {"x": float(rng.random())}) for n in range(5_000)]
    assert [p.rank for p in prioritise(rows, [Criterion("x")]).places] == list(range(1, 5_001))
