"""Practising in the terminal: typed or piped, to the end or to any point before it."""

from __future__ import annotations

import pytest

from coach.errors import Unavailable
from tests.api.conftest import Run
from tests.fakes_service import FakeService


def test_a_session_is_practised_over_a_pipe(run: Run) -> None:
    """Buyer, tip, hint, the end and the debrief; what was typed is echoed."""
    typed = "\nWe know your field.\n/help\n/hint\n/end\n"
    code, out, err = run("practise", "trust-unknown", "--persona", "tobias", typed=typed)
    assert (code, err) == (0, "")
    for words in (
        "You meet Tobias, COO at Fjellheim.",
        "come from: embedded",
        "Tobias: Who are you?",
        "You: We know your field.",
        "Tobias: Who else uses you?",
        "Tip: Ask one more question.",
        "Hint 1: What worries them?",
        "Debrief: ended, not scored",
        "The hidden card",
    ):
        assert words in out


def test_a_won_session_ends_with_its_debrief(run: Run) -> None:
    """Without asking for it."""
    _, out, _ = run("practise", "trust-unknown", typed="How about a pilot?\nnever read\n")
    assert "Debrief: won" in out
    assert "never read" not in out


def test_a_scenario_is_picked_by_number(run: Run) -> None:
    """A wrong answer is asked again."""
    code, out, _ = run("practise", typed="9\n1\n/quit\n")
    assert code == 0
    assert "A number from 1 to 1, please" in out
    assert "Left. The session is kept: coach transcript s1" in out


@pytest.mark.parametrize("typed", ["", "1\n", "1\nHello\n", "/quit\n"])
def test_the_end_of_the_input_ends_politely(run: Run, typed: str) -> None:
    """Ctrl-D at any point is no error."""
    code, _, err = run("practise", typed=typed)
    assert (code, err) == (0, "")


def test_a_turn_that_fails_leaves_the_session_open(run: Run, service: FakeService) -> None:
    """The rep is told and goes on."""
    service.breaks = Unavailable("try again")
    code, out, err = run("practise", "trust-unknown", typed="Hello\n/hint\n/quit\n")
    assert code == 0
    assert err == "coach: try again\n"
    assert "Hint 1" in out


def test_withdrawn_words_are_explained(run: Run, service: FakeService) -> None:
    """The reply starts anew after the note."""
    service.note = "The model failed."
    _, out, _ = run("practise", "trust-unknown", typed="Hello\n")
    assert "(The model failed.)\nIngrid: Who else uses you?" in out


def test_nothing_steers_the_terminal(run: Run, service: FakeService) -> None:
    """Control characters of a reply are dropped."""
    service.reply = "\x1b]0;title\x07\x1b[2JHello\x9b31m"
    _, out, _ = run("practise", "trust-unknown", typed="Hello\n")
    assert "\x1b" not in out
    assert "\x9b" not in out
