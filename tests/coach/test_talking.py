"""Talk beside the matter, and questions: each gets the answer that a person would give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.buyer import Next, opening_state, react
from coach.buyer.state import BuyerState
from coach.perception import Aside
from coach.perception.asides import aside_of
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from coach.voice import Moment, compose
from coach.voice.asides import asides
from tests.sellers import perceiver

INTEREST = load_scenarios().get("interest")
INCUMBENT = load_scenarios().get("incumbent-competitor")
PLAN = load_scenarios().get("distribution")
ASKS = "Is there anybody like us whom I could ring?"


def after(
    text: str, where: Scenario = INTEREST, turn: int = 3, state: BuyerState | None = None
) -> tuple[Next, BuyerState, str]:
    """What the buyer does after ``text``, how they feel, and what they say."""
    who = where.personas[0]
    before = state or opening_state(where, who, Difficulty.NORMAL, 1)
    before = BuyerState.from_record({**before.as_record(), "turn": turn})
    heard = perceiver().hear(where, text, ASKS, before.said)
    felt, planned = react(before, heard, where, Difficulty.NORMAL)
    moment = Moment(
        where, who, felt, planned, 1, heard.echo, said=text, asked=heard.asked, beside=heard.beside
    )
    return planned, felt, compose(moment).text


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("Who am I speaking to?", Aside.ROLE),
        ("What's your name, please?", Aside.NAME),
        ("Can you hear me?", Aside.HEARS_ME),
        ("What do you mean by that?", Aside.CLARIFY),
        ("Why?", Aside.CLARIFY),
        ("Sorry, could you repeat that?", Aside.AGAIN),
        ("Let me think about that for a moment.", Aside.THINKS),
        ("Can we speak again on Thursday?", Aside.LATER),
        ("I have to go now.", Aside.GOODBYE),
        ("Thank you for that.", Aside.THANKS),
        ("I don't know, I'll find out.", Aside.FINDS_OUT),
        ("I have no idea.", Aside.KNOWS_NOT),
        ("Yes, of course.", Aside.YES),
        ("Not really.", Aside.NO),
        ("Mm-hm.", Aside.NODS),
        ("...", Aside.SILENT),
        ("Is there anybody like us whom I could ring", Aside.PARROTS),
        ("I'm Anna from Corvane.", Aside.INTRODUCES),
        ("Would you mind if I asked a few questions?", Aside.MAY_I),
        ("Where shall we start?", Aside.BEGINS),
        ("Go on.", Aside.MORE),
        ("I'm happy with that plan.", None),
        ("I don't understand your worry about the price.", None),
        ("Who are you looking at besides us?", None),
        ("We'll send you the report by Friday.", None),
    ],
)
def test_talk_beside_the_matter_is_told_from_talk_to_it(text: str, aside: Aside | None) -> None:
    """Only what says nothing to the matter is taken for an aside."""
    assert aside_of(text, text.endswith("?"), ASKS) is aside


@pytest.mark.parametrize("kind", sorted(asides().says))
def test_every_aside_has_enough_to_say(kind: Aside) -> None:
    """Each kind has an answer for anybody, and no answer stands twice."""
    said = asides().says[kind]
    lines = [*said.any, *(line for own in said.of.values() for line in own)]
    assert len(said.any) >= 2
    assert len(set(lines)) == len(lines)


def test_who_asks_for_a_name_is_told_it_and_has_explored_nothing() -> None:
    """The answer names the person, and no credit for an open question is given."""
    planned, felt, said = after("Who am I speaking to?")
    assert planned.act is Act.ASIDE
    assert INTEREST.personas[0].name in said
    assert all(concern.explored == 0 for concern in felt.concerns.values())


def test_asking_for_a_moment_costs_nothing_once() -> None:
    """The first "let me think" is granted; the second is an evasion."""
    start = opening_state(INTEREST, INTEREST.personas[0], Difficulty.NORMAL, 1)
    _, once, _ = after("Let me think.", state=start)
    _, twice, _ = after("Give me a second, please.", state=once)
    assert once.trust == pytest.approx(start.trust, abs=0.01)
    assert twice.trust < once.trust - 1


def test_a_promise_without_a_day_is_asked_for_the_day() -> None:
    """ "I'll find out" is fine, and the buyer wants to know by when."""
    planned, _, said = after("I don't know, I'll find out.")
    assert planned.about == Aside.FINDS_OUT
    assert "?" in said or "day" in said or "date" in said


def test_what_was_meant_is_said_in_other_words() -> None:
    """The seller who didn't understand gets an explanation, never "that wasn't my question"."""
    planned, _, _ = after("What do you mean by that?")
    assert (planned.act, planned.lead) == (Act.EXPLAIN, Act.ASIDE)


