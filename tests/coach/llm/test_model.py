"""The language model over a real protocol: words pass through, and what goes wrong is named."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from langsmith.utils import get_env_var, tracing_is_enabled

from coach.errors import Misconfigured, ModelFailed
from coach.llm import DEFAULT_MODEL, LanguageModel, connect
from coach.llm.asking import TRIES
from coach.ports import Model
from tests.coach.llm.asked import PROMPT, VARIABLES, formed, heard, using
from tests.loopback import (
    Behaviour,
    Loopback,
    answer,
    cut,
    drop,
    empty_choices,
    fail_inside,
    garbage,
    hang,
    loopback,
    redirect,
    stall,
    status,
)


def test_it_is_a_model(server: Loopback) -> None:
    model: Model = connect(server.url, None, "loopback-1", 5)
    assert model.name == "loopback-1"


class TestStreaming:
    def test_words_arrive_one_by_one_as_they_are_said(self, server: Loopback) -> None:
        server.behave(answer("one two three four", delay=0.15))
        times: list[float] = []

        async def listen(model: LanguageModel) -> list[str]:
            words = []
            async for word in model.stream(PROMPT, VARIABLES):
                times.append(time.monotonic())
                words.append(word)
            return words

        assert using(server.url, listen) == ["one ", "two ", "three ", "four "]
        gaps = [b - a for a, b in pairwise(times)]
        assert min(gaps) > 0.07, "buffered"

    def test_the_server_gets_the_rendered_prompt_and_the_key(self, server: Loopback) -> None:
        using(server.url, heard)
        (body,) = server.bodies
        system, user = body["messages"]
        assert (system["role"], user["role"]) == ("system", "user")
        assert VARIABLES["buyer"] in user["content"]
        assert body["model"] == "loopback-1"
        assert body["stream_options"] == {"include_usage": True}
        assert server.headers[0]["authorization"] == "Bearer sk-test"

    def test_a_reader_who_leaves_hangs_up_on_the_server(self, server: Loopback) -> None:
        server.behave(stall("one two"))

        async def leave(model: LanguageModel) -> bool:
            stream = model.stream(PROMPT, VARIABLES)
            await anext(stream)
            await stream.aclose()
            return await asyncio.to_thread(server.left.wait, 5)

        assert using(server.url, leave)

    def test_a_slow_reader_is_not_taken_for_a_slow_server(self, server: Loopback) -> None:
        server.behave(answer("one two three"))

        async def dawdle(model: LanguageModel) -> int:
            count = 0
            async for _ in model.stream(PROMPT, VARIABLES):
                count += 1
                await asyncio.sleep(0.7)
            return count

        assert using(server.url, dawdle, timeout=1.5) == 3

    def test_streams_run_side_by_side(self, server: Loopback) -> None:
        server.behave(answer("one two three", delay=0.1))

        async def many(model: LanguageModel) -> list[list[str]]:
            return await asyncio.gather(*(heard(model) for _ in range(20)))

        assert using(server.url, many) == [["one ", "two ", "three "]] * 20

    def test_one_model_serves_one_event_loop_after_another(self, server: Loopback) -> None:
        model = connect(server.url, None, "loopback-1", 5)

        async def once() -> list[str]:
            try:
                return await heard(model)
            finally:
                await model.aclose()

        assert asyncio.run(once()) == asyncio.run(once()) == ["Hello ", "there, ", "you. "]


#: What the server does, what the rep is told, and how often the server was asked.
FAILURES: list[tuple[str, Behaviour, str, int]] = [
    ("wrong key", status(401, error="sk-secret"), "refused the key (401)", 1),
    ("forbidden", status(403), "refused the key (403)", 1),
    ("unknown model", status(404), "no such address or model (404)", 1),
    ("bad request", status(400), "refused the request (400)", 0),
    (
        "overflow",
        status(400, error="request exceeds the context", kind="exceed_context_size_error"),
        "conversation is too long",
        1,
    ),
    ("busy", status(429), "too busy (429)", TRIES),
    ("busy for a minute", status(429, retry_after="60"), "too busy (429)", 1),
    ("busy until a date", status(429, retry_after="Fri, 01 Jan 2100"), "too busy (429)", 1),
    ("no credit", status(429, kind="insufficient_quota"), "no credit left (429)", 1),
    ("broken", status(500), "server failed (500)", TRIES),
    ("overloaded", status(503), "server failed (503)", TRIES),
    ("reset", drop(), "connection to the model server failed", TRIES),
    ("hang", hang(), "no complete answer from the model server in 0.5 s", 1),
    ("no choices", empty_choices(), "", 0),
    ("not JSON", garbage(), "", 0),
    ("not JSON by its own account", garbage("text/html"), "", 0),
    ("elsewhere", redirect("http://127.0.0.1:9/v1/chat/completions"), "refused the request", 1),
]
named = pytest.mark.parametrize(
    ("behaviour", "reason", "calls"), [f[1:] for f in FAILURES], ids=[f[0] for f in FAILURES]
)


class TestFailure:
    @named
    @pytest.mark.parametrize("ask", [heard, formed])
    def test_it_is_named_for_a_person(
        self,
        server: Loopback,
        ask: Callable[[LanguageModel], Awaitable[object]],
        behaviour: Behaviour,
        reason: str,
        calls: int,
    ) -> None:
        server.behave(behaviour)
        with pytest.raises(ModelFailed) as caught:
            using(server.url, ask, timeout=0.5 if "0.5 s" in reason else 10)
        assert reason in caught.value.message
        assert "sk-" not in caught.value.message
        assert len(caught.value.message) < 120
        assert server.calls == calls or not calls

    def test_nobody_there(self) -> None:
        with loopback() as gone:
            url = gone.url
        with pytest.raises(ModelFailed, match="connection to the model server failed"):
            using(url, heard)

    @pytest.mark.parametrize("passing", [status(500), status(429), drop(), cut("")])
    def test_a_passing_fault_before_the_first_word_is_retried(
        self, server: Loopback, passing: Behaviour
    ) -> None:
        server.behave(passing, answer("all well"))
        assert using(server.url, heard) == ["all ", "well "]
        assert server.calls == 2

    def test_a_short_retry_after_is_kept(self, server: Loopback) -> None:
        server.behave(status(429, retry_after="1"), answer("all well"))
        began = time.monotonic()
        assert using(server.url, heard) == ["all ", "well "]
        assert time.monotonic() - began >= 1

    @pytest.mark.parametrize(
        ("behaviour", "reason"),
        [
            (cut("half a"), "broke off"),
            (cut("half a", clean=False), "failed"),
            (answer("half a", finish=None), "broke off"),
            (answer("half a", finish="length"), "longer than it may be"),
            (answer("half a", finish="content_filter"), "withheld"),
            (fail_inside("half a"), "failed in the middle"),
            (stall("half a"), "no complete answer"),
        ],
        ids=["clean cut", "reset", "no finish", "length", "filter", "error event", "stall"],
    )
    def test_half_an_answer_is_a_failure_and_never_asked_again(
        self, server: Loopback, behaviour: Behaviour, reason: str
    ) -> None:
        server.behave(behaviour, answer("a second answer"))
        words: list[str] = []
        with pytest.raises(ModelFailed, match=reason):
            using(server.url, lambda model: heard(model, words), timeout=1.5)
        assert words == ["half ", "a "]
        assert server.calls == 1

    @pytest.mark.parametrize("text", ["", "  "])
    def test_no_words_are_a_failure(self, server: Loopback, text: str) -> None:
        server.behave(answer(text))
        with pytest.raises(ModelFailed, match="empty"):
            using(server.url, heard)

    def test_a_drip_does_not_last_longer_than_the_timeout(self, server: Loopback) -> None:
        server.behave(answer("word " * 200, delay=0.05))
        began = time.monotonic()
        with pytest.raises(ModelFailed, match="no complete answer"):
            using(server.url, heard, timeout=1)
        assert time.monotonic() - began < 4

    def test_a_provider_whose_package_is_missing_is_named(self) -> None:
        model = connect(None, "key", "cohere:command", 5)
        with pytest.raises(ModelFailed, match=r"cohere:command can't be opened"):
            asyncio.run(formed(model))


class TestConnecting:
    def test_the_server_is_asked_which_model_it_has(self, server: Loopback) -> None:
        server.models = ("qwen:7b", "other")
        assert connect(server.url, None, None, 5).name == "qwen:7b"

    def test_a_server_that_is_down_at_start_is_asked_again_later(self, server: Loopback) -> None:
        server.models = ()
        model = connect(server.url, None, None, 5)
        assert "127.0.0.1" in model.name
        server.models = ("late-1",)

        async def once() -> list[str]:
            try:
                return await heard(model)
            finally:
                await model.aclose()

        assert asyncio.run(once())
        assert model.name == "late-1"

    def test_a_server_that_names_no_model_is_a_failure_with_a_way_out(
        self, server: Loopback
    ) -> None:
        server.models = ()
        model = connect(server.url, None, None, 5)
        with pytest.raises(ModelFailed, match="COACH_MODEL"):
            asyncio.run(heard(model))

    def test_an_address_that_is_none_is_refused_at_once(self) -> None:
        with pytest.raises(Misconfigured, match="COACH_MODEL_URL"):
            connect("http://[bad", None, "m", 5)

    def test_a_key_alone_means_openai(self) -> None:
        model = connect(None, "sk-test", None, 5)
        assert (model.address.provider, model.address.model, model.address.url) == (
            "openai",
            DEFAULT_MODEL,
            None,
        )
        assert "sk-test" not in repr(model)

    @pytest.mark.parametrize(
        ("given", "provider", "name"),
        [
            ("anthropic:claude-x", "anthropic", "claude-x"),
            ("openai:gpt-x", "openai", "gpt-x"),
            ("llama3.2:3b", "openai", "llama3.2:3b"),
            ("ft:gpt-x:team", "openai", "ft:gpt-x:team"),
        ],
    )
    def test_only_a_known_provider_is_split_off(self, given: str, provider: str, name: str) -> None:
        model = connect("http://127.0.0.1:9/v1", None, given, 5)
        assert (model.address.provider, model.address.model) == (provider, name)

    def test_the_environment_redirects_and_traces_nothing(
        self, server: Loopback, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = "http://127.0.0.1:9"
        for name, value in {
            "OPENAI_API_KEY": "sk-environment",
            "OPENAI_API_BASE": elsewhere,
            "OPENAI_BASE_URL": elsewhere,
            "LANGSMITH_GATEWAY": elsewhere,
            "LANGSMITH_ENDPOINT": elsewhere,
            "LANGSMITH_API_KEY": "ls-key",
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "HTTP_PROXY": elsewhere,
            "ALL_PROXY": elsewhere,
        }.items():
            monkeypatch.setenv(name, value)
        get_env_var.cache_clear()
        assert using(server.url, heard, key=None) == ["Hello ", "there, ", "you. "]
        assert "sk-environment" not in str(server.headers)
        assert tracing_is_enabled() is False

    def test_warming_up_asks_the_server_nothing_and_never_fails(self, server: Loopback) -> None:
        using(server.url, lambda model: model.warm())
        assert server.calls == 0
        asyncio.run(connect(None, "key", "cohere:command", 5).warm())

    def test_importing_it_brings_none_of_the_heavy_libraries(self) -> None:
        code = (
            "import sys, coach.llm; "
            "print([m for m in ('langchain', 'langchain_core', 'langchain_openai', 'openai', "
            "'httpx', 'jinja2', 'jsonschema') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p or "." for p in sys.path)},
        )
        assert done.stdout.strip() == "[]"
