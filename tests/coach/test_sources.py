"""A source is named by what the evidence is called, where it was published, or whose it is."""

from __future__ import annotations

import pytest

from coach.claims import Claim, ClaimStatus
from coach.claims.sources import Sources
from coach.moves import MoveKind
from coach.perception import Perception
from coach.turn import weighed
from knowledge.evidence import Evidence, Kind
from tests.made_buyers import after, heard

ITEMS = [
    Evidence(
        id="case-brookholm",
        kind=Kind.CASE_STUDY,
        title="Brookholm Dairy halved its missed orders",
        text="Brookholm Dairy missed 4% of its orders after the change, and 8% before.",
        customer="Brookholm Dairy",
        source="Customer interview, 3 May 2026, published on vendor.example/brookholm",
    ),
    Evidence(
        id="accounts",
        kind=Kind.TRACK_RECORD,
        title="Profitable in each of the last six years",
        text="The accounts show a profit in each of the last six years.",
        source="Corvane annual report 2025, audited",
    ),
]
SOURCES = Sources(ITEMS, "Corvane Communications")


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("It's in our case study on Brookholm Dairy.", "case-brookholm"),
        ("The interview with Brookholm Dairy says so.", "case-brookholm"),
        ("That stands in our annual report of 2025.", "accounts"),
        ("It comes from our published case study.", ""),
        ("Brookholm Dairy is happy with us.", ""),
        ("The annual report is a good read.", ""),
        ("A study of Harvard has it.", ""),
    ],
)
def test_a_sentence_names_a_source_that_exists(sentence: str, named: str) -> None:
    """A vague one names nothing, nor does a customer's name without anything to read."""
    assert SOURCES.named_in(sentence) == named


def test_a_named_source_proves_nothing() -> None:
    """It is weaker than proof: it says where to look."""
    text = "It's in our case study on Brookholm Dairy."
    claim = Claim(text, (0, len(text)), ClaimStatus.NOT_A_CLAIM, source=SOURCES.named_in(text))
    strength = weighed(Perception(()), (claim,)).strength(MoveKind.EVIDENCE)
    state, _ = after(heard(MoveKind.EVIDENCE, strength=strength))
    assert strength > 0
    assert state.concerns["risk"].met == frozenset()
