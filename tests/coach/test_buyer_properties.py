"""What holds for any talk: good moves never hurt, every talk ends, and a seed is a session."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coach.buyer import (
    RULES,
    BuyerState,
    DecisionKind,
    Ending,
    Next,
    Standing,
    ending_of,
    opening_state,
    react,
)
from coach.buyer.rules import LONGEST
from coach.moves import Move
from coach.moves import MoveKind as M
from coach.perception import Aside, Asked, Beside, Perception, Wants
from coach.scenario import Act, Difficulty, Scenario
from tests.made_buyers import WINS, heard, said, scenario, start

WHERE = {
    **{truth or "plain": scenario(truth) for truth in ("", "true", "false", "unknown")},
    "needless": scenario(need_exists=False),
}
GOOD = (M.ACKNOWLEDGE, M.REFLECT, M.EXPLORE, M.EVIDENCE)


kinds = st.sampled_from(sorted(set(M) - {M.CLAIM, M.GREET}))
needs = st.sampled_from(["risk/plan", "cost/sum", "fear/heard"])
places = st.sampled_from(sorted(WHERE))
difficulties = st.sampled_from(sorted(Difficulty))


def message(made: Sequence[M], brought: Sequence[str], strength: float, about: str) -> Perception:
    return heard(*made, needs=tuple(brought), strength=strength, relevance={about: 0.6})


messages = st.builds(
    message,
    st.lists(kinds, max_size=3, unique=True),
    st.lists(needs, max_size=2, unique=True),
    st.sampled_from([0.4, 0.7, 1.0]),
    st.sampled_from(["risk", "cost", "fear"]),
)


def around(other: list[Perception], at: int, left_out: int | None) -> list[Perception]:
    """What wins, with something else at a place, and perhaps without one part of it."""
    kept = [one for number, one in enumerate(TO_WIN) if number != left_out]
    return [*kept[:at], *other, *kept[at:]]


#: A talk as a fair seller leads it, with whatever else between.
TO_WIN = tuple(
    replace(one, relevance={about: 0.9})
    for one, about in zip(WINS, ("risk", "risk", "cost", "risk", "fear", "risk"), strict=True)
)
winning = st.sampled_from(TO_WIN)
talks = st.one_of(
    st.lists(st.one_of(winning, winning, messages), min_size=1, max_size=14),
    st.builds(
        around,
        st.lists(st.one_of(winning, messages), max_size=3),
        st.integers(0, len(TO_WIN)),
        st.sampled_from([*range(len(TO_WIN)), None, None]),
    ),
)


def talk(
    said: Sequence[Perception], where: Scenario, difficulty: Difficulty
) -> list[tuple[BuyerState, Next]]:
    """State and act after each message, until the talk ends."""
    state, told = start(where, difficulty), []
    for one in said:
        state, planned = react(state, one, where, difficulty)
        told.append((state, planned))
        if planned.ends:
            break
    return told


def won(told: Sequence[tuple[BuyerState, Next]]) -> bool:
    """What is still open has no outcome yet: the longer talks that are drawn are its outcomes."""
    state, planned = told[-1]
    return ending_of(planned.act, state).success


SENTENCES = {
    "said": talks,
    "at": st.integers(0, 13),
    "good": st.sampled_from(GOOD),
    # where there is no need, a question more may bring that out, and selling on costs from then
    "place": st.sampled_from(sorted(set(WHERE) - {"needless"})),
    "difficulty": difficulties,
}
#: Patience that a good turn may cost: time passes.
TIME_TO_SPARE = 12.0
GOOD_TURNS = [(M.ACKNOWLEDGE,), (M.REFLECT,), (M.EXPLORE,), (M.EVIDENCE,), (M.REFLECT, M.EXPLORE)]
TURNS = {**SENTENCES, "good": st.sampled_from(GOOD_TURNS)}
FEW = settings(max_examples=200, deadline=None, derandomize=True)
MANY = settings(max_examples=5000, deadline=None, derandomize=True)


def check_sentence(
    said: list[Perception], at: int, good: M, place: str, difficulty: Difficulty
) -> None:
    at %= len(said)
    better = [*said]
    better[at] = said[at].plus(Move(good, (0, 1), "x"))
    where = WHERE[place]
    a, b = talk(said, where, difficulty), talk(better, where, difficulty)
    assert won(b) or not won(a)


def check_turn(
    said: list[Perception], at: int, good: tuple[M, ...], place: str, difficulty: Difficulty
) -> None:
    """What is added stays with what is spoken of: who changes the subject makes what comes next
    an answer to something else. And it dodges no question: whoever is asked for a source and only
    listens has evaded it."""
    at %= len(said)
    where = WHERE[place]
    a = talk(said, where, difficulty)
    assume(all(state.patience >= TIME_TO_SPARE for state, _ in a))
    before = [start(where, difficulty), *(state for state, _ in a)]
    assume(at < len(before))
    assume(before[at].challenged is None or M.EVIDENCE in good)
    more = heard(*good, relevance={before[at].focus: 0.9})
    b = talk([*said[:at], more, *said[at:]], where, difficulty)
    assert won(b) or not won(a)


@FEW
@given(**SENTENCES)
def test_a_good_sentence_more_never_ends_a_talk_worse(**drawn: Any) -> None:
    """Whatever else is said, at every difficulty, with and without a rumour."""
    check_sentence(**drawn)


@FEW
@given(**TURNS)
def test_a_good_turn_more_never_ends_a_talk_worse(**drawn: Any) -> None:
    """As long as the buyer has the time for it, and it stays with what is spoken of."""
    check_turn(**drawn)


@pytest.mark.slow
@MANY
@given(**SENTENCES)
def test_a_good_sentence_more_never_ends_many_talks_worse(**drawn: Any) -> None:
    check_sentence(**drawn)


@pytest.mark.slow
@MANY
@given(**TURNS)
def test_a_good_turn_more_never_ends_many_talks_worse(**drawn: Any) -> None:
    check_turn(**drawn)


@FEW
@given(said=talks, at=st.integers(0, 13), difficulty=difficulties)
def test_an_invention_never_leaves_more_trust_than_silence(
    said: list[Perception], at: int, difficulty: Difficulty
) -> None:
    """The same talk with silence in its place ends with at least as much."""
    at %= len(said)
    where = WHERE["plain"]
    lied, quiet = (
        talk([*said[:at], one, *said[at:]], where, difficulty) for one in (heard(M.INVENT), heard())
    )
    assume(len(quiet) == len(said) + 1 == len(lied))
    assume(all(state.trust > 0 for state, _ in lied))  # below nothing there is nothing to lose
    assert lied[-1][0].trust <= quiet[-1][0].trust


@FEW
@given(said=talks, place=places, difficulty=difficulties)
def test_nothing_is_conceded_before_its_condition(
    said: list[Perception], place: str, difficulty: Difficulty
) -> None:
    """Checked anew from what was brought: enough needs, trust, and a reason for each concession."""
    where, rules = WHERE[place], RULES[difficulty]
    state = start(where, difficulty)
    for after_it, planned in talk(said, where, difficulty):
        settled = {
            key
            for key, now in after_it.concerns.items()
            if now.standing is Standing.RESOLVED is not state.concerns[key].standing
        }
        for key in settled - {after_it.instead}:
            concern = next(c for c in where.concerns if c.id == key)
            assert len(after_it.concerns[key].met) >= rules.need_share * len(concern.needs)
            assert after_it.trust >= rules.accept
        assert settled <= {d.concern for d in after_it.decisions if d.reason}
        if planned.act is Act.AGREE:
            assert after_it.instead is None
            assert after_it.trust >= rules.agree
        state = after_it


@FEW
@given(said=talks, place=places, difficulty=difficulties, seed=st.integers(0, 2**31))
def test_the_same_seed_is_the_same_talk_also_from_the_store(
    said: list[Perception], place: str, difficulty: Difficulty, seed: int
) -> None:
    """A state that was stored and read goes on as the one that wasn't."""
    where = WHERE[place]
    state = opening_state(where, where.personas[0], difficulty, seed)
    assert state == opening_state(where, where.personas[0], difficulty, seed)
    for one in said:
        stored = BuyerState.from_record(json.loads(json.dumps(state.as_record())))
        state, planned = react(state, one, where, difficulty)
        assert react(stored, one, where, difficulty) == (state, planned)


