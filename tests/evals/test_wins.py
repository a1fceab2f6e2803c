"""Who wins against the buyer: ``coach fidelity`` with few seeds, over the real ledger.

Run: pytest -m eval -s tests/evals/test_wins.py; the whole of it is ``coach fidelity``.
"""

from __future__ import annotations

import os

import pytest

from api.fidelity import played, show
from coach.fidelity.asking import Wish, plan_of

pytestmark = [pytest.mark.eval, pytest.mark.timeout(900)]

SEEDS = 4  # each persona at least once; `coach fidelity` plays more, at every difficulty


def test_the_floors_hold_where_they_are_strict_with_few_seeds() -> None:
    """Whoever doesn't sell wins nothing, a strong seller mostly does, and no buyer misbehaves."""
    report = played(
        plan_of(Wish((), ("normal", "hard"), (), SEEDS, spread=True)),
        None,
        os.cpu_count() or 1,
    )
    print()
    show(report, None)
    # with four sessions a cell no two intervals lie apart; the whole run looks at that
    wanted = [f for f in report["floors"] if f["id"] not in ("strong-apart-from-weak", "monotone")]
    assert not [f for f in wanted if not f["held"]]
