"""Numbers and names of a text must stand in what it cites."""

from __future__ import annotations

import pytest

from coach.suggestion.grounding import uncovered

QUOTE = "Rottach Spedition switched nine depots in 11 weeks without a lost number."


@pytest.mark.parametrize(
    "text",
    [
        f"Others said: “{QUOTE}” What would you need?",
        "It took them 11 weeks at Rottach Spedition.",
        "What worries you most about it?",
        "I would ask the same thing.",
    ],
)
def test_covered_words_pass(text: str) -> None:
    """What stands in the quote, or is nobody's fact, is grounded."""
    assert uncovered(text, [QUOTE]) == set()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It took them 12 weeks.", "12"),
        ("Hollin & Marsh did it too.", "Marsh"),
        ("They saved 40% with it.", "40"),
        ("We have done this for twenty customers.", "twenty"),
        ("Ask your friends at Meridant.", "Meridant"),
    ],
)
def test_a_number_or_name_without_a_source_is_found(text: str, missing: str) -> None:
    """An invented figure, customer or competitor is named."""
    assert missing in uncovered(text, [QUOTE])


def test_the_customers_own_words_need_no_source() -> None:
    """A competitor that the customer named may be named back."""
    assert uncovered("You have been with Meridant.", [], "We use Meridant today") == set()


def test_thousands_separators_do_not_matter() -> None:
    """212,000 and 212000 are the same figure."""
    assert uncovered("They saved 212000 a year.", ["A shop saved 212,000 GBP a year."]) == set()
