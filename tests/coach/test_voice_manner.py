"""A person's manner: what is picked up, spelled out, put before and after, and never said twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from coach.buyer import BuyerState, Next, opening_state
from coach.buyer.rules import FELT
from coach.moves import MoveKind
from coach.perception import Aside, Beside
from coach.scenario import Act, Difficulty, Persona, Scenario, Temperament
from coach.scenario_book import load_scenarios, shared_lines
from coach.vetting import Ground, vetted
from coach.voice import Moment, compose
from coach.voice.framing import BARE
from coach.voice.manner import manners
from coach.voice.register import clipped, spelled_out
from coach.voice.uptake import checks, phrase_of, yours_of
from knowledge.chunking import sentences

ALL = load_scenarios().all()
WHERE = load_scenarios().get("interest")
CONCERN = WHERE.concerns[0]
PRESS = Next(Act.PRESS, "why", concern=CONCERN.id)
ASK = Next(Act.ASK_FOR, "why", concern=CONCERN.id, need=CONCERN.needs[0].id)


CALM = opening_state(WHERE, WHERE.personas[0], Difficulty.NORMAL, 1)


def person(temperament: Temperament) -> Persona:
    return WHERE.personas[0].model_copy(update={"temperament": temperament})


def said(
    planned: Next,
    words: str = "",
    temperament: Temperament = Temperament.WARM,
    seed: int = 1,
    **state: object,
) -> str:
    who = person(temperament)
    now = opening_state(WHERE, who, Difficulty.NORMAL, seed)
    return compose(Moment(WHERE, who, replace(now, **state), planned, seed, said=words)).text


def over_seeds(planned: Next, words: str = "", **more: object) -> list[str]:
    return [said(planned, words, seed=seed, **more) for seed in range(40)]  # type: ignore[arg-type]


# --- what may be picked up ---


@pytest.mark.parametrize(
    ("message", "phrase"),
    [
        ("We'd run a parallel operation for four weeks.", "a parallel operation"),
        ("The morning queue, as it is.", "the morning queue"),
        ("Our named contact in Ghent would ring you.", "our named contact"),
        ("The callers ring back.", ""),  # a verb follows, and nothing tells it from a noun
        ("The queue fills up.", ""),
        ("I understand that the way is long.", ""),
        ("It costs the 40 euros.", ""),
        ("The <b>offer</b> and the `quote`.", ""),
        ("", ""),
    ],
)
def test_a_phrase_stands_in_the_message_word_for_word(message: str, phrase: str) -> None:
    """Only what can be quoted is picked up, and nothing with markup or figures."""
    assert phrase_of(message) == phrase
    assert phrase.casefold() in message.casefold()


@pytest.mark.parametrize(
    ("message", "thing"),
    [
        ("How do your Mondays go?", ""),
        ("What happens on your Mondays?", "Mondays"),
        ("Your Mondays are hard.", ""),  # no question
        ("What is on your mind?", ""),  # nothing of theirs that one can talk about
    ],
)
def test_what_was_asked_about_is_named_from_the_buyers_side(message: str, thing: str) -> None:
    """The seller's "your Mondays" can be taken up as "our Mondays", from a question only."""
    assert yours_of(message) == thing


@pytest.mark.parametrize(
    ("message", "wants"),
    [
        ("We do that. Does that help?", True),
        ("Would that be enough for you?", True),
        ("Does that help? I think it does.", False),
        ("How would that help?", False),
        ("Shall we meet on Tuesday?", False),
    ],
)
def test_a_question_for_yes_or_no_is_noticed_at_the_end(message: str, wants: bool) -> None:
    """Only where the message ends by asking whether that will do."""
    assert checks(message) is wants


# --- register ---


@pytest.mark.parametrize(
    ("line", "formal"),
    [
        ("I don't see it.", "I do not see it."),
        ("It won't and it can't.", "It will not and it cannot."),
        ("That's right, isn't it?", "That is right, isn't it?"),
        ("Why don't you say so?", "Why don't you say so?"),
        ("Don't push.", "Don't push."),
        ("We've a contract, and I'm bound.", "We have a contract, and I am bound."),
        ("He'd said “I don't know”.", "He'd said “I don't know”."),
    ],
)
def test_a_formal_person_spells_out(line: str, formal: str) -> None:
    """Where the sentence stays in order, and never in what somebody else said."""
    assert spelled_out(line) == formal


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("I like it, but I can wait, if you don't mind.", "I like it. But I can wait."),
        ("It isn't, I'm afraid.", "It isn't."),
        ("If it rains, but it won't, we stay.", "If it rains, but it won't, we stay."),
        ("Is it new, but it works?", "Is it new, but it works?"),
    ],
)
def test_a_direct_person_leaves_softeners_out(line: str, short: str) -> None:
    """And stops before "but", except after a condition or in a question."""
    assert clipped(line) == short


