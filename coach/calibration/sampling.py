"""Which verdicts people should label: as many of each check and of each verdict as there are. Pure.

Kappa depends on how common each verdict is. A balanced sample shows what is rare; the figure isn't
the one that everyday talk would give.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from coach.progress.practised import JudgedCheck, JudgedTurn

Place = tuple[str, JudgedTurn, JudgedCheck]  # session, turn, check


def balanced(places: Iterable[Place], count: int, seed: int) -> list[Place]:
    """At most ``count``, by session, turn and check, so that a reply is read once."""
    chance = Random(seed)  # noqa: S311  # a sample, no secret
    piles: dict[str, dict[str, list[Place]]] = {}
    for place in sorted(_once(places), key=_order):
        check = place[2]
        piles.setdefault(check.id, {}).setdefault(check.verdict.value, []).append(place)
    for by_verdict in piles.values():
        for pile in by_verdict.values():
            chance.shuffle(pile)
    chosen: list[Place] = []
    left = [pile for _, by_verdict in sorted(piles.items()) for pile in by_verdict.values()]
    while left and len(chosen) < count:
        chance.shuffle(left)  # who is served in the last, unfinished round is left to chance
        chosen += [pile.pop() for pile in left][: count - len(chosen)]
        left = [pile for pile in left if pile]
    return sorted(chosen, key=_order)


def _once(places: Iterable[Place]) -> Iterable[Place]:
    """What branches of a session share was said once."""
    return {(t.at, t.index, c.id): (session, t, c) for session, t, c in places}.values()


def _order(place: Place) -> tuple[str, int, str]:
    session, turn, check = place
    return session, turn.index, check.id
