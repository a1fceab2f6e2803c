"""What the coach adds to a model's words on their way: to the first, between them, in 200 talks.

Print the figures with ``pytest -m bench -s tests/bench/test_relay.py``. All are ratios to a bare
relay, or a bare call of the openai library, to the same server in the same run.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from api.client import events
from coach.llm import connect
from prompts import render
from tests.bench.token_server import words

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
TALKS = 200
RATE = 20  # words a second
NUMBER = 120  # words of a reply
PROMPT = "judge/assess.v1"
VARIABLES: dict[str, Any] = {
    "rubric": [{"id": "asked", "question": "Does the reply ask?"}],
    "buyer": "I have never heard of you.",
    "reply": "What would you need to see?",
}
SAID = "I understand why that worries you. What would nine hours without phones mean for team {}?"


@contextmanager
def running(*command: str) -> Iterator[str]:
    """The address of a server that prints its port."""
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


@contextmanager
def coach(home: Path, model_url: str) -> Iterator[str]:
    """The coach as it is served, warm, with that model for every job."""
    env = {**os.environ, "COACH_MODEL_URL": model_url, "COACH_MODEL": "m"}
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http://" in line)
        url = "http://" + line.partition("http://")[2].split()[0].rstrip("/.")
        try:
            yield url
        finally:
            process.terminate()


Stamped = list[tuple[float, bytes]]


async def posted(url: str, path: str, asked: dict[str, str]) -> Stamped:
    """What comes back, with the time of each piece; as little work as can be while it comes."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    content = json.dumps(asked).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
        "Accept: text/event-stream\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content)
    came: Stamped = [(time.perf_counter(), b"")]
    while piece := await reader.read(65536):
        came.append((time.perf_counter(), piece))
    writer.close()
    return came


def deltas(came: Stamped) -> list[tuple[float, str]]:
    """When each piece of the reply was there."""
    found: list[tuple[float, str]] = []
    whole = b""
    for at, piece in came:
        whole += piece
        *lines, whole = whole.split(b"\n")
        for line in lines:
            if line.startswith(b'data: {"text":'):
                found.append((at, json.loads(line[6:])["text"]))
    return found


def ends(found: Sequence[tuple[float, str]]) -> list[float]:
    """When each sentence was whole: what the safety window can't change."""
    return [at for at, text in found if text.rstrip().endswith((".", "?"))]


def gaps(times: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


def p95(seconds: Sequence[float]) -> float:
    return float(np.percentile(np.array(seconds) * 1000, 95))


async def all_at_once(url: str, paths: Sequence[str]) -> list[Stamped]:
    """All talks, begun within 2 s."""

    async def one(number: int, path: str) -> Stamped:
        await asyncio.sleep(2 * number / len(paths))
        return await posted(url, path, {"text": SAID.format(number)})

    return await asyncio.gather(*(one(n, path) for n, path in enumerate(paths)))


def told(name: str, came: Sequence[Stamped]) -> tuple[list[float], list[float]]:
    """Gaps between pieces and between sentences' ends; prints both, and the time to the first."""
    found = [deltas(one) for one in came]
    pieces = [gap for one in found for gap in gaps([at for at, _ in one])]
    sentences = [gap for one in found for gap in gaps(ends(one))]
    first = [one[0][0] - sent[0][0] for one, sent in zip(found, came, strict=True)]
    print(
        f"{name}: first piece p50 {median(first) * 1000:.0f} ms; between pieces p50 "
        f"{median(pieces) * 1000:.1f} ms, p95 {p95(pieces):.1f} ms; "
        f"between ends of sentences p95 {p95(sentences):.1f} ms"
    )
    return pieces, sentences


@pytest.mark.scale  # over a minute
def test_200_talks_at_once(copy_of_sample: Callable[[], Path]) -> None:
    """No failed turn, and no sentence comes more than twice as late as through a bare relay."""
    text = "".join(words(NUMBER)).strip()
    with running(str(HERE / "token_server.py"), str(RATE), str(NUMBER)) as server:
        model_url = f"{server}/v1"
        with running(str(HERE / "bare_relay.py"), model_url) as relay:
            asyncio.run(all_at_once(relay, ["/relay"] * 5))
            print(f"\n{TALKS} talks at once, {RATE} words a second each, {NUMBER} words")
            _, bare = told("bare relay", asyncio.run(all_at_once(relay, ["/relay"] * TALKS)))
        with coach(copy_of_sample(), model_url) as url:
            sessions = started(url, TALKS + 5)
            paths = [f"/v1/sessions/{one}/turns" for one in sessions]
            asyncio.run(all_at_once(url, paths[:5]))
            came = asyncio.run(all_at_once(url, paths[5:]))
            failed = [one for one in came if not completed(one, text)]
            _, ours = told("coach", [one for one in came if one not in failed])
            stored = [kept(url, one) for one in sessions[5:]]
    ratio = p95(ours) / p95(bare)
    print(f"failed turns: {len(failed)}; ratio of the p95: {ratio:.2f}")
    assert not failed, b"".join(piece for _, piece in failed[0])[-600:]
    assert stored == [3] * TALKS
    assert ratio <= 2


def started(url: str, number: int) -> list[str]:
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        asked = {"scenario": "trust-true-rumour"}
        return [client.post("/v1/sessions", json=asked).json()["id"] for _ in range(number)]


def kept(url: str, session: str) -> int:
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        return len(client.get(f"/v1/sessions/{session}").json()["turns"])


def completed(came: Stamped, text: str) -> bool:
    """The model's words, whole, and stored."""
    whole = b"".join(piece for _, piece in came)
    lines = [line for line in whole.decode().split("\n") if not _is_frame(line)]
    found = list(events(line.rstrip("\r") for line in lines))
    said = next((told["turn"]["text"] for name, told in found if name == "reply.completed"), "")
    return bool(said == text and found and found[-1][0] == "turn.completed")


def _is_frame(line: str) -> bool:
    """The size of a chunk, between two events."""
    size = line.strip()
    return bool(size) and all(c in "0123456789abcdef" for c in size)


def test_the_way_of_the_words() -> None:
    """To the first at most 15% or 20 ms longer than a bare call; between them at most 10%."""
    with running(str(HERE / "token_server.py"), "50", "40") as server:
        bare, ours = asyncio.run(by_turns(f"{server}/v1", 15))
    first = median(one[0] for one in ours) - median(one[0] for one in bare)
    allowed = max(0.15 * median(one[0] for one in bare), 0.020)
    between = [p95([gap for one in runs for gap in gaps(one)]) for runs in (bare, ours)]
    print(
        f"\nfirst word: bare {median(one[0] for one in bare) * 1000:.1f} ms, "
        f"ours {first * 1000:+.1f} ms; between words p95: bare {between[0]:.2f} ms, "
        f"ours {between[1]:.2f} ms, ratio {between[1] / between[0]:.3f}"
    )
    assert first <= allowed
    assert between[1] <= 1.1 * between[0]


async def by_turns(url: str, number: int) -> tuple[list[list[float]], list[list[float]]]:
    """Seconds from the question to each word, of a bare call and of ours, by turns."""
    http = DefaultAsyncHttpxClient(trust_env=False)
    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0, http_client=http)
    model = connect(url, None, "m", 30)
    rendered = render(PROMPT, **VARIABLES)

    async def bare() -> AsyncIterator[str]:
        stream = await client.chat.completions.create(
            model="m",
            messages=[
                {"role": "system", "content": rendered.system},
                {"role": "user", "content": rendered.user},
            ],
            stream=True,
        )
        async for chunk in stream:
            if chunk.choices and (word := chunk.choices[0].delta.content):
                yield word

    async def ours() -> AsyncIterator[str]:
        async with aclosing(model.stream(PROMPT, VARIABLES)) as said:
            async for word in said:
                yield word

    async def timed(source: Callable[[], AsyncIterator[str]]) -> list[float]:
        began = time.perf_counter()
        return [time.perf_counter() - began async for _ in source()]

    await timed(bare)
    await timed(ours)
    both: tuple[list[list[float]], list[list[float]]] = ([], [])
    for _ in range(number):
        both[0].append(await timed(bare))
        both[1].append(await timed(ours))
    await model.aclose()
    await client.close()
    return both