def test_no_written_line_loses_its_order() -> None:
    """Over every line that ships: nothing is doubled, left open or in lower case."""
    for scenario in ALL:
        for line in scenario.spoken.split("\n"):
            for changed in (spelled_out(line), clipped(line)):
                assert " not not " not in changed
                assert ". but" not in changed
                assert changed.count("“") == changed.count("”") == line.count("“")


# --- what is put round the act ---


def test_each_temperament_begins_in_its_own_way() -> None:
    """No two have an opener, a bridge or a question in common."""
    groups = [
        {line for said in m.openers.values() for line in said} | {*m.bridge, *m.asks_back}
        for m in manners().of.values()
    ]
    for i, one in enumerate(groups):
        assert not one & set[str]().union(*groups[i + 1 :])


def test_no_set_phrase_stands_in_a_written_line_too() -> None:
    """Or the same sentence would be said twice in a session under two names."""
    phrases = {part for line in set_phrases() for part in parts(line)}
    written = {part for s in ALL for line in s.spoken.split("\n") for part in parts(line)}
    for kind in ("tactical", "strategic"):
        for said in shared_lines(kind).values():
            for line in (*said.any, *said.warm, *said.neutral, *said.cold):
                written.update(parts(line))
    sayings = {line for s in ALL for p in s.personas for line in p.sayings}
    long = {p for p in phrases if len(p.split()) >= 4}
    assert long & (written - sayings) == set()
    assert not phrases & sayings


def test_a_manner_concedes_nothing() -> None:
    """What a model may not say unasked, no set phrase and no saying says either."""
    sayings = (line for s in ALL for p in s.personas for line in p.sayings)
    now = Moment(WHERE, WHERE.personas[0], CALM, PRESS, 1)
    for line in (*set_phrases(), *sayings):
        assert vetted(line, "", Ground(now, line, "")) is None, line


def set_phrases() -> Iterator[str]:
    for m in manners().of.values():
        for group in (m.openers, m.picks_up, m.felt):
            for said in group.values():
                yield from said
        for said in (m.bridge, m.asks_back, m.confides, m.will_do, m.wont_do):
            yield from said


def parts(line: str) -> list[str]:
    return [line[start:end] for start, end in sentences(line)]


def test_a_brisk_person_is_shorter_than_an_analytical_one() -> None:
    """Of the same written lines they choose others."""

    def words(texts: Iterable[str]) -> int:
        return sum(len(text.split()) for text in texts)

    brisk = over_seeds(PRESS, temperament=Temperament.BRISK)
    assert words(brisk) < 0.85 * words(over_seeds(PRESS, temperament=Temperament.ANALYTICAL))


def test_a_demand_is_said_word_for_word() -> None:
    """Perception knows a demand by its words, whatever the manner of who makes it."""
    demands = [line for line in CONCERN.needs[0].ask if "{" not in line]
    for temperament in Temperament:
        for text in over_seeds(ASK, temperament=temperament):
            assert any(demand in text for demand in demands)


def test_the_sellers_words_are_picked_up_in_quotation_marks() -> None:
    """Sometimes, and word for word."""
    words = "We would rebuild it in a test account, and you listen."
    assert any("“a test account”" in text for text in over_seeds(ASK, words))


def test_a_monologue_is_cut_where_it_lost_its_listener() -> None:
    """The words at which the buyer got lost are named."""
    long = "There is the marketplace, and after that comes the training portal, and so on. "
    texts = over_seeds(Next(Act.INTERRUPT, "too long", CONCERN.id), long)
    assert any("“the training portal”" in text for text in texts)


def test_who_was_kind_is_not_held_to_a_word() -> None:
    """After the seller took the worry up, nothing of theirs is thrown back."""
    words = "We would rebuild it in a test account, and you listen."
    log = (f"{FELT[MoveKind.ACKNOWLEDGE]}: trust +5.0",)
    assert not any("“a test account”" in text for text in over_seeds(ASK, words, log=log))


def test_who_waits_for_a_proposal_does_not_ask_for_an_answer() -> None:
    """Where nothing is open, the seller who goes on missed no question."""
    ignored = {line for m in load_lines(Act.FEEL_IGNORED) for line in m}
    texts = over_seeds(Next(Act.INVITE, "why", lead=Act.FEEL_IGNORED, follow=Act.WARN))
    assert not any(line in text for text in texts for line in ignored)
    assert any(text.endswith(manners().soon) for text in texts)


def load_lines(act: Act) -> list[tuple[str, ...]]:
    found = shared_lines(WHERE.kind)[act]
    return [found.any, found.warm, found.neutral, found.cold]


def test_the_same_words_are_not_picked_up_twice() -> None:
    """What was quoted once in a session isn't quoted again."""
    who, words = person(Temperament.ANALYTICAL), "We would rebuild it in a test account, and wait."
    state = opening_state(WHERE, who, Difficulty.NORMAL, 3)
    quoted = 0
    for turn in range(8):
        state = replace(state, turn=turn)
        spoken = compose(Moment(WHERE, who, state, ASK, 3, said=words))
        assert not spoken.lines & state.used
        state = replace(state, used=state.used | spoken.lines)
        quoted += "“a test account”" in spoken.text
    assert quoted <= 1


