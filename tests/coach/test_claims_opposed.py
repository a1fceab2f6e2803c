"""How the ledger tells that evidence says the opposite, over evidence made for the purpose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coach.claims import ClaimChecker, ClaimStatus
from coach.claims.naming import Names
from coach.claims.opposites import stances
from coach.claims.statement import read
from knowledge.evidence import Evidence
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.coach.test_claims import FewItems, item, only

NOW = datetime(2026, 11, 23, tzinfo=UTC)
S = ClaimStatus


def status(embedder: MiniLMEmbedder, said: str, *items: Evidence) -> ClaimStatus:
    return only(ClaimChecker(FewItems(*items), embedder, lambda: NOW, "Acme").check(said)).status


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("Acme kept its workshop in Graz.", "Acme closed its workshop in Graz and left the town."),
        ("Our delivery team shrank last spring.", "The delivery team of Acme grew last spring."),
        ("Our pumps are billed separately.", "The pumps of Acme are included free of charge."),
        ("Acme moves all the depots on a single day.", "Acme moves depots one depot at a time."),
        ("Our staff start the pump by hand.", "The pump of Acme starts automatically."),
        ("Our drivers are freelancers.", "The drivers of Acme are all employees of Acme."),
    ],
)
def test_opposite_ends_of_one_thing_contradict(
    embedder: MiniLMEmbedder, said: str, fact: str
) -> None:
    """The words are the same but for those that turn them round."""
    assert status(embedder, said, item("fact", fact)) is S.CONTRADICTED


def test_a_no_of_its_own_denies_nothing_else() -> None:
    """ "No charge" is one end of a thing, no denial of what stands beside it."""
    names = Names([], "Acme")
    said = read("There is no charge for the filter.", names)
    assert (said.negative, said.stances["free"]) == (False, 1)


def test_words_for_both_ends_stand_at_neither() -> None:
    """Who left one and stayed with another opposes nobody."""
    assert stances("They left the old yard and stayed with the bank.")["stay"] == 0


def test_each_part_of_a_sentence_denies_for_itself(embedder: MiniLMEmbedder) -> None:
    """Two denials in one sentence of the evidence don't make it affirm what it denies."""
    fact = item("screens", "The screens of Acme are not in Welsh, and Acme does not teach Welsh.")
    assert status(embedder, "Our screens are in Welsh.", fact) is S.CONTRADICTED


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        (
            "The inspector found no cracks in our tanks.",
            "The inspector named four cracks in Acme tanks.",
        ),
        (
            "The letter brought Acme three trials.",
            "The letter brought Acme 9 answers and no trial.",
        ),
    ],
)
def test_none_is_a_figure(embedder: MiniLMEmbedder, said: str, fact: str) -> None:
    """None of what the evidence counts, or some of what it has none of."""
    assert status(embedder, said, item("fact", fact)) is S.CONTRADICTED


def test_a_small_figure_does_not_hide_a_denial(embedder: MiniLMEmbedder) -> None:
    """That both speak of two tanks proves nothing when one says can and the other can't."""
    fact = item("tanks", "Each of the two Acme tanks can feed all pumps alone.")
    assert status(embedder, "Our two tanks can't feed all pumps alone.", fact) is S.CONTRADICTED
    assert status(embedder, "Our two tanks can each feed all pumps alone.", fact) is S.SUPPORTED


def test_the_same_elsewhere_is_contradicted(embedder: MiniLMEmbedder) -> None:
    """All agrees but the place; what no evidence places stays unsupported."""
    fact = item("stock", "Acme keeps its spare pumps in Linz and Wels.")
    assert status(embedder, "We keep our spare pumps in Norway.", fact) is S.CONTRADICTED
    assert status(embedder, "We open a school in Norway.", fact) is S.UNSUPPORTED


def test_before_is_not_after(embedder: MiniLMEmbedder) -> None:
    """The order of two events is a part of what is said."""
    fact = item("audit", "Acme was audited ten months after the flood.")
    assert status(embedder, "Acme was audited before the flood.", fact) is S.CONTRADICTED
    assert status(embedder, "Acme was audited after the flood.", fact) is S.SUPPORTED


def test_an_end_that_the_evidence_does_not_name_is_not_backed(embedder: MiniLMEmbedder) -> None:
    """That firms spend on pumps doesn't say that they spend less."""
    fact = item("market", "In 2025 firms in Styria spent 90 million EUR on pumps for cellars.")
    said = "The spending of firms in Styria on pumps for cellars fell in 2025."
    assert status(embedder, said, fact) is not S.SUPPORTED


def test_another_year_with_another_figure_is_another_matter(embedder: MiniLMEmbedder) -> None:
    """What held in 2024 refutes nothing about 2026; in the same year it does."""
    fact = item("strength", "The pumps of Acme ran for 97.2% of the hours of 2024.")
    assert status(embedder, "Our pumps ran for 98.8% of 2026.", fact) is S.UNSUPPORTED
    assert status(embedder, "Our pumps ran for 98.8% of 2024.", fact) is S.CONTRADICTED


def test_never_is_too_much_where_it_can_happen(embedder: MiniLMEmbedder) -> None:
    """What the evidence says may happen is denied altogether: that goes too far."""
    fact = item("frost", "An Acme pump can stop in hard frost.")
    assert status(embedder, "An Acme pump never stops in hard frost.", fact) is S.OVERSTATED
    assert status(embedder, "An Acme pump can stop in hard frost.", fact) is S.SUPPORTED


def test_the_story_of_one_customer_refutes_nothing_about_all(embedder: MiniLMEmbedder) -> None:
    """Brunn stopped a pump; that isn't what holds for others."""
    story = item(
        "story", "Brunn Dairy switched off the night alarm of its pumps.", customer="Brunn Dairy"
    )
    assert (
        status(embedder, "The night alarm of our pumps is switched on.", story)
        is not S.CONTRADICTED
    )
    assert status(embedder, "Brunn switched on the night alarm.", story) is S.CONTRADICTED
