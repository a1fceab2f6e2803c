"""Slack's door: what is signed is kept once and acknowledged, then answered to whom it may be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.wiring import now
from coach.accounts.account import Role
from coach.accounts.book import AccountBook
from coach.errors import Unavailable
from coach.messenger.desk import Messenger, MessengerStores
from coach.messenger.settings import SlackSettings
from coach.store import SqlStore
from tests.api.conftest import lending
from tests.fakes_service import FakeService
from tests.slack_server import (
    CLIENT,
    CODE,
    SECRET,
    TEAM,
    TOKEN,
    Sender,
    SlackServer,
    headers_for,
    signed,
    slack_server,
)
from tests.sqlite import fresh_store

ANNA = "U1ANNA"
HERE = "http://127.0.0.1:8000"


@dataclass
class Door:
    client: TestClient
    slack: SlackServer
    store: SqlStore
    service: FakeService
    sender: Sender = field(default_factory=Sender)

    def do(self, body: bytes) -> None:
        answer = self.client.post("/slack/events", content=body, headers=headers_for(body))
        assert answer.status_code == 200, answer.text
        self.until(lambda: self.store.inbox.waiting() == 0)

    def until(self, seen: Callable[[], Any]) -> Any:
        end = time.monotonic() + 30
        while not (found := seen()):
            assert time.monotonic() < end, self.slack.calls[-5:]
            time.sleep(0.02)
        return found

    def heard(self) -> str:
        """All that was whispered, or answered to a command."""
        return str([*self.slack.whispers, *self.slack.answered])


@pytest.fixture
def door(tmp_path: Path, service: FakeService) -> Iterator[Door]:
    """A coach with one admin, in no workspace but by its own token."""
    store = fresh_store(tmp_path)
    stores = MessengerStores(store.inbox, store.messengers, tmp_path / "secret.key")
    service.messenger = Messenger(stores, now)
    service.accounts = AccountBook(store.accounts, now)
    service.accounts.add_user("boss@seller.example", [Role.ADMIN])
    with slack_server() as slack:
        slack.member(ANNA, "anna@seller.example")
        settings = SlackSettings(
            SECRET, TOKEN, client_id=CLIENT, client_secret="s", api=f"{slack.url}/"
        )
        app = create_app(lending(service), public_url=HERE, slack=settings)
        with TestClient(app, base_url=HERE) as client:
            sender = Sender(f"{slack.url[:-4]}/response/1")
            yield Door(client, slack, store, service, sender)
    store.close()


def forged(body: bytes) -> Iterator[dict[str, str]]:
    good = headers_for(body)
    yield {name: value for name, value in good.items() if not name.startswith("X-")}
    yield {**good, "X-Slack-Signature": ""}
    yield {**good, "X-Slack-Signature": "v0=" + "0" * 64}
    yield {**good, **signed(body, secret="another")}
    yield {**good, **signed(body + b" ")}
    yield {**good, **signed(body, at=time.time() - 301)}
    yield {**good, **signed(body, at=time.time() + 301)}
    yield {**good, "X-Slack-Request-Timestamp": "1e9"}
    yield {**good, "X-Slack-Request-Timestamp": "9" * 400}
    yield {**good, "X-Slack-Request-Timestamp": str(int(time.time()) + 1)}


def test_only_what_slack_signed(door: Door) -> None:
    """What is unsigned, wrongly signed, changed or old is refused, and nothing of it is kept."""
    for body in (door.sender.message(ANNA, "hello"), door.sender.command(ANNA, "help")):
        for headers in forged(body):
            answer = door.client.post("/slack/events", content=body, headers=headers)
            assert answer.status_code == 403, headers
            assert answer.headers["content-type"].startswith("application/problem+json")
    assert door.store.inbox.waiting() == 0
    assert door.slack.calls == []
    for body in (b"", b"[]", b"{", b"payload=%7B", b"payload=1"):
        headers = headers_for(body)
        assert door.client.post("/slack/events", content=body, headers=headers).status_code == 422
    challenge = b'{"type": "url_verification", "challenge": "abc"}'
    told = door.client.post("/slack/events", content=challenge, headers=headers_for(challenge))
    assert told.text == "abc"


def test_sent_again_is_done_once(door: Door) -> None:
    """However often Slack sends it; people whom the coach knows are answered."""
    assert door.service.accounts
    door.service.accounts.add_user("anna@seller.example")
    body = door.sender.message(ANNA, "hello")
    for _ in range(3):
        door.do(body)
    asked = door.slack.called("chat.postMessage")
    assert len(asked) == 1
    assert "static_select" in str(asked[0]["blocks"])


def test_who_isnt_known_is_linked_once(door: Door) -> None:
    """A stranger gets a link; whoever opens it signed in says that it is them, and only once."""
    assert door.service.accounts
    door.do(door.sender.command(ANNA, "answer Too dear"))
    link = door.heard().split("<")[1].split("|")[0]
    code = parse_qs(urlsplit(link).query)["code"][0]
    assert door.client.get("/slack/link", params={"code": code}).url.path == "/login"
    door.service.accounts.add_user("anna.b@seller.example")
    _, token = door.service.accounts.create_token("anna.b@seller.example")
    door.client.post(
        "/login", data={"token": token}, headers={"Origin": HERE}, follow_redirects=False
    )
    page = door.client.get("/slack/link", params={"code": code})
    assert "anna.b@seller.example" in page.text
    for expected in (200, 404):
        sent = door.client.post("/slack/link", data={"code": code}, headers={"Origin": HERE})
        assert sent.status_code == expected
    door.do(door.sender.command(ANNA, "answer Too dear"))
    assert door.service.asked[-1] == ("Too dear", None, 3)
    person = door.store.messengers.person(TEAM, ANNA)
    assert person
    assert person.owner == "anna.b@seller.example"


def test_guests_are_not_believed(door: Door) -> None:
    """An address in the profile of a guest, a bot or somebody from elsewhere opens nothing."""
    for number, flags in enumerate(
        ({"is_restricted": True}, {"is_bot": True}, {"team_id": "T2"}, {"is_stranger": True})
    ):
        door.slack.member(f"U{number}", "boss@seller.example", **flags)
        door.do(door.sender.command(f"U{number}", "practise"))
        assert door.store.messengers.person(TEAM, f"U{number}") is None
    assert door.heard().count("Say who you are") == 4


def test_roles_and_leaving_are_respected(door: Door) -> None:
    """Somebody whose account is disabled is out at once."""
    accounts = door.service.accounts
    assert accounts
    accounts.add_user("anna@seller.example")
    door.do(door.sender.shortcut(ANNA, "Too dear &amp; too late"))
    assert door.service.asked == [("Too dear & too late", None, 3)]
    accounts.disable("anna@seller.example")
    door.do(door.sender.shortcut(ANNA, "Too dear"))
    assert "disabled" in door.heard()
    assert len(door.service.asked) == 1


def test_a_workspace_is_added_and_leaves(door: Door) -> None:
    """By OAuth, only in the browser of the admin's own tenant; leaving cleans up."""
    assert door.service.accounts
    _, token = door.service.accounts.create_token("boss@seller.example")
    admin = {"Authorization": f"Bearer {token}"}
    away = door.client.get("/slack/install", headers=admin, follow_redirects=False)
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["client_id"] == [CLIENT]
    back = {"code": CODE, "state": asked["state"][0]}
    assert door.client.get("/slack/back", params=back).url.path == "/login"
    assert "Added to Slack" in door.client.get("/slack/back", params=back, headers=admin).text
    assert door.client.get("/slack/back", params=back, headers=admin).status_code == 404
    kept = door.store.messengers.installation(TEAM)
    assert kept
    assert TOKEN not in kept.token
    door.do(door.sender.command(ANNA, "help"))
    assert door.store.messengers.person(TEAM, ANNA) is None
    door.do(door.sender.event({"type": "app_uninstalled"}))
    assert door.store.messengers.installation(TEAM) is None


