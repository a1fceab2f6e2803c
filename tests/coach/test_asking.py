"""What reaches a model: all that the buyer feels and remembers, and nothing that wasn't earned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from coach.buyer import BuyerState, Next, Standing, opening_state
from coach.buyer.state import Decision, DecisionKind, Promise
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from coach.vetting.secrets import FEW, secrets_of
from coach.vetting.words import runs
from coach.voice import PROMPT, Moment, compose, variables
from coach.voice.asking import canary_of
from prompts import Rendered, render

ALL = load_scenarios().all()
WHERE = load_scenarios().get("interest")


def planned(scenario: Scenario, act: Act, concern: str | None = None) -> Next:
    on = next(c for c in scenario.concerns if c.id == (concern or scenario.concerns[0].id))
    fact = scenario.facts[0].id if act is Act.TELL_FACT else None
    return Next(act, "why", concern=on.id, need=on.needs[0].id, fact=fact, claim="It saves 40%")


def opened(scenario: Scenario, seed: int = 1) -> BuyerState:
    return opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, seed)


def prompt(scenario: Scenario, state: BuyerState, now: Next, seed: int = 1) -> Rendered:
    moment = Moment(scenario, scenario.personas[0], state, now, seed)
    return render(PROMPT, **variables(moment, "I still don't see it."))


def text(rendered: Rendered) -> str:
    """Without the fence's mark, which changes with every word."""
    return re.sub(r"\b[0-9a-f]{8}\b", "", f"{rendered.system}\n{rendered.user}")


FIRST = WHERE.concerns[0]
NEED = f"{FIRST.id}/{FIRST.needs[0].id}"
OPENED = opened(WHERE)
HELD = OPENED.concerns[FIRST.id]
#: Another value of each field of the state.
OTHERWISE: dict[str, object] = {
    "trust": 90.0,
    "value": 90.0,
    "patience": 10.0,
    "concerns": {**OPENED.concerns, FIRST.id: replace(HELD, standing=Standing.RESOLVED)},
    "focus": next(c.id for c in WHERE.concerns[1:] if not c.hidden and c.id in OPENED.concerns),
    "turn": 7,
    "dry": 2,
    "distrust": 8.0,
    "pending": NEED,
    "demands": (NEED,),
    "challenged": "We save you 40%.",
    "promises": (Promise("I'll send it on Friday.", 1),),
    "reminded": "I'll send it on Friday.",
    "flags": frozenset({"invented"}),
    "facts_told": frozenset({WHERE.facts[0].id}),
    "log": ("felt acknowledged: trust +5.0, value +0.0, patience +2.0",),
    "decisions": (Decision(DecisionKind.SETTLED, FIRST.id, "answered"),),
}
#: What only code needs.
BOOKKEEPING = {
    "used": "ids of lines already spoken; the line to say is picked by them",
    "said": "fingerprints of the seller's sentences; a repetition is an act of its own",
}


def test_every_state_variable_is_told_or_is_bookkeeping() -> None:
    """A new field of the state has to be put into one of the tables of this test."""
    named = {field.name for field in fields(BuyerState)}
    assert named == {*OTHERWISE, *BOOKKEEPING, "instead"}


@pytest.mark.parametrize("name", OTHERWISE)
def test_every_state_variable_reaches_the_prompt(name: str) -> None:
    """Another value of it makes another prompt."""
    now = Next(Act.SOFTEN, "why")
    base = replace(OPENED, log=("heard it: trust +0.0, value +0.0, patience +0.0",))
    other = replace(base, **{name: OTHERWISE[name]})  # type: ignore[arg-type]
    assert text(prompt(WHERE, base, now)) != text(prompt(WHERE, other, now))


