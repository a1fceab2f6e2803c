"""Can a reader tell who speaks? And does it read as alive?

Run: pytest -m eval -s tests/evals/test_voices.py
Thirty sessions to read: pytest -m eval -s tests/evals/test_voices.py -k thirty
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray

from coach.buyer import Next, opening_state
from coach.perception import Perceiver
from coach.scenario import Act, Difficulty, Temperament
from coach.scenario_book import load_scenarios
from coach.voice import Moment, compose
from coach.voice.manner import Manner, manners
from knowledge.chunking import sentences
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.sellers import SELLERS, PerfectLedger, Played, play

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

SCENARIOS = [s.id for s in load_scenarios().all()]
LEDGER = PerfectLedger()
LEARNT, HELD_BACK = (0, 1), (2, 3)  # seeds
WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|[?…“]")


@cache
def session(scenario: str, temperament: Temperament, seed: int, seller: str = "strong") -> Played:
    """One person with another temperament each time, so that only the manner differs."""
    where = load_scenarios().get(scenario)
    who = where.personas[0].model_copy(update={"temperament": temperament})
    return play(SELLERS[seller](where, seed), where, Difficulty.NORMAL, seed, LEDGER, who)


#: The number of a temperament, and what it said.
Spoke = tuple[int, list[str]]


def replies(seeds: Sequence[int]) -> Iterator[Spoke]:
    """The replies of each session, with the number of the temperament."""
    for scenario in SCENARIOS[::2]:
        for number, temperament in enumerate(Temperament):
            for seed in seeds:
                played = session(scenario, temperament, seed)
                yield number, [played.opening, *(t.buyer for t in played.turns)]


class WordStatistics:
    """Naive Bayes over words, with the length of the reply as one more word."""

    def __init__(self, texts: Sequence[str], labels: Sequence[int]) -> None:
        counts = Counter(word for text in texts for word in self._words(text))
        often = [word for word, n in counts.items() if n >= 3]
        self._known = {word: i for i, word in enumerate(often)}
        table = np.ones((len(Temperament), len(self._known)))
        for text, label in zip(texts, labels, strict=True):
            for word in self._words(text):
                if word in self._known:
                    table[label, self._known[word]] += 1
        self._log = np.log(table / table.sum(axis=1, keepdims=True))

    def __call__(self, text: str) -> int:
        places = [self._known[w] for w in self._words(text) if w in self._known]
        return int(self._log[:, places].sum(axis=1).argmax())

    def _words(self, text: str) -> list[str]:
        found = WORD.findall(text.casefold())
        return [*found, f"length:{min(len(found) // 6, 8)}"]


def test_a_reader_can_tell_temperaments_apart() -> None:
    """Words alone tell which of five temperaments spoke, in seeds that were not learnt from."""
    learnt, unseen = list(replies(LEARNT)), list(replies(HELD_BACK))
    whole, table = accuracy(learnt, unseen)
    single, _ = accuracy(*([(n, [r]) for n, said in p for r in said] for p in (learnt, unseen)))
    bare, _ = accuracy(
        *([(n, [written(r) for r in said]) for n, said in p] for p in (learnt, unseen))
    )
    print(f"\nwhich of {len(Temperament)} temperaments spoke ({len(unseen)} unseen sessions)")
    print(f"whole sessions {whole:.0%}, single replies {single:.0%}, by chance {1 / 5:.0%}")
    print(f"whole sessions without openers and other set phrases {bare:.0%}")
    print(f"{'spoke':<12}" + "".join(f"{t.value:>12}" for t in Temperament) + "  <- taken for")
    for temperament, row in zip(Temperament, table, strict=True):
        print(f"{temperament.value:<12}" + "".join(f"{n:>12}" for n in row))
    assert whole >= 0.7
    assert bare >= 0.4


def accuracy(learnt: Sequence[Spoke], unseen: Sequence[Spoke]) -> tuple[float, NDArray[np.int_]]:
    """The share of ``unseen`` that is told right, and the table of who was taken for whom."""
    told = WordStatistics([" ".join(said) for _, said in learnt], [n for n, _ in learnt])
    table = np.zeros((len(Temperament), len(Temperament)), dtype=int)
    for number, said in unseen:
        table[number, told(" ".join(said))] += 1
    return table.trace() / table.sum(), table


@cache
def set_phrases() -> frozenset[str]:
    """What stands in the manners, without what is filled in."""
    found = [p for m in manners().of.values() for p in phrases_of(m)]
    return frozenset(normal(part) for p in found for part in parts(p))


def phrases_of(manner: Manner) -> Iterator[str]:
    for group in (manner.openers, manner.picks_up, manner.felt):
        for said in group.values():
            yield from said
    for said in (manner.bridge, manner.asks_back, manner.confides, manner.will_do, manner.wont_do):
        yield from said


def written(reply: str) -> str:
    """The reply without the sentences that come from the manner."""
    return " ".join(p for p in parts(reply) if normal(p) not in set_phrases() and "“" not in p)


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def normal(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


@pytest.mark.parametrize("seller", ["strong", "average", "weak", "deaf"])
def test_nobody_repeats_themselves(seller: str) -> None:
    """Under one reply in a hundred was said before in the session, whatever case and stops."""
    said = again = 0
    sentence_said = sentence_again = 0
    for scenario in SCENARIOS:
        for seed in range(2):
            where = load_scenarios().get(scenario)
            played = play(SELLERS[seller](where, seed), where, Difficulty.HARD, seed, LEDGER)
            heard = [normal(played.opening), *(normal(t.buyer) for t in played.turns)]
            said, again = said + len(heard), again + len(heard) - len(set(heard))
            lines = [normal(p) for t in played.turns for p in parts(t.buyer)]
            lines = [line for line in lines if line.count(" ") >= 2]
            sentence_said += len(lines)
            sentence_again += len(lines) - len(set(lines))
    print(f"\n{seller}: {again} of {said} replies, {sentence_again} of {sentence_said} sentences")
    assert again <= 0.01 * said
    assert sentence_again <= 0.01 * sentence_said


def test_wording_costs_next_to_nothing() -> None:
    """Composing a reply to a long message takes a small part of the time that hearing it takes."""
    where = load_scenarios().get("interest")
    who = where.personas[0]
    state = opening_state(where, who, Difficulty.NORMAL, 1)
    now = Moment(where, who, state, Next(Act.PRESS, "x", concern=state.focus), 1, said=LONG)
    ears = Perceiver(MiniLMEmbedder())
    heard = timed(lambda: ears.hear(where, LONG, "Go on.", ()), 5)
    said = timed(lambda: compose(now), 200)
    print(f"\ncomposing: p50 {np.median(said):.2f} ms, p95 {np.quantile(said, 0.95):.2f} ms")
    assert np.median(said) < 0.1 * np.median(heard)


def timed(work: Callable[[], object], times: int) -> NDArray[np.float64]:
    """Milliseconds of each run after the first."""
    work()
    took = []
    for _ in range(times):
        start = perf_counter()
        work()
        took.append(1e3 * (perf_counter() - start))
    return np.array(took)


LONG = " ".join(line for c in load_scenarios().get("distribution").concerns for line in c.explain)

THIRTY = [("weak", "average", "strong", "strong", "liar", "deaf")[i % 6] for i in range(30)]


@pytest.mark.scale
def test_thirty_sessions_to_read() -> None:
    """All scenarios and temperaments, good and bad sellers: for reading as a stranger would."""
    for i, seller in enumerate(THIRTY):
        where = load_scenarios().get(SCENARIOS[i % len(SCENARIOS)])
        who = where.personas[(i // len(SCENARIOS)) % len(where.personas)]
        played = play(SELLERS[seller](where, i), where, Difficulty.NORMAL, i, LEDGER, who)
        print(f"\n[{i + 1}/30 {seller} seller, {who.temperament.value} {who.role}]")
        print(played.transcript())
        assert played.turns
