"""A buyer holds a seller to their word: demands, sources, promises and answers stay remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.buyer import BuyerState, DecisionKind, Next, Standing, react
from coach.buyer.memory import contradicts
from coach.hints import hint_text, pointer
from coach.moves import MoveKind as M
from coach.perception import Perception, remark
from coach.scenario import Act
from tests.made_buyers import (
    ANSWERS_COST,
    ANSWERS_FEAR,
    ASKS,
    ASKS_WHAT_ELSE,
    HARD,
    NORMAL,
    PLAIN,
    PROPOSES,
    after,
    heard,
    said,
)

UNSOURCED = said("We save people 40%.", M.INVENT)
UNSOURCED = replace(UNSOURCED, moves=tuple(replace(m, strength=0.5) for m in UNSOURCED.moves))
BY_THURSDAY = "I'll send you the source by Thursday."
PARALLEL = "We run both systems side by side for eleven weeks."
RUNS_PARALLEL = said(PARALLEL, M.EVIDENCE, needs=("risk/plan",), cited=frozenset({"case-1"}))
#: All that wins, with a first answer that can be taken back.
SETTLES = (ASKS, RUNS_PARALLEL)
SILENCE = heard()


def then(state: BuyerState, *messages: Perception) -> tuple[BuyerState, Next]:
    for message in messages:
        state, planned = react(state, message, PLAIN, NORMAL)
    return state, planned


# --- what was asked for ---


def test_what_was_asked_for_stays_open_through_other_topics_and_is_asked_for_again() -> None:
    """In other words: the voice never says a line twice."""
    state, planned = after(ASKS, heard(needs=("risk/plan",)), difficulty=HARD)
    assert (planned.act, planned.need) == (Act.ASK_FOR, "proof")
    state, _ = react(state, ANSWERS_COST, PLAIN, HARD)
    assert state.demands == ("risk/proof",)
    _, again = react(state, heard(), PLAIN, HARD)
    assert (again.act, again.concern, again.need) == (Act.ASK_FOR, "risk", "proof")
    _, heard_first = react(state, heard(M.ACKNOWLEDGE), PLAIN, HARD)
    assert (heard_first.act, heard_first.need) == (Act.ASK_FOR, "proof")


def test_a_demand_is_forgotten_when_it_is_met() -> None:
    state, _ = after(ASKS, heard(needs=("risk/plan",)), difficulty=HARD)
    state, _ = react(state, heard(M.EVIDENCE), PLAIN, HARD)
    assert "risk/proof" not in state.demands


# --- where a claim comes from ---


def test_a_promised_source_is_taken_as_an_answer_for_now() -> None:
    """It is noted and not settled: the promise is open, and nothing is conceded for it."""
    state, planned = after(ASKS, UNSOURCED, said(BY_THURSDAY, M.COMMIT))
    assert planned.act is Act.NOTE
    assert planned.follow is Act.PRESS
    assert state.challenged is None
    assert [p.words for p in state.promises] == [BY_THURSDAY]
    assert not [d for d in state.decisions if d.kind is DecisionKind.SETTLED]


def test_a_named_source_is_the_answer_and_earns_trust() -> None:
    """Naming it proves nothing yet: a need of proof stays open."""
    asked, _ = after(ASKS, UNSOURCED)
    named = said("It's in the case study of Nordhavn Clinics.", M.EVIDENCE)
    named = replace(named, moves=tuple(replace(m, strength=0.35) for m in named.moves))
    state, planned = then(asked, named)
    assert planned.act is Act.NOTE
    assert (state.challenged, state.promises) == (None, ())
    assert state.trust > asked.trust
    assert "proof" not in state.concerns["risk"].met


def test_a_claim_taken_back_is_not_asked_about_again() -> None:
    asked, _ = after(ASKS, UNSOURCED)
    state, planned = then(asked, said("I'd better take that back."))
    assert state.challenged is None
    assert planned.act is not Act.CHALLENGE
    assert state.trust > then(asked, SILENCE)[0].trust


def test_a_source_that_never_comes_is_asked_for_twice_and_then_taken_for_an_invention() -> None:
    asked, first = after(ASKS, UNSOURCED)
    state, second = then(asked, SILENCE)
    assert (first.act, second.act) == (Act.CHALLENGE, Act.CHALLENGE)
    state, third = then(state, SILENCE)
    assert third.act is Act.CONFRONT
    assert "invented" in state.flags


def test_no_step_is_agreed_while_a_source_is_owed() -> None:
    ready, _ = after(*SETTLES, ANSWERS_COST, ASKS_WHAT_ELSE, ANSWERS_FEAR, trust=60.0)
    owed, _ = then(replace(ready, challenged="We save people 40%."), PROPOSES)
    _, planned = then(replace(ready, challenged="We save people 40%."), PROPOSES)
    assert planned.act is Act.CHALLENGE
    _, answered = then(owed, said("I'd better take that back."), PROPOSES)
    assert answered.act is Act.AGREE


# --- promises ---

PROMISE = said("I'll send you the audit report by Friday.", M.COMMIT)
PROMISED = (*SETTLES, PROMISE, ANSWERS_COST, ASKS_WHAT_ELSE, ANSWERS_FEAR)


def reminded() -> BuyerState:
    state, planned = after(*PROMISED, PROPOSES)
    assert planned.act is Act.REMIND
    assert planned.claim == "I'll send you the audit report by Friday."
    return state


@pytest.mark.parametrize(
    "words",
    ["Yes, of course.", "You can count on that.", "I'll send it on Friday.", "It still stands."],
)
def test_a_promise_that_stands_is_followed_by_the_yes(words: str) -> None:
    _, planned = then(reminded(), said(words))
    assert planned.act is Act.AGREE


@pytest.mark.parametrize(
    "words",
    [
        "I never said that.",
        "We can't give out the audit report.",
        "Our app has a dark mode.",
        "What would you like to see in the pilot?",
    ],
)
def test_a_promise_denied_or_ignored_is_broken(words: str) -> None:
    state, planned = then(reminded(), said(words))
    assert planned.act is Act.LET_DOWN
    assert "broken-promise" in state.flags
    assert state.promises == ()


def test_a_promise_gone_back_on_unasked_is_broken() -> None:
    state, planned = after(*SETTLES, PROMISE, said("We can't send the audit report after all."))
    assert planned.act is Act.LET_DOWN
    assert "broken-promise" in state.flags


def test_a_promise_is_asked_about_once() -> None:
    state, _ = then(reminded(), said("Yes, of course."))
    assert state.promises == ()


def test_what_is_promised_with_a_step_is_arranged_with_the_step() -> None:
    offer = said("Shall we meet on Tuesday? I'll send you an agenda by Monday.", M.COMMIT)
    offer = replace(offer, moves=(*offer.moves, *PROPOSES.moves))
    _, planned = after(*SETTLES, ANSWERS_COST, ASKS_WHAT_ELSE, ANSWERS_FEAR, offer)
    assert planned.act is Act.AGREE


# --- silence is cheaper ---


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param((heard(M.INVENT),), id="an invention that is caught"),
        pytest.param((UNSOURCED, SILENCE, SILENCE), id="a figure that never gets its source"),
        pytest.param(
            (PROMISE, said("I never promised you an audit report.")), id="a promise denied"
        ),
        pytest.param(
            (PROMISE, said("We can't send the audit report after all.")),
            id="a promise gone back on",
        ),
    ],
)
def test_an_invention_or_broken_promise_costs_more_than_silence(
    bad: tuple[Perception, ...],
) -> None:
    """The same talk, with silence in its place, ends with more trust."""
    bad = bad if len(bad) > 1 else (*bad, SILENCE)
    caught, _ = after(*SETTLES, *bad, ANSWERS_COST, trust=60.0)
    silent, _ = after(*SETTLES, *[SILENCE] * len(bad), ANSWERS_COST, trust=60.0)
    assert caught.trust < silent.trust


# --- what was settled ---


@pytest.mark.parametrize(
    "words",
    [
        "We don't run both systems side by side.",
        "We run both systems side by side for three weeks.",
    ],
)
def test_what_settled_a_worry_and_is_taken_back_opens_it_again(words: str) -> None:
    settled, _ = after(*SETTLES)
    assert settled.concerns["risk"].standing is Standing.RESOLVED
    state, planned = then(settled, said(words))
    assert state.concerns["risk"].standing is Standing.REOPENED
    assert (planned.act, planned.need) == (Act.ASK_FOR, "plan")
    assert [d.kind for d in state.decisions] == [DecisionKind.REOPENED]
    again, _ = then(replace(state, trust=60.0), RUNS_PARALLEL)
    assert again.concerns["risk"].standing is Standing.RESOLVED


@pytest.mark.parametrize(
    "words",
    [
        PARALLEL,
        "We run both systems side by side for about eleven weeks.",
        "Would we not run both systems side by side?",
        "If we didn't run both systems side by side, you'd be right to worry.",
        "The invoice doesn't change for eleven weeks.",
    ],
)
def test_a_worry_stays_settled_when_nothing_contradicts_its_answer(words: str) -> None:
    settled, _ = after(*SETTLES)
    state, _ = then(settled, said(words))
    assert state.concerns["risk"].standing is Standing.RESOLVED


def test_a_worry_whose_proof_falls_opens_again_and_no_other() -> None:
    """A later claim that the same evidence refutes, or that rests on proof that has run out."""
    both, _ = after(*SETTLES, ANSWERS_COST)
    fallen = heard(M.EVIDENCE, strength=0.3, discredited=frozenset({"case-1"}))
    state, _ = then(both, fallen)
    assert state.concerns["risk"].standing is Standing.REOPENED
    assert state.concerns["cost"].standing is Standing.RESOLVED


def test_proof_that_has_run_out_meets_no_need() -> None:
    old, _ = after(ASKS, heard(M.EVIDENCE, strength=0.3))
    new, _ = after(ASKS, heard(M.EVIDENCE, strength=0.4))
    assert (old.concerns["risk"].met, new.concerns["risk"].met) == (frozenset(), {"proof"})


def test_two_customers_with_two_figures_contradict_nothing() -> None:
    one = remark("Since the change, Nordhavn loses 6% of its calls.")
    other = remark("Since the change, Alpenrast loses 9% of its calls.")
    assert not contradicts(one, other)
    assert contradicts(one, remark("Since the change, Nordhavn loses 9% of its calls."))


# --- why ---


def test_each_concession_is_recorded_with_its_reason() -> None:
    """Code decides it, and says why; what is stored reads back equal."""
    made, state = [], after(heard(M.GREET))[0]
    for message in (*PROMISED, PROPOSES, said("Yes, of course.")):
        state, _ = then(state, message)
        made += state.decisions
        assert BuyerState.from_record(state.as_record()) == state
    assert [(d.kind.value, d.concern) for d in made] == [
        ("settled", "risk"),
        ("settled", "cost"),
        ("told", "fear"),
        ("settled", "fear"),
        ("agreed", None),
    ]
    assert all(d.reason for d in made)


# --- hints ---


@pytest.mark.parametrize(
    ("changes", "move"),
    [
        ({"challenged": "We save people 40%."}, "Name the source"),
        ({"reminded": "I'll send you the report by Friday."}, "it stands"),
    ],
)
def test_a_hint_comes_to_what_is_owed_first(changes: dict[str, str], move: str) -> None:
    state, _ = after(ASKS)
    assert move in hint_text(pointer(PLAIN, replace(state, **changes)), 2)
