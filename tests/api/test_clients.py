"""Programs that practise over real HTTP: our own typed client, and the official one of OpenAI."""

from __future__ import annotations

import json
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types.chat import ChatCompletionMessageParam

from api.coach_client import CoachClient, Problem, TurnEvent, Unavailable
from api.server import private_server
from coach.settings import Settings

pytestmark = pytest.mark.slow  # a server of its own; the talks themselves: see test_chat

TITLE = (
    "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n"
    '### Output:\nJSON format: { "title": "your concise title here" }\n'
    "### Chat History:\n<chat_history>\nUSER: Hello\n</chat_history>"
)
FOLLOW_UPS = (
    "### Task:\nSuggest 3-5 relevant follow-up questions or prompts that the user might naturally "
    'ask next.\n### Output:\nJSON format: { "follow_ups": ["Question 1?"] }\n<chat_history>'
)
LIES = "There was no outage. That is just a rumour our competitors spread."


@pytest.fixture(scope="module")
def url(copy_of_sample: Callable[[], Path]) -> Iterator[str]:
    with private_server(Settings(home=copy_of_sample())) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client


class Chat:
    """A chat as such programs hold one: all of it is sent each time."""

    def __init__(self, client: OpenAI, model: str) -> None:
        self.client, self.model = client, model
        self.messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": "You are a helpful assistant."}
        ]

    def say(self, text: str) -> dict[str, Any]:
        self.messages.append({"role": "user", "content": text})
        given = self.client.chat.completions.create(
            model=self.model, messages=self.messages, temperature=0.3, max_tokens=50
        )
        said = given.choices[0].message.content or ""
        self.messages.append({"role": "assistant", "content": said})
        assert given.usage
        assert given.usage.total_tokens > given.usage.completion_tokens > 0
        note: dict[str, Any] = (given.model_extra or {})["coach"]
        return {**note, "said": said}


def test_the_example_in_the_readme_runs(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands there, at another address."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.+?)```", readme, re.DOTALL)
    assert block
    exec(block.group(1).replace("http://127.0.0.1:8000", url), {})  # noqa: S102  # our own words
    assert len(capsys.readouterr().out.splitlines()) >= 4


def test_our_client_speaks_in_types(url: str) -> None:
    """Sessions, turns, evidence and progress are models; what is refused is a Problem."""
    with CoachClient(url) as coach:
        session = coach.start("trust-true-rumour", difficulty="normal", seed=7)
        told = coach.say(session.id, "What would nine hours without calls have meant for you?")
        assert told.buyer.text
        assert told.assessment.checks
        assert _words(coach.follow(session.id, 1)) == told.buyer.text
        other = coach.branch(session.id, 1)
        assert other.parent
        assert other.parent.session == session.id
        assert coach.hint(session.id).level == 1
        assert coach.guess(session.id, "They fear another outage.").level
        assert coach.end(session.id).session == coach.debrief(session.id).session == session.id
        assert session.id in {one.id for one in coach.sessions()}
        found = coach.evidence("outage", kind=["rumour"], limit=2)
        assert coach.evidence_item(found.items[0].evidence_id).kind == "rumour"
        assert coach.suggest("You had that outage", {"sector": "healthcare"}).suggestions
        assert coach.check("Our outage lasted nine hours.")[0].status
        assert coach.progress()
        assert coach.next().scenario
        with pytest.raises(Problem, match="branch") as refused:
            coach.cancel(session.id, 1)
        assert refused.value.status == 409
        coach.delete(other.id)
        with pytest.raises(Problem, match="no session"):
            coach.session(other.id)


