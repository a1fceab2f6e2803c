"""What a sentence can be held to: a promise, a word kept or gone back on, a claim taken back."""

from __future__ import annotations

import pytest

from coach.perception import Remark, remark


def flags(text: str) -> set[str]:
    made: Remark = remark(text, text.endswith("?"))
    names = ("affirms", "promises", "goes_back", "takes_back")
    return {name for name in names if getattr(made, name)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Yes, you'll have it on Friday.", {"affirms"}),
        ("Of course.", {"affirms"}),
        ("You can rely on that.", {"affirms"}),
        ("What I promised still stands.", {"affirms"}),
        ("I'll send you the page so that you can ring them.", {"promises"}),
        ("Our data protection officer will write to you.", {"promises"}),
        ("I'd better take that back.", {"takes_back"}),
        ("I was wrong about the forty per cent.", {"takes_back"}),
        ("I'll leave that one out until we've measured it.", {"takes_back"}),
        ("I never promised you a report.", {"goes_back"}),
        ("We can't send it after all.", {"goes_back"}),
        ("I'm not going to do that.", {"goes_back"}),
        ("Our app has a dark mode.", set()),
        ("What would you need from us?", set()),
        ("We take care of the numbers.", set()),
    ],
)
def test_a_remark_is_read(text: str, found: set[str]) -> None:
    assert flags(text) == found


def test_a_question_promises_nothing() -> None:
    assert not remark("Shall I send you the report?", question=True).promises


def test_a_condition_is_told_from_a_statement() -> None:
    assert remark("If we didn't run both systems, you'd worry.").conditional
    assert not remark("We don't run both systems.").conditional
