"""How far a rep is with a scenario, and how regularly they practise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from coach.progress.rhythm import weeks_running

FRIDAY = date(2026, 11, 20)


def days_before(*days: int) -> list[datetime]:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return [noon - timedelta(days=n) for n in days]


def test_weeks_run_while_each_has_a_session() -> None:
    """Any day of a week will do, and many are no more than one."""
    assert weeks_running(days_before(0, 1, 2, 8, 10, 11), FRIDAY) == 2


def test_a_week_that_is_not_over_breaks_nothing() -> None:
    """Last week and the one before still run; a week left out ends it."""
    assert weeks_running(days_before(7, 14, 28), FRIDAY) == 2


def test_nobody_who_rested_two_weeks_has_a_run() -> None:
    """Nor does somebody who never practised."""
    assert weeks_running(days_before(15), FRIDAY) == 0
    assert weeks_running([], FRIDAY) == 0
