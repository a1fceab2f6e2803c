"""Whose words are they? What the coach suggested brings facts, and no credit for listening."""

from __future__ import annotations

from coach.buyer import opening_state, react
from coach.moves import MARKS
from coach.moves import MoveKind as M
from coach.perception import Perception
from coach.scenario import Act, Difficulty
from coach.scenario_book import load_scenarios
from tests.sellers import perceiver

WHERE = load_scenarios().get("trust-true-rumour")
BEFORE = "Nine hours in March 2024. For a phone company that's a working day."
HINT = (
    "I understand why those nine hours worry you. What would such a day mean for your people? "
    "To be concrete: “Since September 2024 two sites run at the same time.” "
    "What I'd suggest next: a drill on one site while you watch."
)
LISTENING = {M.ACKNOWLEDGE, M.EXPLORE, M.REFLECT, M.ASK, M.NEXT_STEP}


def heard(text: str) -> Perception:
    return perceiver().hear(WHERE, text, BEFORE, (), (HINT,))


def kinds(of: Perception) -> set[M]:
    return {move.kind for move in of.moves}


def test_the_same_words_earn_nothing_once_the_coach_suggested_them() -> None:
    """Without the hint they would."""
    plain = perceiver().hear(WHERE, HINT, BEFORE, ())
    assert {M.ACKNOWLEDGE, M.EXPLORE} <= kinds(plain)
    assert kinds(heard(HINT)) - MARKS == {M.RECITE}  # the buyer feels no mark


def test_a_word_changed_here_and_there_doesnt_make_them_ones_own() -> None:
    nearly = HINT.replace("while you", "as you").replace("Since September", "From September")
    assert M.RECITE in kinds(heard(nearly))
    assert not LISTENING & kinds(heard(nearly))


def test_a_hint_in_own_words_is_ones_own() -> None:
    """The thought may be the coach's."""
    own = (
        "Those nine hours would bother me as well, I understand that. "
        "How would your wards get through a morning like that?"
    )
    assert {M.ACKNOWLEDGE, M.EXPLORE} <= kinds(heard(own))
    assert M.RECITE not in kinds(heard(own))


def test_a_sentence_of_the_coach_among_many_of_ones_own_is_heard() -> None:
    """Whoever says more than the coach did may borrow a question."""
    mixed = (
        "Yes, that happened, and it was ours. On 12 March a storage update failed, and 212 of our "
        "customers, some of them clinics like yours, stood there without a line until the evening. "
        "What would such a day mean for your people?"
    )
    assert M.EXPLORE in kinds(heard(mixed))
    assert M.RECITE not in kinds(heard(mixed))


def test_what_is_read_out_still_brings_its_facts() -> None:
    """A fact is true whoever found the words for it."""
    brought = set(perceiver().hear(WHERE, HINT, BEFORE, ()).needs)
    assert brought
    assert set(heard(HINT).needs) <= brought
    assert set(heard(HINT).needs)


def test_the_buyer_notices_and_isnt_won_over() -> None:
    """Read-out words cost patience and explore nothing; one's own don't cost it."""
    start = opening_state(WHERE, WHERE.personas[0], Difficulty.NORMAL, 0)
    read, planned = react(start, heard(HINT), WHERE, Difficulty.NORMAL)
    own, _ = react(start, perceiver().hear(WHERE, HINT, BEFORE, ()), WHERE, Difficulty.NORMAL)
    assert planned.lead is Act.NOTICE_RECITED
    assert read.patience < own.patience
    assert read.trust < own.trust
    assert not any(concern.explored for concern in read.concerns.values())
    assert any(concern.explored for concern in own.concerns.values())