def test_a_turn_is_whole_however_often_its_connection_breaks(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut after every few hundred bytes, it is one turn, and each word of it comes once."""
    monkeypatch.setattr("api.following.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("api.following.TRIES", 200)
    with CoachClient(url) as plain:
        session = plain.start("trust-true-rumour", seed=7).id
        with cutting(url, after=900) as broken, CoachClient(broken) as coach:
            told = list(coach.turn(session, "What would nine hours have meant for you?"))
        kept = plain.session(session)
    assert kept.turn_count == 3
    assert _words(told) == kept.turns[2].text
    names = [one.name for one in told if one.name != "reply.delta"]
    assert names == ["turn.created", "reply.completed", "assessment", "turn.completed"]
    with CoachClient("http://127.0.0.1:9") as nowhere, pytest.raises(Unavailable, match="reached"):
        nowhere.scenarios()


def _words(told: Iterable[TurnEvent]) -> str:
    return "".join(one.text for one in told).strip()


@contextmanager
def cutting(url: str, after: int) -> Iterator[str]:
    """A way to the server on which each connection breaks after that many bytes of an answer,
    a little later each time."""
    host, _, port = url.removeprefix("http://").rpartition(":")

    class Cut(socketserver.BaseRequestHandler):
        most = after

        def handle(self) -> None:
            with socket.create_connection((host, int(port))) as there:
                there.sendall(self.request.recv(65_536))
                there.settimeout(5)
                left = Cut.most
                Cut.most += 150
                while left > 0 and (answer := there.recv(min(left, 4_096))):
                    self.request.sendall(answer)
                    left -= len(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Cut) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_each_scenario_is_a_model(client: OpenAI) -> None:
    """With difficulty and persona as one likes; another name is no model."""
    listed = client.models.list().data
    assert {"interest", "trust-true-rumour", "international"} <= {one.id for one in listed}
    assert client.models.retrieve("trust-true-rumour:hard").id == "trust-true-rumour:hard"
    for model in ("nothing", "trust-true-rumour:brutal", "interest:hard:nobody", "a::"):
        with pytest.raises(NotFoundError) as refused:
            client.models.retrieve(model)
        assert refused.value.code == "model_not_found"


def test_a_scenario_is_practised_to_its_end(client: OpenAI, url: str) -> None:
    """Denied often enough, the buyer walks away; the session is one like any other, with its
    debrief; what chat programs ask beside it is no turn."""
    chat = Chat(client, "trust-true-rumour:hard")
    opened = chat.say("Good morning!")
    assert opened["turn"] is None
    assert opened["said"]
    for side, field in ((TITLE, "title"), (FOLLOW_UPS, "follow_ups")):
        asked: list[ChatCompletionMessageParam] = [{"role": "user", "content": side}]
        given = client.chat.completions.create(model=chat.model, messages=asked)
        assert field in json.loads(given.choices[0].message.content or "")
    told = opened
    for number in range(20):
        told = chat.say(f"{LIES} I tell you for the time number {number + 1}.")
        assert told["session"] == opened["session"]
        assert told["turn"] == 2 * number + 1
        assert told["assessment"]["checks"]
        if told["status"] != "active":
            break
    assert told["status"] == "walked_away"
    session = httpx.get(f"{url}/v1/sessions/{opened['session']}", trust_env=False).json()
    assert session["turn_count"] == 2 * number + 3
    assert [t["text"] for t in session["turns"]][::2] == [
        m["content"] for m in chat.messages if m["role"] == "assistant"
    ]
    after = chat.say("Wait, please!")
    assert "walked away" in after["said"]
    assert after["turn"] is None


def test_the_same_talk_again_is_no_new_turn_and_a_changed_one_is_a_branch(client: OpenAI) -> None:
    """As when an answer is made anew, or an earlier message edited."""
    chat = Chat(client, "trust-true-rumour")
    first = chat.say("Hello")
    said = chat.say("What would nine hours without calls have meant for you?")
    del chat.messages[-2:]
    again = chat.say("What would nine hours without calls have meant for you?")
    assert (again["session"], again["turn"], again["said"]) == (
        said["session"],
        said["turn"],
        said["said"],
    )
    del chat.messages[-2:]
    other = chat.say("Yes, that is true: for nine hours our customers could not call.")
    assert other["session"] != first["session"]
    assert other["turn"] == 1
    further = chat.say("How did that reach you?")
    assert further["session"] == other["session"]
    hint = chat.say("/hint")
    assert hint["turn"] is None
    assert chat.say("/end")["status"] == "ended"


def test_a_stream_holds_the_same(client: OpenAI) -> None:
    """In pieces, with usage where it is asked for."""
    given = client.chat.completions.create(
        model="interest",
        messages=[{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(given)
    words = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert len(chunks) > 5
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage
    chat = Chat(client, "interest")
    chat.messages += [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": words},
    ]
    assert chat.say("What made you look at us?")["turn"] == 1


def test_what_is_wrong_is_told_as_openai_tells_it(client: OpenAI, url: str) -> None:
    """400 with a message, a type and the field; never a problem of ours, never 422."""
    asked: list[ChatCompletionMessageParam] = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "I never said this."},
        {"role": "user", "content": "Yes you did."},
    ]
    with pytest.raises(BadRequestError, match="begin a new chat"):
        client.chat.completions.create(model="interest", messages=asked)
    with pytest.raises(BadRequestError, match="one answer"):
        client.chat.completions.create(model="interest", messages=asked[:1], n=2)
    with pytest.raises(NotFoundError):
        client.chat.completions.create(model="gpt-4", messages=asked[:1])
    for body in ({"model": "interest", "messages": []}, {"model": "interest"}, [], "x"):
        told = httpx.post(f"{url}/v1/chat/completions", json=body, trust_env=False)
        assert told.status_code == 400
        assert {"message", "type", "param", "code"} == told.json()["error"].keys()