def test_who_asks_for_the_role_beside_something_else_is_told() -> None:
    """A question about the person is answered by the person, before anything else."""
    for number in range(5):
        who = WHERE.personas[0]
        state = opening_state(WHERE, who, Difficulty.NORMAL, number)
        asked = Beside(Aside.ROLE, alone=False)
        spoken = compose(Moment(WHERE, who, state, PRESS, number, beside=asked))
        assert who.role in spoken.text


def test_a_check_that_fails_gets_a_no() -> None:
    """Asked whether that will do, a buyer who still misses something says so first."""
    wont = manners().of[Temperament.BLUNT].wont_do
    texts = over_seeds(ASK, "Does that help?", temperament=Temperament.BLUNT)
    assert any(text.startswith(tuple(wont)) for text in texts)


def test_frankness_gets_a_word() -> None:
    """What code felt, the buyer may remark on."""
    thanks = manners().of[Temperament.WARM].felt[MoveKind.ADMIT]
    texts = over_seeds(ASK, log=(f"{FELT[MoveKind.ADMIT]}: trust +4.0",))
    assert any(text.startswith(tuple(thanks)) for text in texts)
    assert not any(text.startswith(tuple(thanks)) for text in over_seeds(ASK))


def test_who_was_hurt_falls_silent() -> None:
    """Ignored again by then, a cold buyer says it in a few words or pauses first."""
    again = Next(Act.PRESS, "why", concern=CONCERN.id, lead=Act.FEEL_IGNORED)

    def after(**state: object) -> list[str]:
        return over_seeds(again, temperament=Temperament.GUARDED, **state)

    state = opening_state(WHERE, person(Temperament.GUARDED), Difficulty.NORMAL, 1)
    pressed = {**state.concerns, CONCERN.id: replace(state.concerns[CONCERN.id], pressed=3)}
    hurt, calm = after(trust=12.0, concerns=pressed), after(trust=45.0, concerns=pressed)
    assert any(text.startswith("…") for text in hurt)
    assert not any(text.startswith("…") for text in calm)
    assert sum(map(len, hurt)) < 0.9 * sum(map(len, calm))


def test_an_ending_is_said_bare() -> None:
    """No opener where the talk opens or ends, or where somebody confides."""
    who = person(Temperament.WARM)
    for act in BARE:
        for seed in range(40):
            state = opening_state(WHERE, who, Difficulty.NORMAL, seed)
            planned = Next(act, "why", concern=CONCERN.id)
            spoken = compose(Moment(WHERE, who, state, planned, seed, said="Does that help?"))
            assert not [line for line in spoken.lines if line.startswith("manner.open")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_every_persona_has_something_they_are_given_to_saying(scenario: Scenario) -> None:
    """At least three people, three temperaments, and each with sayings nobody else has."""
    assert len({p.temperament for p in scenario.personas}) >= 3
    for one in scenario.personas:
        assert len(one.sayings) >= 2
        others = [p.sayings for s in ALL for p in s.personas if p.id != one.id]
        assert not set(one.sayings) & {line for said in others for line in said}


@pytest.mark.parametrize("scenario", [s for s in ALL if s.guests], ids=lambda s: s.id)
def test_a_guest_brings_their_own_manner(scenario: Scenario) -> None:
    """Where personas of other scenarios may be met, they have words and leave no slot open."""
    for other in ALL:
        for guest in other.personas if other.kind == scenario.kind else ():
            state = opening_state(scenario, guest, Difficulty.NORMAL, 1)
            planned = Next(Act.PRESS, "why", concern=state.focus)
            assert "{" not in compose(Moment(scenario, guest, state, planned, 1)).text


def test_a_saying_is_heard_after_something_was_told() -> None:
    """It follows what was asked for, and stands alone nowhere."""
    told = Next(Act.EXPLAIN, "why", concern=CONCERN.id)
    texts = over_seeds(told)
    sayings = WHERE.personas[0].sayings
    assert any(text.endswith(sayings) for text in texts)
    assert not any(text.startswith(sayings) for text in texts)


def test_the_same_seed_says_the_same() -> None:
    """Whatever was picked up and put before."""
    words = "We would rebuild it in a test account. Does that help?"
    assert over_seeds(ASK, words) == over_seeds(ASK, words)


def test_nothing_is_told_of_a_concern_that_was_not_earned() -> None:
    """Whatever the manner, the words of a hidden concern stay with the act that tells it."""
    hidden = next(c for c in WHERE.concerns if c.hidden)
    secret = {*hidden.say, *hidden.explain, *hidden.doubt}
    state: BuyerState = opening_state(WHERE, person(Temperament.WARM), Difficulty.NORMAL, 1)
    assert hidden.id != state.focus
    for act in Act:
        planned = replace(PRESS, act=act, need=CONCERN.needs[0].id, fact=WHERE.facts[0].id)
        for text in over_seeds(planned, "What else should I know?"):
            assert not any(line in text for line in secret)
