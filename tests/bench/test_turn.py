"""What an embedded turn, the start of the server and its memory cost.

Print the figures with ``pytest -m bench -s tests/bench/test_turn.py``. Times are held as ratios to
an embedding of the same text in the same run: the machine's mood cancels out.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest

from api.wiring import build_service
from coach.perception import Perceiver
from coach.scenario_book import load_scenarios
from coach.session import LOCAL, Status
from coach.settings import Settings
from knowledge.chunking import sentences
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

REPLIES = (
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not call "
    "for nine hours. That was our failure.",
    "I understand why that worries you. What would nine hours without phones mean for your team?",
    "Since September 2024 two sites run at the same time, Frankfurt and Amsterdam. Updates go to "
    "2% of customers first. Keller Voss audited that in January 2025.",
    "So you would be the one who explains it. Is there anything else that would hold you back?",
    "Support answers 24/7 in every plan; in 2025 the median first answer took 41 seconds. Does "
    "that deal with it?",
    "Would a small start on one site help, with a failover drill while you watch?",
)


def percentile(times: list[float], share: float) -> float:
    return float(np.percentile(np.array(times) * 1000, share))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def unlike(reply: str, mark: str) -> str:
    """The reply with no sentence that was embedded before."""
    return re.sub(r"(?<=\w)([.?])(?= |$)", rf" ({mark})\1", reply)


async def _counted_and_not(home: Path, sessions: int) -> tuple[list[float], list[float]]:
    """Seconds per turn while what lacks evidence is counted, and while it isn't, by turns."""
    times: tuple[list[float], list[float]] = ([], [])
    async with build_service(Settings(home=home)) as service:
        await asyncio.to_thread(service.warm)
        count = service.gaps.met_in_practice
        for seed in range(sessions):
            idle = seed % 2
            service.gaps.met_in_practice = (lambda *_: None) if idle else count  # type: ignore[method-assign]
            session = await service.start(LOCAL, "incumbent-competitor", seed=seed // 2)
            for n, reply in enumerate(REPLIES):
                text = unlike(reply, f"no. {seed}-{n}")
                start = time.perf_counter()
                async for _ in await service.take_turn(LOCAL, session.id, text):
                    pass
                times[idle].append(time.perf_counter() - start)
                if (await service.session(LOCAL, session.id)).status is not Status.ACTIVE:
                    break
    return times


@pytest.mark.scale  # half a minute
def test_counting_gaps_costs_a_turn_nothing(copy_of_sample: Callable[[], Path]) -> None:
    """What lacks evidence is looked up beside the turn, once a minute for each concern."""
    counted, idle = asyncio.run(_counted_and_not(copy_of_sample(), 40))
    ratio = np.median(counted) / np.median(idle)
    print(
        f"\nturn while gaps are counted, {len(counted)} turns: "
        f"p50 {percentile(counted, 50):.0f} ms; "
        f"while not, {len(idle)}: p50 {percentile(idle, 50):.0f} ms; ratio {ratio:.2f}"
    )
    assert ratio < 1.2


async def _turns(home: Path, sessions: int) -> tuple[list[float], list[float]]:
    """Seconds per turn through the service (heard, checked, answered, assessed, stored), and per
    embedding of the same message in between."""
    turns: list[float] = []
    bare: list[float] = []
    plain = MiniLMEmbedder()
    plain.embed(["warm"])
    async with build_service(Settings(home=home)) as service:
        await asyncio.to_thread(service.warm)
        for seed in range(sessions):
            session = await service.start(LOCAL, "trust-true-rumour", seed=seed)
            for n, reply in enumerate(REPLIES):
                text = unlike(reply, f"no. {seed}-{n}")
                start = time.perf_counter()
                async for _ in await service.take_turn(LOCAL, session.id, text):
                    pass
                turns.append(time.perf_counter() - start)
                fresh = re.findall(r"[^.?]+[.?]", unlike(reply, f"nr. {seed}-{n}"))
                bare.append(timed(lambda texts=fresh: plain.embed(texts)))
                stored = await service.session(LOCAL, session.id)
                if stored.status is not Status.ACTIVE:
                    break
    return turns, bare


def test_an_embedded_turn(copy_of_sample: Callable[[], Path]) -> None:
    """A whole turn costs a small multiple of embedding its own sentences once."""
    turns, bare = asyncio.run(_turns(copy_of_sample(), 20))
    ratio = np.median(turns) / np.median(bare)
    print(
        f"\nembedded turn, {len(turns)} turns: p50 {percentile(turns, 50):.0f} ms, "
        f"p95 {percentile(turns, 95):.0f} ms; embedding the message alone: "
        f"p50 {percentile(bare, 50):.0f} ms; ratio {ratio:.1f}"
    )
    assert ratio < 16


def test_hearing_a_message() -> None:
    """Perception adds little to embedding the sentences of the message once."""
    heard, bare = Perceiver(MiniLMEmbedder()), MiniLMEmbedder()
    scenario = load_scenarios().get("trust-true-rumour")
    last = scenario.concerns[0].say[0]
    heard.warm(scenario)
    bare.embed(["warm"])
    heard.hear(scenario, REPLIES[0], last, ())  # the buyer's words are known before they are read
    whole: list[float] = []
    alone: list[float] = []
    for n in range(20):
        for reply in REPLIES:
            text = unlike(reply, f"no. {n}")
            whole.append(timed(lambda words=text: heard.hear(scenario, words, last, ())))
            said = [text[start:end] for start, end in sentences(text)]
            alone.append(timed(lambda texts=said: bare.embed(texts)))
    ratio = np.median(whole) / np.median(alone)
    print(
        f"\nhearing a message, {len(whole)} messages: p50 {percentile(whole, 50):.1f} ms, "
        f"p95 {percentile(whole, 95):.1f} ms; embedding it alone: "
        f"p50 {percentile(alone, 50):.1f} ms; ratio {ratio:.2f}"
    )
    assert ratio < 1.5


def test_the_server_is_ready_soon_and_stays_small(copy_of_sample: Callable[[], Path]) -> None:
    """From the command to a ready answer, against bare imports of what it stands on; each for the
    second time, so that nothing is left to compile."""
    command = [sys.executable, "-c", "import fastapi, chromadb, sqlalchemy, onnxruntime, uvicorn"]
    bare = [timed(lambda: subprocess.run(command, check=True)) for _ in range(2)][1]
    home, port = copy_of_sample(), 18765
    with _serving(home, port):
        pass
    start = time.perf_counter()
    with _serving(home, port) as server:
        ready = time.perf_counter() - start
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            made = client.post("/v1/sessions", json={"scenario": "trust-true-rumour"}).json()
            for reply in REPLIES:
                client.post(f"/v1/sessions/{made['id']}/turns", json={"text": reply})
            client.post("/v1/suggestions", json={"objection": "We are happy with Meridant."})
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
    print(
        f"\nready in {ready:.1f} s (bare imports {bare:.1f} s, ratio {ready / bare:.1f}); "
        f"resident memory after a session {memory:.0f} MB"
    )
    assert server.returncode == 0
    assert ready / bare < 3
    assert memory < 700


@contextmanager
def _serving(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The command, once it answers that it is ready; stopped at the end."""
    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "COACH_MODEL_URL": "", "OPENAI_API_KEY": ""},
    )
    try:
        _until_ready(f"http://127.0.0.1:{port}")
        yield server
    finally:
        server.terminate()
        server.wait(20)


def _until_ready(base: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{base}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not get ready")
