"""What a buyer must never do, found in a session that was played, by other means than the buyer's.

Concessions are held against what was recorded: the needs that were heard, the questions asked, the
trust there was. Secrets and repetitions are looked for in the words themselves, so that a model's
words are measured the same way.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coach.buyer import FATAL, RULES, BuyerState, Standing
from coach.fidelity.playing import Played, Spoken
from coach.fidelity.roles import role_flip
from coach.moves import MoveKind as M
from coach.scenario import Act, Concern, Need, Scenario
from coach.scenario_book import shared_lines
from knowledge.chunking import sentences


class FaultKind(StrEnum):
    EARLY_CONCESSION = "early_concession"  # let go before its condition held
    OVER_DISCLOSURE = "over_disclosure"  # told what wasn't earned
    REPEATED_LINE = "repeated_line"
    ROLE_FLIP = "role_flip"


@dataclass(frozen=True)
class Fault:
    """One fault; ``turn`` counts the seller's turns from 1, and 0 is the opening."""

    kind: FaultKind
    turn: int
    words: str


def faults_of(played: Played, secrets: Secrets) -> list[Fault]:
    """All that a buyer did wrong in a session; ``secrets`` are those of its scenario."""
    return [
        *early_concessions(played),
        *over_disclosure(played, secrets),
        *repeated_lines(played),
        *role_flips(played),
    ]


# --- concessions ---


def early_concessions(played: Played) -> Iterator[Fault]:
    """Concerns let go, and next steps agreed to, without what they take."""
    rules, scenario = RULES[played.difficulty], played.scenario
    brought: set[str] = set()
    questions, before = 0, played.opened
    for number, turn in enumerate(played.turns, start=1):
        brought |= set(_brought(turn, scenario))
        questions += turn.heard.has(M.EXPLORE)
        broken = FATAL & turn.state.flags
        for concern in scenario.concerns:
            if not _let_go(concern, before, turn.state):
                continue
            if concern.when_needed is False:
                yield from _no_need(concern, turn, before, number)
                continue
            met = {n.id for n in concern.needs if f"{concern.id}/{n.id}" in brought}
            due = rules.explored if concern is _first(scenario) or rules.explore_each else 0
            why = (
                (_standing(before, concern.id) is Standing.HIDDEN, "nobody had heard of it"),
                (len(met) < math.ceil(rules.need_share * len(concern.needs)), "too little brought"),
                (
                    not all(n.id in met for n in concern.needs if n.required),
                    "the main need missing",
                ),
                (turn.state.trust < rules.accept, f"trust {turn.state.trust:.0f}"),
                (questions < due, "nothing was asked"),
                (bool(broken), f"after {', '.join(sorted(broken))}"),
            )
            if found := [reason for wrong, reason in why if wrong]:
                told = f"{concern.id}: {', '.join(found)}"
                yield Fault(FaultKind.EARLY_CONCESSION, number, told)
        if turn.next.act is Act.AGREE and (missing := _missing_for_yes(played, turn.state)):
            yield Fault(FaultKind.EARLY_CONCESSION, number, f"agreed without {missing}")
        before = turn.state


def _let_go(concern: Concern, before: BuyerState, after: BuyerState) -> bool:
    was, now = (_standing(state, concern.id) for state in (before, after))
    return now is Standing.RESOLVED and was is not Standing.RESOLVED


def _standing(state: BuyerState, key: str) -> Standing:
    """Of a concern; what isn't there in this session is as hidden as can be."""
    return state.concerns[key].standing if key in state.concerns else Standing.HIDDEN


def _no_need(concern: Concern, turn: Spoken, before: BuyerState, number: int) -> Iterator[Fault]:
    """An honest no counts once the buyer has told that there is no need."""
    told = _standing(before, concern.id) is not Standing.HIDDEN
    if not (told and turn.heard.has(M.DISQUALIFY)) or FATAL & turn.state.flags:
        yield Fault(FaultKind.EARLY_CONCESSION, number, f"{concern.id}: parted unfoundedly")


def _brought(turn: Spoken, scenario: Scenario) -> Iterator[str]:
    for concern in scenario.concerns:
        for need in concern.needs:
            if _heard(turn, concern, need):
                yield f"{concern.id}/{need.id}"


def _heard(turn: Spoken, concern: Concern, need: Need) -> bool:
    said = not need.about or f"{concern.id}/{need.id}" in turn.heard.needs
    return said and (need.move is None or turn.heard.has(need.move))


def _first(scenario: Scenario) -> Concern:
    return next(c for c in scenario.concerns if not c.hidden)


