"""Reps who practise at once, over HTTP: what load is made of, and what it tells."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import numpy as np

SCENARIOS = (
    "interest",
    "misunderstood-value",
    "incumbent-competitor",
    "superior-competitor",
    "trust-unknown",
    "trust-true-rumour",
    "market-entry",
)
REPLIES = (
    "I understand why that worries you. What would nine hours without phones mean for your team?",
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not call "
    "for nine hours. That was our failure.",
    "Since September 2024 two sites run at the same time, Frankfurt and Amsterdam.",
    "So you would be the one who explains it. Is there anything else that would hold you back?",
    "Support answers 24/7 in every plan; in 2025 the median first answer took 41 seconds. Does "
    "that deal with it?",
    "Would a small start on one site help, with a failover drill while you watch?",
    "Who else would have to agree before you could try that?",
)
PATIENCE = 180.0  # seconds that an answer may take before it counts as none
_marks = itertools.count()


@dataclass
class Told:
    """What reps saw: seconds of each turn, how many began a session, and each answer that wasn't
    one."""

    turns: list[float] = field(default_factory=list)
    sessions: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.turns) / self.seconds

    def percentile(self, share: float) -> float:
        """In ms."""
        return float(np.percentile(np.array(self.turns) * 1000, share))

    def __str__(self) -> str:
        return (
            f"{len(self.turns):,} turns in {self.seconds:.0f} s ({self.rate:.1f} a second), "
            f"{self.sessions} sessions begun: p50 {self.percentile(50):.0f} ms, "
            f"p95 {self.percentile(95):.0f} ms, p99 {self.percentile(99):.0f} ms, "
            f"{len(self.errors)} errors"
        )


def fresh(reply: str) -> str:
    """The reply with no sentence that was ever sent before: nothing of it is remembered."""
    mark = next(_marks)
    return re.sub(r"(?<=\w)([.?])(?= |$)", rf" ({mark})\1", reply)


class Rep:
    """One who practises scenario after scenario, with a turn every ``pace`` seconds."""

    def __init__(self, http: httpx.AsyncClient, told: Told, pace: float, until: float) -> None:
        self._http, self._told, self._pace, self._until = http, told, pace, until
        self._session = ""

    async def practise(self) -> None:
        due = time.monotonic() + random.uniform(0, self._pace)
        for reply in itertools.cycle(random.sample(REPLIES, len(REPLIES))):
            await asyncio.sleep(max(due - time.monotonic(), 0))
            if time.monotonic() >= self._until:
                return
            try:
                await self._turn(reply)
            except httpx.HTTPError as error:
                self._told.errors.append(repr(error))
                self._session = ""
            due = max(due + self._pace, time.monotonic())

    async def _turn(self, reply: str) -> None:
        if not self._session:
            start = {"scenario": random.choice(SCENARIOS)}
            begun = await self._http.post("/v1/sessions", json=start)
            if begun.status_code != httpx.codes.CREATED:
                self._told.errors.append(f"{begun.status_code} {begun.text[:200]}")
                return
            self._session = begun.json()["id"]
            self._told.sessions += 1
        since = time.perf_counter()
        place = f"/v1/sessions/{self._session}/turns"
        answer = await self._http.post(place, json={"text": fresh(reply)})
        if answer.status_code != httpx.codes.OK:
            self._told.errors.append(f"{answer.status_code} {answer.text[:200]}")
            self._session = ""
            return
        self._told.turns.append(time.perf_counter() - since)
        if answer.json()["session"]["status"] != "active":
            self._session = ""


def practised(urls: Sequence[str], reps: int, pace: float, seconds: float) -> Told:
    """So many reps, dealt out to these servers, for so long."""
    return asyncio.run(_practised(urls, reps, pace, seconds))


async def _practised(urls: Sequence[str], reps: int, pace: float, seconds: float) -> Told:
    told, since = Told(), time.monotonic()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    clients = [
        httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, trust_env=False)
        for url in urls
    ]
    crowd = [
        Rep(clients[number % len(clients)], told, pace, since + seconds).practise()
        for number in range(reps)
    ]
    await asyncio.gather(*crowd)
    told.seconds = time.monotonic() - since
    for client in clients:
        await client.aclose()
    return told