def test_trouble_is_told_and_nothing_is_lost(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a part is away people are told so once, and answered when it is back; Slack's limits
    are waited for."""
    assert door.service.accounts
    door.service.accounts.add_user("anna@seller.example")
    monkeypatch.setattr("api.slack.working.WAIT", timedelta(seconds=0.2))
    door.service.fails = Unavailable("the database can't answer; try again")
    body = door.sender.command(ANNA, "answer Too dear")
    door.client.post("/slack/events", content=body, headers=headers_for(body))
    door.until(lambda: len(door.service.asked) > 2)
    door.service.fails = None
    door.slack.fail["chat.postEphemeral"] = ["ratelimited"]
    door.until(lambda: door.store.inbox.waiting() == 0)
    assert door.heard().count("Your words are kept") == 2  # as text and as a block
    assert "You could say" in door.heard()


def test_what_goes_wrong_for_good_is_told(door: Door) -> None:
    """A bad wish gets its one line; what can't be done is settled and apologised for."""
    assert door.service.accounts
    door.service.accounts.add_user("anna@seller.example")
    door.do(door.sender.command(ANNA, "practise nonsense"))
    assert "there is no scenario" in door.heard()
    door.do(door.sender.in_home(ANNA, {"action_id": "hint", "value": "old"}))
    assert "too old" in str(door.slack.messages)