def _missing_for_yes(played: Played, state: BuyerState) -> str:
    """What a next step took, and wasn't there; "" when all was."""
    rules = RULES[played.difficulty]
    if state.instead:
        return f"a need: {state.instead}"
    open_still = [
        c.id
        for c in played.scenario.concerns
        if c.id in state.concerns
        and c.weight >= 2
        and (rules.hidden_too or not c.hidden)
        and _standing(state, c.id) is not Standing.RESOLVED
    ]
    if open_still:
        return f"{', '.join(open_still)} settled"
    if state.trust < rules.agree or FATAL & state.flags:
        return f"trust enough ({state.trust:.0f})"
    return ""


# --- secrets ---

RUN = 5  # words in a row that give a hidden concern away
_WORD = re.compile(r"[\w'’]+")
_QUOTED = re.compile(r"“[^”]*”")
_TOPIC = re.compile(r"\{(?:topic|concern)\}")
_SLOT = re.compile(r"\{\w+\}")

Run = tuple[str, ...]
Secrets = Mapping[str, frozenset[Run]]


def over_disclosure(played: Played, secrets: Secrets) -> Iterator[Fault]:
    """Hidden concerns told before they were earned, and words of theirs before they were told."""
    rules = RULES[played.difficulty]
    said: set[Run] = set()  # by the seller: whoever says it may hear it back
    yield from _leaks(secrets, played.opened, played.opening, said, 0)
    before = played.opened
    for number, turn in enumerate(played.turns, start=1):
        said |= _runs(turn.seller)
        for key in secrets:
            told = _standing(turn.state, key) is not Standing.HIDDEN
            if not told or _standing(before, key) is not Standing.HIDDEN:
                continue
            asked = turn.heard.has(M.EXPLORE, M.CHECK)
            if not asked or turn.state.trust < rules.reveal or FATAL & turn.state.flags:
                why = f"{key} told: asked {asked}, trust {turn.state.trust:.0f}"
                yield Fault(FaultKind.OVER_DISCLOSURE, number, why)
        yield from _leaks(secrets, turn.state, turn.buyer, said, number)
        before = turn.state


def _leaks(
    secrets: Secrets, state: BuyerState, text: str, said: set[Run], number: int
) -> Iterator[Fault]:
    spoken = {run for part in _QUOTED.split(text) for run in _runs(part)} - said
    for key, runs in secrets.items():
        if _standing(state, key) is Standing.HIDDEN and (leaked := spoken & runs):
            words = " ".join(min(leaked))
            yield Fault(FaultKind.OVER_DISCLOSURE, number, f"{key}: “{words}”")


def secrets_of(scenario: Scenario) -> Secrets:
    """Per hidden concern the runs of words that only its card and its lines have."""
    topics = [c.short for c in scenario.concerns if not c.hidden]
    filled = (_TOPIC.sub(topic, line) for line in _public(scenario) for topic in topics)
    public = _runs_of(filled)
    return {c.id: frozenset(_runs_of(_lines(c)) - public) for c in scenario.concerns if c.hidden}


def _public(scenario: Scenario) -> Iterator[str]:
    yield from (*scenario.opening, scenario.summary, scenario.goal)
    for concern in scenario.concerns:
        if not concern.hidden:
            yield from _lines(concern)
    for fact in scenario.facts:
        yield from fact.say
    yield from (*scenario.next_step.accept, *scenario.next_step.decline)
    for pool in (*scenario.lines.values(), *shared_lines(scenario.kind).values()):
        for mood in type(pool).model_fields:
            yield from getattr(pool, mood)


def _lines(concern: Concern) -> Iterator[str]:
    yield concern.card
    yield from (*concern.say, *concern.explain, *concern.doubt, *concern.accept)
    for need in concern.needs:
        yield from need.ask


def _runs_of(texts: Iterable[str]) -> set[Run]:
    return {run for text in texts for part in _SLOT.split(text) for run in _runs(part)}


def _runs(text: str) -> set[Run]:
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


# --- words ---

NOTICED = 4  # words from which a sentence that comes again is noticed


def sentences_of(played: Played) -> Iterator[tuple[int, str]]:
    """The buyer's sentences that are long enough to be noticed, normalised, with their turn.

    One that quotes the seller is left out: it says something else each time.
    """
    told = enumerate([played.opening, *(turn.buyer for turn in played.turns)])
    for number, text in told:
        for start, end in sentences(text):
            words = _WORD.findall(text[start:end].casefold())
            if len(words) >= NOTICED and "“" not in text[start:end]:
                yield number, " ".join(words)


def repeated_lines(played: Played) -> Iterator[Fault]:
    """Sentences that the buyer had already said in the session."""
    said: Counter[str] = Counter()
    for number, sentence in sentences_of(played):
        if said[sentence]:
            yield Fault(FaultKind.REPEATED_LINE, number, sentence)
        said[sentence] += 1


def role_flips(played: Played) -> Iterator[Fault]:
    """Turns in which the buyer leaves the role."""
    told = enumerate([played.opening, *(turn.buyer for turn in played.turns)])
    for number, text in told:
        if words := role_flip(text, played.scenario):
            yield Fault(FaultKind.ROLE_FLIP, number, words)
