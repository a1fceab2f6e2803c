"""Checks that were missed come back on later days, spaced by FSRS. Pure but for the library.

A session is one review of each check that it told something about. The card is worked out anew
from the reviews each time, so that it can't drift from what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from coach.progress import Drill, Seen

if TYPE_CHECKING:
    from fsrs import Rating, Scheduler

REVIEWS = 40  # the latest ones of a check: older ones hardly move the card any more
LONGEST = 120  # days until a check comes back, at most
MINE = 1  # any number: without one the library waits a millisecond to make one


@cache
def _scheduler() -> Scheduler:
    """Without steps of minutes (practice is a matter of days), and without chance."""
    from fsrs import Scheduler  # noqa: PLC0415  # only where drills are asked for

    return Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False
    )


def drills(seen: Iterable[Seen], now: datetime) -> list[Drill]:
    """Of every check in ``seen`` (oldest first) that was ever missed, the first due first."""
    by_check: dict[str, list[Seen]] = {}
    for one in seen:
        by_check.setdefault(one.check, []).append(one)
    found = (drill_of(times, now) for times in by_check.values())
    return sorted((one for one in found if one), key=lambda one: (one.due_at, one.check))


def drill_of(seen: Sequence[Seen], now: datetime) -> Drill | None:
    """``seen`` are all times of one check, oldest first; None if it was never missed."""
    from fsrs import Card  # noqa: PLC0415  # as above

    miss = next((one for one in reversed(seen) if not one.kept), None)
    if miss is None:
        return None
    card = Card(card_id=MINE)
    for rating, at in _reviews(seen)[-REVIEWS:]:
        card, _ = _scheduler().review_card(card, rating, at)
    last = seen[-1]
    return Drill(
        last.check,
        last.question,
        due_at=card.due,
        is_due=card.due <= now,
        recall=_scheduler().get_card_retrievability(card, max(now, last.at)),
        last_miss=miss,
    )


def _reviews(seen: Sequence[Seen]) -> list[tuple[Rating, datetime]]:
    """One for each session, from the one of the first miss on."""
    by_session: dict[str, list[Seen]] = {}
    for one in seen:
        by_session.setdefault(one.session, []).append(one)
    sessions = sorted(by_session.values(), key=lambda times: times[-1].at)
    first = next(n for n, times in enumerate(sessions) if not all(one.kept for one in times))
    return [(_rating(times), times[-1].at) for times in sessions[first:]]


def _rating(times: Sequence[Seen]) -> Rating:
    from fsrs import Rating  # noqa: PLC0415  # as above

    kept = sum(one.kept for one in times)
    if kept == len(times):
        return Rating.Good
    return Rating.Hard if 2 * kept > len(times) else Rating.Again
