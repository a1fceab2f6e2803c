"""When a person is next reminded, by the clock on their own wall. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MONDAY = 0


class Cadence(StrEnum):
    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"  # on Mondays


def zone_of(name: str) -> ZoneInfo:
    """UTC for a name that isn't known here."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def next_after(now: datetime, cadence: Cadence, hour: int, zone: str) -> datetime | None:
    """The next ``hour`` o'clock there, strictly later than ``now``; None when it is off."""
    if cadence is Cadence.OFF:
        return None
    here = now.astimezone(zone_of(zone))
    # Days are added to the date, not to the instant: at a change of the clock it stays that hour.
    wanted = here.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if cadence is Cadence.WEEKLY:
        wanted += timedelta(days=(MONDAY - wanted.weekday()) % 7)
    if wanted.astimezone(UTC) <= now:
        wanted += timedelta(days=1 if cadence is Cadence.DAILY else 7)
    return wanted.astimezone(UTC)