#: One message for each thing that a seller can do.
EVERYTHING = [
    *TO_WIN,
    *(heard(kind, relevance={"risk": 0.5}) for kind in M),
    heard(M.INVENT, strength=0.5),
    heard(M.ASK, asked_fact="size"),
    heard(M.EVIDENCE, M.ADMIT, needs=("risk/plan", "cost/sum"), cited=frozenset({"e"})),
    heard(discredited=frozenset({"e"})),
    heard(M.ASK, asked=Asked(Wants.PERSON)),
    *(heard(beside=Beside(kind)) for kind in (Aside.THINKS, Aside.CLARIFY, Aside.MORE)),
    said("I'll send you the report by Friday.", M.COMMIT),
    said("Yes, you can count on that."),
    heard(),
]


def wanderings(count: int) -> Iterator[tuple[BuyerState, Next]]:
    """Talks in which anything is said, with what wins said more often."""
    for number in range(count):
        chance = Random(number)
        where = WHERE[chance.choice(sorted(WHERE))]
        pool = EVERYTHING if number % 3 else [*TO_WIN, heard(M.DISQUALIFY), *EVERYTHING[-3:]]
        yield from talk(chance.choices(pool, k=LONGEST), where, chance.choice([*Difficulty]))


def test_whatever_is_said_every_talk_ends_and_everything_can_happen() -> None:
    """Each act, standing, ending and decision is reached by some talk; none is dead code."""
    acts, standings, endings, decisions = set[Act | None](), set(), set(), set()
    for state, planned in wanderings(400):
        acts |= {planned.act, planned.lead, planned.follow}
        standings |= {concern.standing for concern in state.concerns.values()}
        endings.add(ending_of(planned.act, state))
        decisions |= {made.kind for made in state.decisions}
        assert planned.ends or state.turn < LONGEST
    assert acts == {*Act, None} - {Act.OPEN}
    assert standings == set(Standing)
    assert endings == set(Ending)
    assert decisions == set(DecisionKind)