def test_a_whole_turn_over_http(copy_of_sample: Callable[[], Path]) -> None:
    """From the seller's words to the buyer's first sentence, heard, checked and decided in between:
    against the first whole sentence of a bare call to the same server, in the same run. Words come
    a sentence at a time, so between them the ends of sentences are compared."""
    with running(str(HERE / "token_server.py"), str(RATE), "40") as server:
        url = f"{server}/v1"
        with coach(copy_of_sample(), url) as ours:
            bare, turns = asyncio.run(turn_by_turn(url, ours, 12))
    first = [median(one[0] for one in runs) * 1000 for runs in (bare, turns)]
    between = [p95([gap for one in runs for gap in gaps(one)]) for runs in (bare, turns)]
    added, allowed = first[1] - first[0], max(0.15 * first[0], 20)
    print(
        f"\nfirst sentence: bare {first[0]:.0f} ms, a turn of ours {added:+.0f} ms (at most "
        f"{allowed:.0f}); between ends of sentences p95: bare {between[0]:.0f} ms, ours "
        f"{between[1]:.0f} ms, ratio {between[1] / between[0]:.3f}"
    )
    assert added <= allowed
    assert between[1] <= 1.1 * between[0]


async def turn_by_turn(
    model_url: str, coach_url: str, number: int
) -> tuple[list[list[float]], list[list[float]]]:
    """Seconds to the end of each sentence, of bare calls and of turns, by turns."""
    http = DefaultAsyncHttpxClient(trust_env=False)
    client = AsyncOpenAI(base_url=model_url, api_key="none", max_retries=0, http_client=http)
    told = render(PROMPT, **VARIABLES)

    async def bare() -> list[float]:
        began, found = time.perf_counter(), []
        stream = await client.chat.completions.create(
            model="m",
            messages=[
                {"role": "system", "content": told.system},
                {"role": "user", "content": told.user},
            ],
            stream=True,
        )
        async for chunk in stream:
            if chunk.choices and (word := chunk.choices[0].delta.content):
                found.append((time.perf_counter() - began, word))
        return ends(found)

    async def turn(path: str, text: str) -> list[float]:
        came = await posted(coach_url, path, {"text": text})
        return ends([(at - came[0][0], said) for at, said in deltas(came)])

    paths = [f"/v1/sessions/{one}/turns" for one in started(coach_url, number + 3)]
    both: tuple[list[list[float]], list[list[float]]] = ([], [])
    for n, path in enumerate(paths):
        both[0].append(await bare())
        both[1].append(await turn(path, SAID.format(n)))
    await client.close()
    return both[0][3:], both[1][3:]
