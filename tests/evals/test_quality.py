"""Do our own moves tell a good conversation from a bad one? Therapists, as if they were sellers.

Run: pytest -m scale -s tests/evals/test_quality.py

A dialogue's score is the share of turns that take up or explore what the other one said, minus the
share of turns that advise unasked, both as ``Perceiver.hear`` hears them; nothing is fitted to the
labels. Therapists are no sales people: this is a check of what perception means, no proof of sales
skill. Whole dialogues are split into a half that the cues for advice were looked at with and one
that was only measured (see people.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from coach.moves import MoveKind as M
from coach.perception import Perception
from tests.evals.people import HALVES, Row
from tests.evals.test_perception import hear, sentences_of, therapists

pytestmark = [pytest.mark.eval, pytest.mark.scale, pytest.mark.timeout(900)]

GOOD = (M.ACKNOWLEDGE, M.REFLECT, M.EXPLORE)
DRAWS = 2000


def scores(half: str) -> tuple[list[float], list[bool]]:
    """The score of each dialogue and whether people called it of high quality."""
    talks: dict[int, list[Row]] = {}
    for row in therapists()[half]:
        talks.setdefault(row["transcript"], []).append(row)
    return (
        [float(np.mean([_worth(row) for row in talk])) for talk in talks.values()],
        [talk[0]["quality"] == "high" for talk in talks.values()],
    )


def _worth(row: Row) -> int:
    heard = hear(row["text"], row["last"])
    asked = any(s.question or s.open for s in sentences_of(row["last"]))
    return int(_takes_up(row, heard)) - int(heard.has(M.ADVISE) and not asked)


def _takes_up(row: Row, heard: Perception) -> bool:
    """Whether at least half of the turn acknowledges, gives back or explores: one kind clause in a
    lecture makes no good turn."""
    good = {m.span for m in heard.moves if m.kind in GOOD}
    whole = sum(end - start for start, end in (s.span for s in sentences_of(row["text"])))
    return bool(good) and sum(end - start for start, end in good) >= whole / 2


def auc(score: Sequence[float], high: Sequence[bool]) -> float:
    """The chance that a high one scores above a low one; a tie counts half."""
    s, h = np.array(score), np.array(high)
    above = np.subtract.outer(s[h], s[~h])
    return float((above > 0).mean() + (above == 0).mean() / 2)


def interval(score: Sequence[float], high: Sequence[bool]) -> tuple[float, float]:
    """95% by drawing dialogues of both kinds anew."""
    rng, s, h = np.random.default_rng(1), np.array(score), np.array(high)
    good, bad = np.flatnonzero(h), np.flatnonzero(~h)
    drawn = []
    for _ in range(DRAWS):
        some = np.concatenate([rng.choice(good, len(good)), rng.choice(bad, len(bad))])
        drawn.append(auc(s[some], h[some]))
    low, up = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(up)


FLOOR = 0.85


def test_good_conversations_score_above_bad_ones() -> None:
    """Over all dialogues, and in each half."""
    halves = {half: scores(half) for half in HALVES}
    whole = tuple([*a, *b] for a, b in zip(*halves.values(), strict=True))
    below = {}
    for name, (score, high) in {**halves, "whole": whole}.items():
        found, (low, up) = auc(score, high), interval(score, high)
        print(
            f"\nAnnoMI {name}, {len(high)} dialogues ({sum(high)} of high quality): "
            f"AUC {found:.3f} [{low:.2f}, {up:.2f}]"
        )
        if found < FLOOR:
            below[name] = found
    assert not below
