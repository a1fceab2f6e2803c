"""Reminders come by the person's own clock, and never twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.errors import Misconfigured, NotFound
from coach.messenger.desk import Messenger, MessengerStores
from coach.messenger.people import Installation, Person, Talk
from coach.messenger.reminding import Cadence, next_after
from tests.sqlite import fresh_store


@pytest.mark.parametrize(
    ("now", "cadence", "zone", "due"),
    [
        ("2026-11-23T07:59", Cadence.DAILY, "Europe/Berlin", "2026-11-23T08:00"),
        ("2026-11-23T08:00", Cadence.DAILY, "Europe/Berlin", "2026-11-24T08:00"),
        ("2026-11-23T08:00", Cadence.WEEKLY, "Europe/Berlin", "2026-11-30T08:00"),
        ("2026-03-28T09:00", Cadence.DAILY, "Europe/Berlin", "2026-03-29T07:00"),  # summer time
        ("2026-10-24T09:00", Cadence.DAILY, "Europe/Berlin", "2026-10-25T08:00"),
        ("2026-11-23T20:00", Cadence.DAILY, "Asia/Tokyo", "2026-11-24T00:00"),
        ("2026-11-23T08:00", Cadence.DAILY, "Nowhere/At_All", "2026-11-23T09:00"),
    ],
)
def test_nine_o_clock_there(now: str, cadence: Cadence, zone: str, due: str) -> None:
    """It stays nine o'clock when clocks change; a zone that isn't known is UTC."""
    told = next_after(datetime.fromisoformat(now).replace(tzinfo=UTC), cadence, 9, zone)
    assert told == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert next_after(datetime.now(UTC), Cadence.OFF, 9, zone) is None


class Clock:
    now = datetime(2026, 11, 23, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_kept_sealed_and_reminded_once(tmp_path: Path) -> None:
    """Tokens are unreadable in the database; each look reminds anew; who is out is forgotten."""
    store, clock = fresh_store(tmp_path), Clock()
    stores = MessengerStores(store.inbox, store.messengers, tmp_path / "secret.key")
    desk = Messenger(stores, clock)

    async def story() -> None:
        made = Installation("T1", "local", "Team", "UB", "chat:write", clock(), "xoxb-very-secret")
        await desk.install(made)
        assert await desk.installation("T1") == made
        assert "very-secret" not in str(store.messengers.installation("T1").__dict__)
        assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0

        person = Person("T1", "U1", "local", "anna", "Europe/Berlin")
        reminded = await desk.remind(person, Cadence.DAILY, 9)
        assert await desk.to_remind() == []
        clock.now += timedelta(hours=1)
        assert await desk.to_remind() == [reminded]
        assert await desk.to_remind() == []
        later = await desk.snooze(replace(reminded, next_at=None))
        assert later.next_at == clock.now + timedelta(hours=3)
        await desk.remind(later, Cadence.OFF, 9)
        clock.now += timedelta(days=2)
        assert await desk.to_remind() == []

        secret = await desk.send_away("link", "local", "T1", "U2")
        with pytest.raises(NotFound):
            await desk.came_back("install", secret)
        secret = await desk.send_away("link", "local", "T1", "U2")
        assert (await desk.came_back("link", secret)).user == "U2"
        with pytest.raises(NotFound, match="used already"):
            await desk.came_back("link", secret)
        old = await desk.send_away("link", "local", "T1", "U2")
        clock.now += timedelta(hours=25)
        with pytest.raises(NotFound):
            await desk.came_back("link", old)

        await desk.keep_talk(Talk("T1", "D1", "1.1", "local", "anna", "s"))
        (tmp_path / "secret.key").write_text("not a key\n")
        with pytest.raises(Misconfigured, match=r"secret\.key"):
            await Messenger(stores, clock).installation("T1")
        await desk.uninstall("T1")
        assert await desk.installation("T1") is None
        assert await desk.person("T1", "U1") is None
        assert await desk.talk("T1", "D1", "1.1") is None

    asyncio.run(story())
    store.close()