@pytest.mark.parametrize(
    ("where", "text", "fact"),
    [
        (INTEREST, "What made you ask for a demonstration now?", "why-now"),
        (INTEREST, "Who has to sign this off on your side?", "who-decides"),
        (INCUMBENT, "How long have you worked with Meridant?", "how-long"),
        (INCUMBENT, "What could they do better?", "satisfaction"),
        (PLAN, "Which towns would you start in?", "which-towns"),
    ],
)
def test_the_very_question_is_answered(where: Scenario, text: str, fact: str) -> None:
    """A fact is told to who asks for it, also as the first open question."""
    planned, _, _ = after(text, where)
    assert (planned.act, planned.fact) == (Act.TELL_FACT, fact)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (INTEREST, "Who told you about our session?"),
        (INTEREST, "When did you start working there?"),
        (INCUMBENT, "Where did you grow up?"),
        (INCUMBENT, "Do you have children?"),
        (PLAN, "How many inhabitants does Lublin have?"),
    ],
)
def test_a_question_without_an_answer_gets_no_other_answer(where: Scenario, text: str) -> None:
    """ "Who" isn't answered with a date, nor a private question with a worry."""
    planned, _, said = after(text, where)
    assert planned.act is Act.CANNOT_SAY
    told = [line for fact in where.facts for line in fact.say]
    assert not any(line in said for line in told)


def test_of_all_there_is_to_tell_the_nearest_is_told() -> None:
    """Asked about the morning, the buyer tells about the morning, whoever they are."""
    near = {}
    for who in INTEREST.personas:
        state = opening_state(INTEREST, who, Difficulty.NORMAL, 5)
        heard = perceiver().hear(INTEREST, "What happens when the line is full?", ASKS, ())
        planned = Next(Act.EXPLAIN, "asked about it", concern=state.focus)
        moment = Moment(INTEREST, who, state, planned, 5, asked=heard.asked)
        taken = next(key for key in compose(moment).lines if ".explain." in key)
        assert heard.asked is not None
        mine = {k: v for k, v in heard.asked.near.items() if k.startswith(f"{state.focus}.")}
        near[who.id] = max(mine.values()) - mine[taken]
    assert max(near.values()) < 0.1


def test_who_is_ready_and_hears_no_proposal_says_what_it_could_be() -> None:
    """The second time the buyer names the step, and never asks in the same way again."""
    who = INTEREST.personas[0]
    state = opening_state(INTEREST, who, Difficulty.NORMAL, 1)
    said = [
        compose(Moment(INTEREST, who, state, Next(Act.INVITE, "ready", about=about), 1)).text
        for about in (None, "again", "still")
    ]
    assert "demonstration" in said[1].casefold()
    assert len(set(said)) == len(said)


def test_what_was_told_before_is_come_back_to() -> None:
    """The words that met one need are recalled when the next is asked for, once."""
    who = INTEREST.personas[0]
    state = opening_state(INTEREST, who, Difficulty.NORMAL, 1)
    concern = INTEREST.concerns[0]
    told = replace(state.concerns[concern.id], words={"x": "We'd begin with a call-back list."})
    state = replace(state, concerns={**state.concerns, concern.id: told})
    asked = Next(Act.ASK_FOR, "x", concern.id, concern.needs[0].id)
    said = [
        compose(Moment(INTEREST, who, replace(state, turn=turn), asked, 1, said="And so on.")).text
        for turn in range(12)
    ]
    assert any("“a call-back list”" in text for text in said)
    once = replace(state, used=frozenset({"recalled.a call-back list"}))
    again = [compose(Moment(INTEREST, who, once, asked, seed)).text for seed in range(12)]
    assert not any("call-back list" in text for text in again)
