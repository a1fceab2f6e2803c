"""How regularly somebody practises: weeks, for nobody should practise for a streak. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

WEEK = timedelta(days=7)


def weeks_running(times: Iterable[datetime], today: date) -> int:
    """Weeks in a row (Monday to Sunday) with a session; a week that isn't over breaks nothing."""
    weeks = {_monday(one.date()) for one in times}
    week = _monday(today)
    if week not in weeks:
        week -= WEEK
    running = 0
    while week in weeks:
        running, week = running + 1, week - WEEK
    return running


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
