"""Which verdicts are labelled: what is rare as often as what is common."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count

from coach.assessment import Verdict
from coach.calibration.sampling import Place, balanced
from coach.progress.practised import JudgedCheck, JudgedTurn
from tests.coach.progress.log import NOW

LATER = count()  # no two replies are made at one instant
YES, NO, NONE = Verdict.YES, Verdict.NO, Verdict.NOT_OBSERVABLE


def places(check: str, verdict: Verdict, times: int) -> list[Place]:
    found = []
    for n in range(times):
        judged = JudgedCheck(check, "Q?", verdict, "", excused=False)
        at = NOW + timedelta(seconds=next(LATER))
        found.append((f"{check}-{verdict}-{n}", JudgedTurn(1, at, (judged,)), judged))
    return found


LOG = [
    *places("asks", NONE, 500),
    *(("later", JudgedTurn(3, NOW, p[1].checks), p[2]) for p in places("asks", NO, 1)),
    *places("cites", YES, 40),
    *places("cites", NO, 40),
]


def counts(chosen: list[Place]) -> Counter[tuple[str, str]]:
    return Counter((check.id, check.verdict.value) for _, _, check in chosen)


def test_rare_verdicts_are_all_in_it() -> None:
    """One miss among five hundred is there, and the rest is shared out evenly."""
    found = counts(balanced(LOG, 31, 1))
    assert found[("asks", "no")] == 1
    assert {found[key] for key in found if key != ("asks", "no")} == {10}


def test_the_same_seed_gives_the_same_rows() -> None:
    """Another one gives others; never more than were asked for, never one twice."""
    one, same, other = (balanced(LOG, 30, seed) for seed in (1, 1, 2))
    assert one == same != other
    assert len(one) == len({(p[0], p[2].id) for p in one}) == 30
    assert len(balanced(LOG, 10_000, 1)) <= len(LOG)
    assert balanced([], 10, 1) == []


def test_a_reply_is_read_once() -> None:
    """What branches share is asked about once, and a reply's questions stand together."""
    shared = places("asks", YES, 1)
    branch = [("branch", turn, check) for _, turn, check in shared]
    assert len(balanced([*shared, *branch], 10, 1)) == 1
    ids = [place[0] for place in balanced(LOG, 40, 1)]
    assert ids == sorted(ids)
