"""What was missed comes back on a later day, later each time it goes well."""

from __future__ import annotations

from datetime import timedelta

from coach.progress.drills import REVIEWS, drill_of, drills
from tests.coach.progress.log import NOW, day, seen


def gap(kept: str) -> timedelta:
    """From the last session to when the check comes back."""
    times = seen(kept)
    found = drill_of(times, NOW)
    assert found is not None
    return found.due_at - times[-1].at


def test_what_was_never_missed_is_no_drill() -> None:
    """Nothing to come back to."""
    assert drill_of(seen("yyyy"), NOW) is None


def test_a_miss_comes_back_the_next_day() -> None:
    """And not the same day: spacing is the point."""
    assert gap("n") == timedelta(days=1)


def test_each_success_puts_it_off_further() -> None:
    """And a miss brings it back soon."""
    assert gap("ny") < gap("nyyyy") < gap("nyyyyyyyyy")
    assert gap("nyyyyn") < gap("nyyyy")


def test_due_is_a_matter_of_the_day() -> None:
    """A miss of today isn't due; one of last week is, and less surely remembered."""
    today, last_week = (drill_of(seen("n", first), NOW) for first in (0, 7))
    assert today
    assert last_week
    assert (today.is_due, last_week.is_due) == (False, True)
    assert last_week.recall < today.recall <= 1


def test_the_same_log_gives_the_same_plan() -> None:
    """Without chance, and in order of what is due first."""
    times = [*seen("nyy", 9, "later"), *seen("n", 8, "sooner")]
    found = drills(times, NOW)
    assert found == drills(times, NOW)
    assert [one.check for one in found] == ["sooner", "later"]


def test_mixed_sessions_lie_between() -> None:
    """More kept than missed in a session is better than missed, worse than kept."""
    same_day = [
        [one.__class__(**{**vars(one), "session": "s", "at": day(9)}) for one in seen(kept)]
        for kept in ("ny", "nyy", "yyy")
    ]
    start = seen("n")
    dues = [drill_of([*start, *more], NOW) for more in same_day]
    gaps = [one.due_at for one in dues if one]
    assert gaps == sorted(gaps)
    assert len(set(gaps)) == 3


def test_an_old_history_costs_no_more() -> None:
    """Only the latest reviews are gone through, and they lead to the same as all would, nearly."""
    long, short = seen("ny" * REVIEWS, 200), seen("ny" * REVIEWS, 200)[-REVIEWS:]
    one, other = drill_of(long, NOW), drill_of(short, NOW)
    assert one
    assert other
    assert one.due_at == other.due_at
