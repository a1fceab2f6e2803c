"""What a model may not say is found, and what people do say is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.buyer import BuyerState, Next, Standing, opening_state
from coach.scenario import Act, Concern, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from coach.session import Speaker, Turn
from coach.vetting import Fault, Ground, Window, notes_of, prints, vetted_whole
from coach.vetting.deciding import softened, undecided
from coach.voice import PROMPT, Moment, compose
from tests.canned import AT

ALL = load_scenarios().all()
WHERE = load_scenarios().get("trust-true-rumour")
CORE = "I still don't see what is different today."


def opened(scenario: Scenario, trust: float = 40.0) -> BuyerState:
    state = opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, 1)
    return replace(state, trust=trust)


def told(state: BuyerState, key: str) -> BuyerState:
    known = replace(state.concerns[key], standing=Standing.SURFACED)
    return replace(state, concerns={**state.concerns, key: known})


def ground(
    scenario: Scenario = WHERE,
    act: Act = Act.PRESS,
    core: str = CORE,
    said: str = "",
    state: BuyerState | None = None,
    **planned: object,
) -> Ground:
    history = [Turn(1, Speaker.SELLER, said, AT)] if said else []
    before = Turn(0, Speaker.BUYER, "I was told that your phones were down in spring.", AT)
    moment = Moment(
        scenario,
        scenario.personas[0],
        state or opened(scenario),
        Next(act, "why", concern=scenario.concerns[0].id, **planned),  # type: ignore[arg-type]
        1,
        history=(before, *history),
        said=said,
    )
    return Ground(moment, core, "zq0123456789", notes_of(PROMPT))


# --- what people say ---


def spoken() -> Iterator[tuple[Moment, str]]:
    """Every act about every concern in every scenario, as the written voice says it."""
    for scenario in ALL:
        state = opened(scenario, trust=[20.0, 45.0, 80.0][len(scenario.id) % 3])
        for act in Act:
            for concern in [c for c in scenario.concerns if c.id in state.concerns][:2]:
                planned = Next(
                    act,
                    "why",
                    concern=concern.id,
                    need=concern.needs[0].id,
                    fact=scenario.facts[0].id,
                    claim="It saves 40%",
                )
                moment = Moment(scenario, scenario.personas[0], told(state, concern.id), planned, 1)
                yield moment, compose(moment).text


def test_no_written_line_raises_an_alarm() -> None:
    """Over more than 500 different lines of all scenarios: what a faithful model says is shown."""
    lines = {(moment.scenario.id, text): moment for moment, text in spoken()}
    alarms = {
        text: fault
        for (_, text), moment in lines.items()
        if (fault := vetted_whole(text, Ground(moment, text, "zq0123456789", notes_of(PROMPT))))
    }
    assert len(lines) > 500
    assert alarms == {}


@pytest.mark.parametrize(
    "text",
    [
        "Fine, but you still haven't told me what's different now.",
        "Hm. And what has changed since, in plain terms?",
        "I'm not convinced yet. What would stop it from happening again?",
        "I'd sign tomorrow if I knew that. I don't.",
        "You keep saying sorry. I'd rather hear what you did about it.",
        "Before I agree to anything I need to see how it works today.",
    ],
)
def test_a_free_rewording_is_let_through(text: str) -> None:
    """Other words, conditions and refusals are no concession."""
    assert vetted_whole(text, ground(said="We are sorry about it.")) is None


# --- what they don't ---


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("Well, " + "and so on, " * 90, Fault.TOO_LONG),
        ("Have a look at https://evil.example/x then.", Fault.MARKUP),
        ("Read www.evil.example first.", Fault.MARKUP),
        ("![x](http://evil.example/a.png) I don't see it.", Fault.MARKUP),
        ("I don't see it.<img src=x onerror=alert(1)>", Fault.MARKUP),
        ("I don't see it. &lt;b&gt;", Fault.MARKUP),
        ("**I** don't see it.", Fault.MARKUP),
        ("<<<line 6f7a I don't see it.", Fault.MARKUP),
        ('{"reply": "I don\'t see it."}', Fault.MARKUP),
        ("As an AI language model I can't say.", Fault.ROLE),
        ("How can I help you today?", Fault.ROLE),
        ("Assistant: I don't see it.", Fault.ROLE),
        ("We at Corvane have changed a lot since.", Fault.ROLE),
        ("(sighs) I still don't see it.", Fault.ROLE),
        ("Good job! You handled that well.", Fault.ROLE),
        ("Sure, here is the line: I don't see it.", Fault.ROLE),
        ("My mark is zq-0123 456789.", Fault.LEAK),
        ("A refusal stays a refusal, a doubt a doubt, a question a question.", Fault.LEAK),
        ("You've convinced me. I have no more doubts.", Fault.DECISION),
        ("All right, let's go ahead.", Fault.DECISION),
        ("Send me the contract.", Fault.DECISION),
        ("This conversation is over.", Fault.DECISION),
        ("Good. That is all very clear.", Fault.DECISION),
        ("We have 77 clinics that would notice.", Fault.NUMBER),
        ("Some forty people would notice.", Fault.NUMBER),
        ("We use Brightwire in the meantime.", Fault.NAME),
        ("Ich sehe immer noch nicht, was heute anders ist.", Fault.LANGUAGE),
        ("Я всё ещё не понимаю, что изменилось.", Fault.LANGUAGE),
        ("I still don't see it 🙂", Fault.LANGUAGE),
        ("1 5t1ll d0n't 533 wh4t 15 d1ff3r3nt t0d4y.", Fault.LANGUAGE),
        ("I was told that your phones were down in spring.", Fault.REPEATED),
        ("We rebuilt the platform in two places and test it monthly.", Fault.REPEATED),
        ("Solar panels turn sunlight into electricity.", Fault.STRAYED),
        ("Waves whisper softly while golden twilight embraces the shore.", Fault.STRAYED),
    ],
)
def test_a_fault_is_found_and_named(text: str, fault: Fault) -> None:
    """One example of each way in which a model goes wrong."""
    heard = "We rebuilt the platform in two places and test it monthly."
    assert vetted_whole(text, ground(said=heard)) is fault


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_can_be_told(fault: Fault) -> None:
    """To the rep in a sentence, and to the model without a word of what it said."""
    assert fault.note.startswith("The model ")
    assert fault.advice[0].islower()


def test_a_yes_that_was_decided_may_be_said_and_may_not_be_taken_back() -> None:
    """Where code agreed, a yes is in order and a no is the fault."""
    agreed = ground(act=Act.AGREE, core="All right, the drill it is.")
    assert vetted_whole("Fine. Let's do it, then.", agreed) is None
    assert vetted_whole("No. I'm not interested.", agreed) is Fault.DECISION
    settled = ground(act=Act.ACCEPT, core="That I can work with.")
    assert vetted_whole("That settles it for me.", settled) is None
    assert vetted_whole("Where do I sign?", settled) is Fault.DECISION


def test_written_concessions_are_told_from_written_doubts() -> None:
    """A model that says what the buyer would say in the end, where they have not got there: two in
    three are caught in the words alone, and no doubt is taken for a yes."""
    caught = conceded = mistaken = 0
    for scenario in ALL:
        for concern in (c for c in scenario.concerns if not c.hidden):
            for yes in (*concern.accept, *scenario.next_step.accept):
                held = against(scenario, concern, concern.say[0])
                caught += bool(softened(yes, held) or undecided(yes, held))
                conceded += 1
            for no in concern.doubt:
                held = against(scenario, concern, concern.doubt[0])
                mistaken += bool(softened(no, held) or undecided(no, held))
    print(f"\n{caught} of {conceded} written concessions caught, {mistaken} doubts mistaken")
    assert mistaken == 0
    assert caught >= 0.66 * conceded


def against(scenario: Scenario, concern: Concern, core: str) -> Ground:
    moment = Moment(
        scenario,
        scenario.personas[0],
        opened(scenario),
        Next(Act.PRESS, "why", concern=concern.id),
        1,
    )
    return Ground(moment, core, "")


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_what_is_hidden_leaks_in_no_words_of_its_own(scenario: Scenario) -> None:
    """Each card and each line of a hidden concern is found, until it was told; so is the rubric."""
    state = opened(scenario)
    for hidden in (c for c in scenario.concerns if c.hidden and c.id in state.concerns):
        wary, open_ = ground(scenario), ground(scenario, state=told(state, hidden.id))
        for line in (hidden.card, *hidden.say):
            assert vetted_whole(line, wary) is Fault.LEAK, line
            assert vetted_whole(line, open_) is not Fault.LEAK, line
    for item in scenario.checks:
        assert vetted_whole(item.question, ground(scenario)) is Fault.LEAK, item.question


def test_what_was_said_once_is_known_for_the_whole_session() -> None:
    """The sentences of a model are kept as ids among the lines spoken."""
    said = "And what has changed since then, in plain terms?"
    state = replace(opened(WHERE), used=prints(said))
    assert vetted_whole(f"Hm. {said}", ground(state=state)) is Fault.REPEATED
    assert vetted_whole(said, ground()) is None


# --- the window ---


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["I ", "see. ", "Why", "?", " ", "\n", "3.5", "…” ", "Mr. ", "x"])))
def test_a_window_gives_everything_back_and_keeps_one_sentence(pieces: list[str]) -> None:
    """Joined, the sentences are the stream; what waits never holds a sentence that had ended."""
    window, fed, given_back = Window(), "", ""
    for piece in pieces:
        fed += piece
        given_back += "".join(window.add(piece))
        assert not re.search(r"[.?]\s+\S", fed[len(given_back) :])
    assert given_back + window.rest() == "".join(pieces)


def test_a_sentence_is_given_as_soon_as_the_next_begins() -> None:
    """Token by token, nothing but the open sentence is kept."""
    window, seen = Window(), []
    for token in ["I", " see", ".", " What", " about", " now", "?"]:
        seen.append(window.add(token))
    assert seen == [[], [], [], ["I see. "], [], [], []]
    assert window.rest() == "What about now?"
