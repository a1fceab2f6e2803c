"""How well a check is mastered: recent times count most, and little seen says little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.progress import Level
from coach.progress.mastery import masteries, mastery_of
from tests.coach.progress.log import NOW, day, seen


def test_lately_counts_more_than_once() -> None:
    """The same times in another order."""
    better, worse = (mastery_of(seen(kept), NOW) for kept in ("nnnnyyyy", "yyyynnnn"))
    assert better.share > 0.55
    assert worse.share < 0.45
    assert (better.seen, better.kept, better.sessions) == (8, 4, 8)


@pytest.mark.parametrize(
    ("kept", "level"),
    [
        ("y", Level.NEW),
        ("yy", Level.NEW),
        ("yyyyyy", Level.MASTERED),
        ("nnnyyyyyyyyyyyyy", Level.MASTERED),
        ("ynyyn", Level.LEARNING),
        ("nnn", Level.STRUGGLING),
        ("yyynnn", Level.STRUGGLING),
    ],
)
def test_the_level_is_told_once_enough_was_seen(kept: str, level: Level) -> None:
    """Three times before anything is said, and mastered only when that is nearly certain."""
    assert mastery_of(seen(kept, first_day=len(kept)), NOW).level is level


def test_what_was_not_used_for_long_becomes_uncertain_and_not_bad() -> None:
    """The share stays, the interval widens until it is mastered no more."""
    lately, long_ago = (mastery_of(seen("yyyyyy", first), NOW) for first in (6, 300))
    assert lately.share == long_ago.share == 1
    assert long_ago.low < lately.low
    assert (lately.level, long_ago.level) == (Level.MASTERED, Level.LEARNING)


@given(st.text("yn", min_size=1, max_size=40), st.floats(40, 400))
def test_the_interval_holds_the_share(kept: str, first_day: float) -> None:
    """Whatever was seen, and however long ago."""
    found = mastery_of(seen(kept, first_day), NOW)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert len(found.over_time) == len(kept)
    assert [point.at for point in found.over_time] == sorted(p.at for p in found.over_time)


def test_a_session_is_one_point() -> None:
    """Where it stood after the last reply of it."""
    times = [one for n in range(3) for one in seen("y", 5 - n / 100)]
    same = [one.__class__(**{**vars(one), "session": "s"}) for one in times]
    assert [point.at for point in mastery_of(same, NOW).over_time] == [day(4.98)]


def test_the_weakest_comes_first() -> None:
    """By what is sure of it, so that a check seen once isn't called the best."""
    times = [*seen("yyyyyyyy", check="good"), *seen("y", check="fresh"), *seen("nnnn", check="bad")]
    assert [one.check for one in masteries(times, NOW)] == ["bad", "fresh", "good"]


def test_the_last_miss_is_the_latest() -> None:
    """None where there is none."""
    found = mastery_of(seen("nyny"), NOW)
    assert found.last_miss is not None
    assert found.last_miss.at == day(28)
    assert mastery_of(seen("yy"), NOW).last_miss is None
