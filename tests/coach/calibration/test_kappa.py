"""Agreement beyond chance, and how sure of it a few labels can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.assessment import Verdict
from coach.calibration import Agreement, Kappa
from coach.calibration.kappa import Pair, kappa_of

YES, NO, NONE = Verdict.YES, Verdict.NO, Verdict.NOT_OBSERVABLE


def rows(*pairs: tuple[Pair, int]) -> dict[str, list[Pair]]:
    return {f"{n}-{i}": [pair] for n, (pair, times) in enumerate(pairs) for i in range(times)}


def test_it_is_cohens() -> None:
    """By hand: 35 of 50 the same, half of it expected by chance, so 0.40 (the textbook's table)."""
    found = kappa_of(rows(((YES, YES), 20), ((YES, NO), 5), ((NO, YES), 10), ((NO, NO), 15)))
    assert found
    assert found.value == pytest.approx(0.4)
    assert (found.n, found.same) == (50, 0.7)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.2
    assert found.high > 0.6


def test_where_all_say_the_same_nothing_is_told() -> None:
    """Agreement by necessity isn't agreement beyond chance."""
    found = kappa_of(rows(((YES, YES), 30)))
    assert found == Kappa(30, 30, 1.0, None, None, None)
    assert kappa_of({}) is None


def test_more_labels_are_surer() -> None:
    """The same agreement on ten times the rows has a narrower interval."""
    few, many = (
        kappa_of(rows(((YES, YES), 6 * n), ((NO, YES), 2 * n), ((NO, NO), 6 * n))) for n in (1, 10)
    )
    assert few
    assert many
    assert few.value == pytest.approx(many.value)
    assert many.high - many.low < few.high - few.low  # type: ignore[operator]


VERDICTS = st.sampled_from(list(Verdict))


@given(st.lists(st.tuples(VERDICTS, VERDICTS), min_size=1, max_size=40))
def test_any_labels_give_a_figure_within_bounds(pairs: list[Pair]) -> None:
    """And the same from either side; none where people only ever say one thing."""
    found = kappa_of({str(n): [pair] for n, pair in enumerate(pairs)})
    turned = kappa_of({str(n): [(b, a)] for n, (a, b) in enumerate(pairs)})
    assert found
    assert turned
    assert (found.value is None) == (len({label for _, label in pairs}) == 1)
    if found.value is None or turned.value is None:
        return
    assert -1 <= found.value <= 1
    assert found.value == pytest.approx(turned.value)
    assert found.low is not None
    assert found.low <= found.high  # type: ignore[operator]


@pytest.mark.parametrize(
    ("n", "value", "advisory"),
    [(20, 0.59, True), (20, 0.6, False), (19, 0.1, False), (60, None, False)],
)
def test_a_check_is_advisory_below_the_line(n: int, value: float | None, advisory: bool) -> None:
    """On enough labels to say so; where nothing can be told, it counts as before."""
    kappa = Kappa(3 * n, n, 0.8, value, value, value)
    found = Agreement("asks", "Q?", kappa, None, 1)
    assert found.is_advisory is advisory
    assert Agreement.from_record(found.as_record()) == found
