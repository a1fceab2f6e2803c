"""Slack's load on one process that is killed meanwhile: nothing lost, nothing done twice.

50 events a second, each fifth sent again, as Slack does when it isn't answered. Of ten events one
is a reply in a practice, one a press of Why, and eight are what else Slack tells a bot. The whole
minute with ten kills is ``scale``: COACH_SLACK_SECONDS and COACH_KILLS say how long and how often.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from coach.session import Caller
from coach.store import open_store
from tests.slack_server import SECRET, TOKEN, Sender, SlackServer, headers_for, slack_server

ROOT = Path(__file__).parents[3]
PER_SECOND, AGAIN, TURNS_EACH = 50, 0.2, 3
FLOOR = 0.5  # seconds: 99 of 100 acknowledgements are faster
SECONDS = int(os.environ.get("COACH_SLACK_SECONDS", "60"))
KILLS = int(os.environ.get("COACH_KILLS", "10"))


class Process:
    """``coach serve`` with the bot, always on the same port."""

    def __init__(self, home: Path, slack: SlackServer) -> None:
        self.home, self.slack, self.port = home, slack, 0
        self.start()

    def start(self) -> None:
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "COACH_SLACK_SIGNING_SECRET": SECRET,
            "COACH_SLACK_BOT_TOKEN": TOKEN,
            "COACH_SLACK_API": f"{self.slack.url}/",
        }
        serve = ["serve", "--port", str(self.port), "--home", str(self.home)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", *serve],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=env,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "The coach is at " in line, line
        self.url = line.partition(" at ")[2].split()[0]
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@dataclass
class Load:
    """What was sent, and how long each acknowledgement took, in seconds."""

    url: str
    took: list[float] = field(default_factory=list)
    again: int = 0
    #: One for all: each new one would read all certificates.
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=3))

    def deliver(self, body: bytes, twice: bool) -> None:
        self._until_acknowledged(body)
        if twice:
            self.again += 1
            self._until_acknowledged(body)

    def _until_acknowledged(self, body: bytes) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            begun = time.perf_counter()
            try:
                sent = self.client.post(
                    f"{self.url}/slack/events", content=body, headers=headers_for(body)
                )
            except httpx.HTTPError:
                time.sleep(random.uniform(0.5, 3))
                continue
            if sent.status_code == 200:
                self.took.append(time.perf_counter() - begun)
                return
            time.sleep(1)
        raise AssertionError("never acknowledged")


def opened(process: Process, people: int) -> dict[str, dict[str, Any]]:
    """A practice for each: the opening message in each thread, by the person."""
    slack, sender = process.slack, Sender()
    load = Load(process.url)
    for number in range(people):
        slack.member(f"U{number}", f"u{number}@seller.example")
        load.deliver(sender.message(f"U{number}", "trust-unknown"), False)
    load.client.close()

    def openings() -> dict[str, dict[str, Any]]:
        said = [m for m in list(slack.messages.values()) if m.get("username")]
        return {m["channel"][1:]: m for m in said}

    until(lambda: len(openings()) == people)
    return openings()


def until(seen: Callable[[], Any], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


def events(openings: dict[str, dict[str, Any]], seconds: int) -> Iterator[bytes]:
    """In the order in which they are sent; replies go round the people."""
    sender, people, turns = Sender(), sorted(openings), 0
    for number in range(seconds * PER_SECOND):
        user = people[turns % len(people)]
        thread = openings[user]["thread_ts"]
        match number % 10:
            case 0:
                yield sender.message(user, f"What worries you most, number {turns}?", thread)
                turns += 1
            case 5:
                why = {"action_id": "why", "value": f"{'0' * 32}:2"}
                yield sender.press(user, openings[user], why)
            case 1 | 2 | 3:
                edited = {"type": "message", "subtype": "message_changed", "channel": f"D{user}"}
                yield sender.event({**edited, "channel_type": "im", "ts": f"{number}.1"})
            case _:
                opening = {"type": "app_home_opened", "user": user, "tab": "messages"}
                yield sender.event({**opening, "channel": f"D{user}"})


def sent_all(process: Process, bodies: list[bytes], load: Load, kills: int) -> None:
    """At their times, while the process is killed and started again."""
    chance = random.Random(1)
    over = threading.Event()

    def killing() -> None:
        for _ in range(kills):
            if over.wait(len(bodies) / PER_SECOND / (kills + 1)):
                return
            process.kill()
            process.start()

    killer = threading.Thread(target=killing)
    begun = time.monotonic()
    killer.start()
    with ThreadPoolExecutor(64) as pool:
        doing = []
        for number, body in enumerate(bodies):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            doing.append(pool.submit(load.deliver, body, chance.random() < AGAIN))
        for one in doing:
            one.result()
    killer.join()
    over.set()
    load.client.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("seconds", "kills"),
    [
        pytest.param(6, 2, marks=pytest.mark.slow),
        pytest.param(SECONDS, KILLS, marks=pytest.mark.scale),
    ],
)
def test_nothing_lost_nothing_twice(
    copy_of_sample: Callable[[], Path], seconds: int, kills: int
) -> None:
    """Every reply is a turn once, answered by one message of the buyer's."""
    home = copy_of_sample()
    turns = seconds * PER_SECOND // 10
    with slack_server() as slack, closing(open_store(f"sqlite:///{home / 'coach.db'}")) as store:
        process = Process(home, slack)
        try:
            openings = opened(process, turns // TURNS_EACH + 1)
            load = Load(process.url)
            sent_all(process, list(events(openings, seconds)), load, kills)
            until(lambda: store.inbox.waiting() == 0)
        finally:
            process.kill()
        replies = [m for m in slack.messages.values() if m.get("username")]
        parts = Counter(str(m["metadata"]) for m in replies)
        assert set(parts.values()) == {1}
        assert len(replies) == len(openings) + turns
        said: list[str] = []
        for user, opening in openings.items():
            talk = store.messengers.talk("T01TEAM", opening["channel"], opening["thread_ts"])
            assert talk
            kept = store.load(Caller(f"{user.lower()}@seller.example"), talk.session)
            said += [turn.text for turn in kept.turns[1::2]]
        assert len(said) == len(set(said)) == turns
        assert slack.faults == []
    took = sorted(load.took)
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(
        f"\n{len(took)} acknowledged in {seconds} s, {load.again} sent again, {kills} kills: "
        f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms; {turns} turns, 0 lost, 0 repeated"
    )
    if seconds >= 60:  # by hand, on an idle machine
        assert p99 < FLOOR