def test_a_need_that_there_is_not_reaches_the_prompt_once_it_was_told() -> None:
    """Before, nothing tells the model that this buyer needs nothing."""
    state = next(s for s in (opened(WHERE, seed) for seed in range(40)) if s.instead)
    key = str(state.instead)
    hidden = replace(state, instead=None)
    now = Next(Act.SOFTEN, "why")
    assert text(prompt(WHERE, state, now)) == text(prompt(WHERE, hidden, now))
    told = replace(state.concerns[key], standing=Standing.SURFACED)
    open_ = replace(state, concerns={**state.concerns, key: told})
    assert "you don't need it" in prompt(WHERE, open_, now).user


@pytest.mark.parametrize("name", ["lead", "follow", "claim", "fact"])
def test_every_part_of_the_plan_reaches_the_prompt(name: str) -> None:
    """What comes before and after the act, whose words it is about, and what may be told."""
    value = {"lead": Act.FEEL_IGNORED, "follow": Act.WARN, "claim": "Ten of ten stay."}
    other = value.get(name, WHERE.facts[0].id)
    plain = Next(Act.SOFTEN, "why")
    told = replace(plain, **{name: other})
    assert text(prompt(WHERE, OPENED, plain)) != text(prompt(WHERE, OPENED, told))


def states(scenario: Scenario) -> Iterator[BuyerState]:
    """As it opens, with the open worries settled, and with all that can be remembered; never with
    a hidden worry told."""
    start = opened(scenario)
    yield start
    settled = {
        key: c if c.standing is Standing.HIDDEN else replace(c, standing=Standing.RESOLVED)
        for key, c in start.concerns.items()
    }
    yield replace(start, trust=80.0, concerns=settled)
    untold = [c for c in scenario.concerns if c.hidden and c.id in start.concerns]
    yield replace(
        start,
        trust=10.0,
        demands=tuple(f"{c.id}/{c.needs[0].id}" for c in untold),
        decisions=tuple(Decision(DecisionKind.REOPENED, c.id, c.card) for c in untold),
        log=tuple(f"{c.id} is settled: {c.card}" for c in untold),
        flags=frozenset({"invented", "warned", "asked-twice"}),
    )


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_nothing_unearned_is_in_any_prompt(scenario: Scenario) -> None:
    """Every act about every concern, hidden ones too, in every kind of state: no words of a hidden
    worry, no name of it and nothing of the rubric reach the model."""
    secrets = secrets_of(scenario)
    for state in states(scenario):
        hidden = {k for k, c in state.concerns.items() if c.standing is Standing.HIDDEN}
        labels = [c.short for c in scenario.concerns if c.id in hidden]
        for act in Act:
            for about in state.concerns:
                if about in hidden and act in SPEAKS_OF:
                    continue  # told by then
                rendered = prompt(scenario, state, planned(scenario, act, about))
                told = text(rendered)
                said = runs(told, FEW)
                assert not said & secrets.rubric
                for key in hidden:
                    assert not said & secrets.hidden[key].runs, (act, key)
                assert not [label for label in labels if label in told], (act, about)


#: What is said of a worry only after it was told.
SPEAKS_OF = (Act.REVEAL,)


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_every_act_renders_for_every_scenario_with_its_line(scenario: Scenario) -> None:
    """The prompt takes what the written voice gives it, in each act."""
    for act in Act:
        moment = Moment(scenario, scenario.personas[0], opened(scenario), planned(scenario, act), 1)
        line = compose(moment).text
        rendered = render(PROMPT, **variables(moment, line))
        assert scenario.personas[0].name in rendered.system
        assert line in rendered.user


def test_each_session_has_a_canary_of_its_own_that_stays() -> None:
    """The same in each turn, another in another session."""

    def of(seed: int, turn: int) -> str:
        state = replace(OPENED, turn=turn)
        return canary_of(Moment(WHERE, WHERE.personas[0], state, Next(Act.PRESS, "why"), seed))

    assert of(1, 1) == of(1, 5)
    assert len({of(seed, 1) for seed in range(50)}) == 50
    assert of(1, 1) in prompt(WHERE, OPENED, Next(Act.PRESS, "why"), 1).system
