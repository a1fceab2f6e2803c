"""How well a check is mastered: the share kept, recent times counting most. Pure.

What was seen halves in weight with every eight later times and with every sixty days. What is left
of the weight says how sure the share is (Wilson's interval), so that a skill which wasn't used for
long becomes uncertain rather than bad.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import sqrt

from coach.progress import Level, Mastery, Point, Seen

FADES_OVER = 8  # later times
FORGOTTEN_OVER = 60  # days
Z = 1.645  # of an interval that holds nine times of ten
MOST_POINTS = 40  # of a line over time, the latest
ENOUGH = 3  # times seen, before anything is said
MASTERED = 0.6  # at least this share, surely
STRUGGLING = 0.5  # at most this share, likely


def masteries(seen: Iterable[Seen], now: datetime) -> list[Mastery]:
    """Of every check in ``seen`` (oldest first), the weakest first."""
    by_check: dict[str, list[Seen]] = {}
    for one in seen:
        by_check.setdefault(one.check, []).append(one)
    found = [mastery_of(times, now) for times in by_check.values()]
    return sorted(found, key=lambda one: (one.low, one.share, one.check))


def mastery_of(seen: Sequence[Seen], now: datetime) -> Mastery:
    """``seen`` are all times of one check, oldest first, at least one."""
    last, kept, weight = seen[-1], 0.0, 0.0
    after: dict[str, tuple[datetime, float, float]] = {}
    before = seen[0].at
    for one in seen:
        fade = 0.5 ** (1 / FADES_OVER) * _forgotten(before, one.at)
        kept, weight, before = kept * fade + one.kept, weight * fade + 1, one.at
        after.pop(one.session, None)  # a session stands where it was last
        after[one.session] = (one.at, kept, weight)
    rest = _forgotten(before, now)
    now_point = _point(now, kept * rest, weight * rest)
    return Mastery(
        check=last.check,
        question=last.question,
        level=_level(len(seen), now_point),
        share=now_point.share,
        low=now_point.low,
        high=now_point.high,
        seen=len(seen),
        kept=sum(one.kept for one in seen),
        sessions=len({one.session for one in seen}),
        last=last,
        last_miss=next((one for one in reversed(seen) if not one.kept), None),
        over_time=tuple(_point(*then) for then in list(after.values())[-MOST_POINTS:]),
    )


def _forgotten(then: datetime, now: datetime) -> float:
    days = max((now - then).total_seconds(), 0) / 86_400
    return float(0.5 ** (days / FORGOTTEN_OVER))


def _point(at: datetime, kept: float, weight: float) -> Point:
    share = kept / weight
    middle = share + Z * Z / (2 * weight)
    half = Z * sqrt(share * (1 - share) / weight + Z * Z / (4 * weight * weight))
    whole = 1 + Z * Z / weight
    low, high = (middle - half) / whole, (middle + half) / whole
    return Point(at, share, max(min(low, share), 0.0), min(max(high, share), 1.0))


def _level(seen: int, now: Point) -> Level:
    if seen < ENOUGH:
        return Level.NEW
    if now.low >= MASTERED:
        return Level.MASTERED
    return Level.STRUGGLING if now.share <= STRUGGLING else Level.LEARNING
