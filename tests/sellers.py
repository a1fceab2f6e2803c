"""Scripted sellers for measuring the buyer, from skilful to hopeless, and ``play`` for a session.

A seller sees what the buyer did and what it was about, in place of understanding the words. It
doesn't see the state, and a hidden concern only once the buyer has told it.

``scripted/<scenario>.yaml`` holds what they say there, written as different people would write and
not as the scenario's ``about`` examples are; figures and customers stand in ``knowledge/sample``,
except in a liar's mouth. ``scripted/anywhere.yaml`` holds what the hopeless say in any scenario.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Protocol

import numpy as np
import yaml
from numpy.typing import NDArray

from coach.assessment import Assessment, Reply, assess
from coach.buyer import BuyerState, Next, ending_of, opening_state, react
from coach.claims import Claim, ClaimStatus
from coach.perception import Perceiver, Perception
from coach.ports import Embedder
from coach.scenario import Act, Concern, Difficulty, Persona, Scenario
from coach.suggestion.grounding import figures
from coach.turn import counted, weighed
from coach.voice import Moment, compose
from knowledge.chunking import sentences
from knowledge.vectors.embedding import MiniLMEmbedder

LINES = Path(__file__).with_name("scripted")
ANYWHERE = "anywhere"
LONGEST = 60  # turns after which a session that hasn't ended is given up

#: What a ledger says to a text, to somebody who says the second; the third says whether the talk is
#: about a plan.
Check = Callable[[str, str, bool], Sequence[Claim]]


@cache
def lines() -> dict[str, Any]:
    """All that the sellers say; what they say in one scenario only is keyed by its id."""
    files = {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in LINES.glob("*.yaml")}
    said: dict[str, Any] = files.pop(ANYWHERE)
    said["strong"] = {scenario: own["strong"] for scenario, own in files.items()}
    for part in ("about", "denial"):
        told = {scenario: own.get("liar", {}).get(part) for scenario, own in files.items()}
        said["liar"][part] = {scenario: lies for scenario, lies in told.items() if lies}
    return said


class Seller(Protocol):
    """Whoever says something next."""

    def next(
        self, scenario: Scenario, act: Act, concern: str | None, need: str | None, turn: int
    ) -> str: ...


# --- the skilful ---


class Strong:
    """Takes the worry up, asks before answering, brings what is asked for, checks, asks what else.

    Each line is said once; the seed decides which of its ways a thing is said.
    """

    def __init__(self, scenario: Scenario, seed: int = 0) -> None:
        self._random = Random(f"strong/{scenario.id}/{seed}")
        self._own: dict[str, Any] = lines()["strong"][scenario.id]
        self._scenario = scenario
        self._said: set[str] = set()
        self._brought: set[str] = set()
        self._asked: set[str] = set()
        self._known = {c.id for c in scenario.concerns if not c.hidden}

    def next(
        self, scenario: Scenario, act: Act, concern: str | None, need: str | None, turn: int
    ) -> str:
        key = concern or self._first()
        self._known.add(key)
        said = ""
        match act:
            case Act.OPEN:
                said = self._opening(key)
            case Act.ASK_FOR if need:
                said = self._answer(key, need)
            case Act.CHALLENGE:
                said = self._pick("source")
            case Act.REMIND:
                said = "Yes, you can count on that. It stands as I said it."
            case Act.REVEAL | Act.EXPLAIN | Act.TELL_FACT:
                said = _joined(self._about("reflect", key), self._bring(key))
            case Act.PRESS | Act.SMALL_TALK | Act.NOT_YET if key not in self._asked:
                said = self._take_up(key)
            case Act.INVITE:
                said = self._pick("step")
            case Act.ACCEPT | Act.HESITATE:
                said = self._onward()
        return said or self._forward(key)

    def _first(self) -> str:
        return next(c.id for c in self._scenario.concerns if not c.hidden)

    def _opening(self, key: str) -> str:
        """A rumour is answered in the first breath; everything else begins with a question."""
        rumour = self._scenario.rumour
        concern = self._concern(key)
        required = next((n.id for n in concern.needs if n.required), None)
        if rumour and required:
            return _joined(self._meet(key, required), self._ask(key))
        return self._take_up(key)

    def _take_up(self, key: str) -> str:
        return _joined(self._about("acknowledge", key), self._ask(key)) or self._forward(key)

    def _answer(self, key: str, need: str) -> str:
        said = self._meet(key, need)
        if not said:
            return self._forward(key)
        rest = [n.id for n in self._concern(key).needs if f"{key}/{n.id}" not in self._brought]
        return said if rest else _joined(said, self._pick("check"))

    def _forward(self, key: str) -> str:
        """The next thing this concern needs; when all was brought, a question."""
        if brought := self._bring(key):
            return brought
        return _joined(self._about("reflect", key), self._ask(key)) or self._onward()

    def _onward(self) -> str:
        """Asks what else there is; then brings what is left; then proposes the step."""
        if asked := self._pick("else"):
            return asked
        for key in sorted(self._known):
            if brought := self._bring(key):
                return brought
        return self._pick("step") or self._pick("check") or self._again()

    def _again(self) -> str:
        """Nothing new is left; a person would say so."""
        return "I think you've heard what I have. What is still missing for you?"

    def _bring(self, key: str) -> str:
        for need in self._concern(key).needs:
            if f"{key}/{need.id}" not in self._brought:
                return self._answer(key, need.id)
        return ""

    def _meet(self, key: str, need: str) -> str:
        said = self._choose(self._own["needs"][f"{key}/{need}"])
        if said:
            self._brought.add(f"{key}/{need}")
        return said

    def _ask(self, key: str) -> str:
        self._asked.add(key)
        return self._about("explore", key)

    def _about(self, kind: str, key: str) -> str:
        return self._choose(self._own[kind].get(key, ()))

    def _pick(self, kind: str) -> str:
        return self._choose(self._own[kind])

    def _choose(self, options: Sequence[str]) -> str:
        free = [line for line in options if line not in self._said]
        if not free:
            return ""
        line = self._random.choice(free)
        self._said.add(line)
        return line

    def _concern(self, key: str) -> Concern:
        return next(c for c in self._scenario.concerns if c.id == key)


class Average(Strong):
    """Knows the product and says so: answers with facts, rarely asks, rarely takes a worry up."""

    def next(
        self, scenario: Scenario, act: Act, concern: str | None, need: str | None, turn: int
    ) -> str:
        key = concern or self._first()
        self._known.add(key)
        if act is Act.ASK_FOR and need and self._random.random() < 0.7:
            return self._meet(key, need) or self._plain(key, turn)
        if act is Act.INVITE:
            return self._pick("step") or self._plain(key, turn)
        return self._plain(key, turn)

    def _plain(self, key: str, turn: int) -> str:
        if turn % 6 == 3:
            return self._ask(key) or self._pick("else") or self._again()
        if turn % 6 == 5:
            return self._pick("step") or self._pick("check") or self._again()
        needs = [n.id for n in self._concern(key).needs]
        for need in self._random.sample(needs, len(needs)):
            if said := self._meet(key, need):
                return said
        return self._pick("check") or self._pick("else") or self._again()


class Liar(Strong):
    """As skilful and polite as Strong, but invents, and says the opposite of what is true about a
    rumour."""

    def __init__(self, scenario: Scenario, seed: int = 0) -> None:
        super().__init__(scenario, seed)
        own = lines()["liar"]
        self._denial = list(own["denial"].get(scenario.id, ()))
        self._lies = [
            *own["about"].get(scenario.id, ()),
            *own["contradicted"],
            *own["invented"],
        ]
        self._random.shuffle(self._denial)

    def next(
        self, scenario: Scenario, act: Act, concern: str | None, need: str | None, turn: int
    ) -> str:
        honest = super().next(scenario, act, concern, need, turn)
        key = concern or self._first()
        late = self._scenario.id == "trust-unknown"  # the buyer tells that rumour when asked
        if self._denial and ((act is Act.OPEN or turn == 3) if not late else key == "recordings"):
            return _joined(self._denial.pop(), self._ask(key))
        if turn % 2 == 1:
            return _joined(honest, self._choose(self._lies))
        return honest


# --- the others, who say their lines in turn ---


@dataclass
class Reciter:
    """Says its lines in order from a place that the seed decides, and starts again at the end."""

    said: Sequence[str]
    seed: int = 0
    _rest: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        start = self.seed % len(self.said)
        self._rest = cycle([*self.said[start:], *self.said[:start]])

    def next(
        self, scenario: Scenario, act: Act, concern: str | None, need: str | None, turn: int
    ) -> str:
        return next(self._rest)


def weak(scenario: Scenario, seed: int = 0) -> Seller:
    """Ignores, pushes, disparages, invents, offers money, talks on, dismisses: all mixed."""
    return Reciter(_shuffled([s for kind in lines()["weak"].values() for s in kind], seed))


def polite_but_deaf(scenario: Scenario, seed: int = 0) -> Seller:
    """Does nothing bad and never takes up what was said."""
    return Reciter(lines()["weak"]["ignore"], seed)


def _reciting(kind: str) -> Callable[[Scenario, int], Seller]:
    return lambda scenario, seed=0: Reciter(_shuffled(lines()[kind], seed))


def _shuffled(said: Sequence[str], seed: int) -> list[str]:
    return Random(f"order/{seed}").sample(list(said), len(said))


SELLERS: dict[str, Callable[[Scenario, int], Seller]] = {
    "strong": Strong,
    "average": Average,
    "weak": weak,
    "deaf": polite_but_deaf,
    "pusher": _reciting("pusher"),
    "liar": Liar,
    "stuffer": _reciting("stuffer"),
    "flatterer": _reciting("flatterer"),
    "silent": _reciting("silent"),
}
#: Who must never reach a next step at normal and hard.
HOPELESS = tuple(name for name in SELLERS if name not in ("strong", "average"))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


# --- a session ---


@dataclass(frozen=True)
class Spoken:
    """One exchange: what the seller said, how it was heard and judged, and what came back."""

    seller: str
    heard: Perception
    assessment: Assessment
    state: BuyerState
    next: Next
    buyer: str
    lines: frozenset[str]


@dataclass(frozen=True)
class Played:
    """A whole session; ``end`` is the act that ended it, or None when it was given up."""

    scenario: Scenario
    persona: Persona
    difficulty: Difficulty
    seed: int
    opening: str
    opening_lines: frozenset[str]
    turns: tuple[Spoken, ...]

    @property
    def end(self) -> Act | None:
        last = self.turns[-1].next
        return last.act if last.ends else None

    @property
    def won(self) -> bool:
        """A next step was agreed, or an honest no where there was no need."""
        last = self.turns[-1]
        return ending_of(last.next.act, last.state).success

    def transcript(self, details: bool = False) -> str:
        """The session to read."""
        where = f"{self.scenario.id}, {self.difficulty.value}, seed {self.seed}"
        out = [f"### {where}: {self.persona.name}", f"BUYER  {self.opening}"]
        for t in self.turns:
            out.append(f"SELLER {t.seller}")
            if details:
                moves = [(m.kind.value, round(m.strength, 1)) for m in t.heard.moves]
                out.append(f"       {moves} needs={list(t.heard.needs)} fact={t.heard.asked_fact}")
                s, n = t.state, t.next
                where = {k: (c.standing.value, sorted(c.met)) for k, c in s.concerns.items()}
                out.append(
                    f"       -> {n.act.value} lead={n.lead} follow={n.follow} [{n.reason}]"
                    f" T{s.trust:.0f} V{s.value:.0f} P{s.patience:.0f} {where} {sorted(s.flags)}"
                )
            out.append(f"BUYER  {t.buyer}")
        return "\n".join([*out, f"=> {self.end.value if self.end else 'given up'}", ""])


class PerfectLedger:
    """Knows which of the scripted sentences are true: the buyer alone, not how claims are read.

    A true sentence is supported when it holds a figure or the name of a customer.
    """

    def __init__(self) -> None:
        said = lines()
        self._status = {
            **dict.fromkeys(_sentences(said["strong"]), ClaimStatus.SUPPORTED),
            **dict.fromkeys(_sentences(said["liar"]["contradicted"]), ClaimStatus.CONTRADICTED),
            **dict.fromkeys(_sentences(said["liar"]["about"]), ClaimStatus.CONTRADICTED),
            **dict.fromkeys(_sentences(said["liar"]["invented"]), ClaimStatus.UNSUPPORTED),
            **dict.fromkeys(_sentences(said["weak"]["invent"]), ClaimStatus.UNSUPPORTED),
        }

    def __call__(self, text: str, heard: str = "", plan: bool = False) -> list[Claim]:
        found = []
        for start, end in sentences(text):
            sentence = text[start:end]
            status = self._status.get(sentence, ClaimStatus.NOT_A_CLAIM)
            if status is ClaimStatus.SUPPORTED and not (figures(sentence) or _CUSTOMER(sentence)):
                status = ClaimStatus.NOT_A_CLAIM
            found.append(Claim(sentence, (start, end), status))
        return found


_CUSTOMER = re.compile(
    r"Nordhavn|Hollin|Rottach|Tullavane|Strandby|Delmotte|Caixa|Alpenrast"
).search


def _sentences(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield from (said[start:end] for start, end in sentences(said))
    else:
        for part in said.values() if isinstance(said, dict) else said:
            yield from _sentences(part)


def play(
    seller: Seller,
    scenario: Scenario,
    difficulty: Difficulty,
    seed: int,
    check: Check,
    persona: Persona | None = None,
) -> Played:
    """One session from the opening to its end: heard, checked, reacted, worded and assessed."""
    who = persona or scenario.personas[seed % len(scenario.personas)]
    state = opening_state(scenario, who, difficulty, seed)
    planned = Next(Act.OPEN, "opens")
    words = compose(Moment(scenario, who, state, planned, seed))
    state = replace(state, used=words.lines)
    opening, last, turns = words, words.text, list[Spoken]()
    while len(turns) < LONGEST and not planned.ends:
        text = seller.next(scenario, *_understood(planned, state), len(turns))
        embedder().sum_up(last)
        heard = perceiver().hear(scenario, text, last, state.said)
        claims = counted(heard, check(text, scenario.spoken, scenario.kind == "strategic"))
        heard = weighed(heard, claims)
        answered, before = planned.act, state
        state, planned = react(state, heard, scenario, difficulty)
        reply = Reply(
            text, heard, claims, answered, last, planned.act, first=not turns, before=before
        )
        words = compose(Moment(scenario, who, state, planned, seed, heard.echo, said=text))
        state, last = replace(state, used=state.used | words.lines), words.text
        turns.append(
            Spoken(text, heard, assess(scenario, reply), state, planned, last, words.lines)
        )
    return Played(scenario, who, difficulty, seed, opening.text, opening.lines, tuple(turns))


def _understood(planned: Next, state: BuyerState) -> tuple[Act, str | None, str | None]:
    """What a seller who listens takes from the buyer's words: the last thing said counts."""
    if planned.follow in (Act.PRESS, Act.INVITE):
        return planned.follow, state.focus, None
    return planned.act, planned.concern, planned.need


class RememberingEmbedder:
    """Embeds each text once, alone: a sentence means the same whatever stands beside it."""

    def __init__(self, inner: Embedder) -> None:
        self.name, self.dimensions = inner.name, MiniLMEmbedder.dimensions
        self._inner = inner
        self._known: dict[str, NDArray[np.float32]] = {}

    def sum_up(self, text: str) -> None:
        """Remembers a text as the mean of its sentences: near enough for what the buyer said last,
        which is composed anew each time from lines that come back, and three times as quick."""
        if text not in self._known:
            parts = [text[start:end] for start, end in sentences(text)] or [text]
            mean = self.embed(parts).mean(axis=0)
            self._known[text] = mean / max(float(np.linalg.norm(mean)), 1e-9)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._inner.embed([text])[0]
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed(texts)


@cache
def embedder() -> RememberingEmbedder:
    return RememberingEmbedder(MiniLMEmbedder())


@cache
def perceiver() -> Perceiver:
    """One for all tests of a run; what it embedded once isn't embedded again."""
    return Perceiver(embedder())
