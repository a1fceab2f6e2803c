"""One product compares a sentence with many groups of examples."""

from __future__ import annotations

import numpy as np
import pytest

from coach.perception.nearness import Groups

ROWS = {
    name: np.random.default_rng(place).normal(size=(size, 384)).astype(np.float32)
    for place, (name, size) in enumerate({"few": 2, "one": 1, "many": 40}.items())
}
SENTENCE = np.random.default_rng(9).normal(size=384).astype(np.float32)


def test_each_group_is_compared_row_by_row() -> None:
    """What comes of it is what every group would give alone."""
    groups = Groups(ROWS)
    for name, cosines in groups.each(SENTENCE).items():
        assert cosines == pytest.approx(ROWS[name] @ SENTENCE, rel=1e-4)
    assert groups.nearest(SENTENCE) == pytest.approx(
        {name: float((rows @ SENTENCE).max()) for name, rows in ROWS.items()}, rel=1e-4
    )


def test_the_rows_of_a_group_can_be_had_by_its_name() -> None:
    groups = Groups(ROWS)
    assert list(groups) == list(ROWS)
    assert all(np.array_equal(groups[name], rows) for name, rows in ROWS.items())


def test_no_groups_are_near_nothing() -> None:
    groups = Groups({})
    assert (len(groups), groups.each(SENTENCE), groups.nearest(SENTENCE)) == (0, {}, {})
