"""Which games are played, and playing them: one scenario after the other, in several processes."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import groupby
from queue import Empty
from typing import Any

from coach.fidelity.faults import secrets_of
from coach.fidelity.outcome import Outcome, outcome_of
from coach.fidelity.playing import Game, play
from coach.fidelity.sellers import SELLERS, sayable
from coach.fidelity.stage import Stage
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import load_scenarios

#: Opens what sessions are played with; ``number`` tells the processes apart. Must be picklable.
Opener = Callable[[int], AbstractAsyncContextManager[Stage]]
#: Called with how many games have been played.
Told = Callable[[int], None]

FEW = 40  # games of a scenario for which it isn't worth while to learn all lines beforehand
AT_ONCE = 4  # games at a time where a model speaks
POLLED = 0.5  # seconds


@dataclass(frozen=True)
class Plan:
    """Who plays what: every combination, each with ``seeds`` seeds.

    With ``spread`` the seeds of a scenario are shared out among its personas in turn, so that
    every persona is met with some of them; without it each persona gets all.
    """

    scenarios: Sequence[Scenario]
    difficulties: Sequence[Difficulty] = tuple(Difficulty)
    sellers: Sequence[str] = tuple(SELLERS)
    seeds: int = 20
    spread: bool = False

    def games(self) -> list[Game]:
        """In the order in which they are played: what belongs to one scenario stays together."""
        return [
            Game(seller, scenario.id, difficulty, persona, seed)
            for scenario in self.scenarios
            for difficulty in self.difficulties
            for seller in self.sellers
            for persona, seed in self._buyers(scenario)
        ]

    def _buyers(self, scenario: Scenario) -> Iterator[tuple[str, int]]:
        personas = [persona.id for persona in scenario.personas]
        for seed in range(self.seeds):
            met = [personas[seed % len(personas)]] if self.spread else personas
            yield from ((persona, seed) for persona in met)


def run(
    games: Sequence[Game], opener: Opener, processes: int, told: Told = lambda done: None
) -> list[Outcome]:
    """Plays ``games``, in their order. Whatever a process raises goes through."""
    found: list[Outcome] = []
    played = _here(games, opener) if processes == 1 else _apart(games, opener, processes)
    for outcome in played:
        found.append(outcome)
        told(len(found))
    place = {game: number for number, game in enumerate(games)}
    return sorted(found, key=lambda outcome: place[outcome.game])


def _here(games: Sequence[Game], opener: Opener) -> Iterator[Outcome]:
    with asyncio.Runner() as runner:
        opened = opener(0)
        stage = runner.run(_enter(opened))
        try:
            for part in _by_scenario(games):
                yield from _play_all(part, stage, runner)
        finally:
            runner.run(_leave(opened))


async def _enter(opened: AbstractAsyncContextManager[Stage]) -> Stage:
    return await opened.__aenter__()


async def _leave(opened: AbstractAsyncContextManager[Stage]) -> None:
    await opened.__aexit__(None, None, None)


def _by_scenario(games: Sequence[Game]) -> list[list[Game]]:
    return [list(part) for _, part in groupby(games, key=lambda game: game.scenario)]


def _play_all(games: Sequence[Game], stage: Stage, runner: asyncio.Runner) -> Iterator[Outcome]:
    """All of one scenario: what is learned of it stays with it."""
    scenario = load_scenarios().get(games[0].scenario)
    secrets = secrets_of(scenario)
    if len(games) > FEW:
        stage.prepare(scenario, sayable(scenario.id))

    async def one(game: Game) -> Outcome:
        seller = SELLERS[game.seller](scenario, game.seed)
        persona = scenario.persona(game.persona)
        played = await play(seller, scenario, game.difficulty, game.seed, stage, persona)
        return outcome_of(game, played, secrets)

    async def some(part: Sequence[Game]) -> list[Outcome]:
        return await asyncio.gather(*(one(game) for game in part))

    at_once = AT_ONCE if stage.model else 1
    for start in range(0, len(games), at_once):
        yield from runner.run(some(games[start : start + at_once]))


# --- in other processes ---


def _apart(games: Sequence[Game], opener: Opener, processes: int) -> Iterator[Outcome]:
    """Outcomes as they come; the scenarios with most games are begun first."""
    spawning = multiprocessing.get_context("spawn")  # threads of a parent don't survive a fork
    outcomes: Any = spawning.Queue()
    numbers: Any = spawning.Queue()
    for number in range(processes):
        numbers.put(number)
    with ProcessPoolExecutor(
        processes, mp_context=spawning, initializer=_open, initargs=(opener, numbers, outcomes)
    ) as pool:
        parts = sorted(_by_scenario(games), key=len, reverse=True)
        running = [pool.submit(_play_there, part) for part in parts]
        try:
            yield from _gathered(running, outcomes, len(games))
        finally:
            pool.shutdown(cancel_futures=True)


def _gathered(running: Sequence[Future[None]], outcomes: Any, wanted: int) -> Iterator[Outcome]:
    got = 0
    while got < wanted:
        try:
            yield outcomes.get(timeout=POLLED)
            got += 1
        except Empty:
            for future in running:
                if future.done():
                    future.result()  # raises what it raised


class _Process:
    """What a process that plays keeps from one scenario to the next; it goes with the process."""

    runner: asyncio.Runner
    opened: AbstractAsyncContextManager[Stage]
    stage: Stage
    outcomes: Any


def _open(opener: Opener, numbers: Any, outcomes: Any) -> None:
    _Process.runner, _Process.outcomes = asyncio.Runner(), outcomes
    _Process.opened = opener(numbers.get())
    _Process.stage = _Process.runner.run(_enter(_Process.opened))


def _play_there(games: Sequence[Game]) -> None:
    for outcome in _play_all(games, _Process.stage, _Process.runner):
        _Process.outcomes.put(outcome)
