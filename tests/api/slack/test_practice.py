"""One whole practice in Slack, driven by signed HTTP requests, on the real coach."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.wiring import build_service
from coach.messenger.settings import SlackSettings
from coach.session import Caller
from coach.settings import Settings
from coach.store import open_store
from tests.slack_server import SECRET, TOKEN, Sender, SlackServer, headers_for, slack_server

pytestmark = pytest.mark.slow

ANNA, ADDRESS = "U1ANNA", "https://coach.example"
REPLIES = (
    "That is fair. May I ask what you have heard about us?",
    "What would you need to see before you could trust a new vendor?",
    "Nordhavn Clinics cut missed calls; may I show you how they did it?",
    "What happens today when a call is missed?",
    "Who else would have to be convinced?",
    "Shall we talk to a reference customer together next week?",
)


@dataclass
class Bench:
    """The coach, Slack, and somebody who uses both."""

    client: TestClient
    slack: SlackServer
    home: Path
    sender: Sender = field(default_factory=Sender)

    def send(self, body: bytes) -> None:
        answer = self.client.post("/slack/events", content=body, headers=headers_for(body))
        assert answer.status_code == 200, answer.text

    def until(self, seen: Callable[[], Any], seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while not (found := seen()):
            assert time.monotonic() < end, (self.slack.faults, self.slack.calls[-5:])
            time.sleep(0.02)
        return found

    def drained(self) -> None:
        with closing(open_store(f"sqlite:///{self.home / 'coach.db'}")) as store:
            self.until(lambda: store.inbox.waiting() == 0)

    def do(self, body: bytes) -> None:
        """Sends it and waits until it is worked off."""
        self.send(body)
        self.drained()

    def press(self, message: dict[str, Any], name: str) -> None:
        self.do(self.sender.press(ANNA, message, button(message, name)))


def button(message: dict[str, Any], name: str) -> dict[str, Any]:
    elements = [e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]
    found = next(e for e in elements if e["action_id"] == name)
    return {"action_id": name, "value": found.get("value")}


@pytest.fixture(scope="module")
def bench(copy_of_sample: Callable[[], Path]) -> Iterator[Bench]:
    with slack_server() as slack:
        slack.member(ANNA, "anna@seller.example")
        home = copy_of_sample()
        settings = SlackSettings(SECRET, TOKEN, api=f"{slack.url}/")
        app = create_app(
            lambda: build_service(Settings(home=home)), public_url=ADDRESS, slack=settings
        )
        with TestClient(app, base_url="https://coach.example") as client:
            yield Bench(client, slack, home, Sender(f"{slack.url[:-4]}/response/1"))


def buyers(thread: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in thread if message.get("username")]


def test_a_whole_practice(bench: Bench) -> None:
    """Opened by a command, six turns, a hint, why, sources, back once, ended, told and shared."""
    slack, sender = bench.slack, bench.sender
    bench.do(sender.command(ANNA, "practise trust-unknown"))
    root = next(m for m in slack.messages.values() if not m.get("thread_ts"))
    assert root["channel"] == f"D{ANNA}"  # not where she typed it
    assert "only you see it" in str(slack.answered[-1]["blocks"])
    opening = buyers(slack.thread(root["ts"]))[-1]
    assert opening["username"]
    assert opening["icon_emoji"]

    for reply in REPLIES[:3]:
        bench.do(sender.message(ANNA, reply, root["ts"]))
    third = buyers(slack.thread(root["ts"]))[-1]
    tips = [w for w in slack.whispers if "Coach:" in str(w["blocks"])]
    assert all(w["user"] == ANNA and w["thread_ts"] == root["ts"] for w in tips)

    before = len(slack.whispers)
    for name in ("hint", "why", "sources"):
        bench.press(third, name)
    hint, *rest = slack.whispers[before:]
    assert "Coach:" in str(hint["blocks"])
    assert "Nordhavn" in str(rest)

    bench.press(third, "rewind")
    assert "Back here" in str(slack.thread(root["ts"])[-2]["blocks"])
    for reply in REPLIES[3:]:
        bench.do(sender.message(ANNA, reply, root["ts"]))
    last = buyers(slack.thread(root["ts"]))[-1]
    bench.press(last, "end")
    debrief = slack.thread(root["ts"])[-1]
    assert "Score" in str(debrief["blocks"])

    assert not [m for m in slack.messages.values() if m["channel"] == "C0TEAM"]
    session = button(debrief, "again")["value"]
    share = {"action_id": f"share:{session}", "selected_conversation": "C0TEAM"}
    bench.do(sender.press(ANNA, debrief, share))
    shared = [m for m in slack.messages.values() if m["channel"] == "C0TEAM"]
    assert len(shared) == 1
    assert not any(reply in str(shared) for reply in REPLIES)  # what she said stays hers

    with closing(open_store(f"sqlite:///{bench.home / 'coach.db'}")) as store:
        talk = store.messengers.talk("T01TEAM", f"D{ANNA}", root["ts"])
        assert talk is not None
        kept = store.load(Caller("anna@seller.example"), talk.session)
    assert [t.text for t in kept.turns[1::2]] == [*REPLIES[:2], *REPLIES[3:]]
    assert slack.faults == []
